"""The two licensed databases: small tables in memory, each searched by one or two words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Database:
    """A table that members may search. ``rows`` are as wide as ``columns``."""

    slug: str  # of the address, which is also the name in the reports
    title: str
    summary: str
    hint: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def search(self, query: str) -> list[tuple[str, ...]]:
        """The rows that hold every word of the query; none for an empty one."""
        words = query.casefold().split()[:_MOST_WORDS]
        return [row for row in self.rows if words and _holds(row, words)]


def _holds(row: Sequence[str], words: Sequence[str]) -> bool:
    text = " ".join(row).casefold()
    return all(word in text for word in words)


PERIODICALS = Database(
    "periodicals-index",
    "Periodicals Index",
    "Articles from the quarterlies and weeklies on our shelves, by subject, title and year.",
    "Try “tides”, “lamp” or “1931”.",
    ("Year", "Periodical", "Article", "Pages"),
    (
        ("1888", "The Lantern Quarterly", "On the trimming of lamps in public rooms", "12–19"),
        ("1894", "The Lantern Quarterly", "A table of tides for readers inland", "201–208"),
        ("1902", "Proceedings of the Pond Society", "Barley straw, and what it does to green water", "33–41"),
        ("1907", "The Weekly Errand", "Whether a city should have more than one clock", "4"),
        ("1911", "Proceedings of the Pond Society", "The management of ornamental water, reviewed", "88–90"),
        ("1919", "Letters & Returns", "Books sent home from hospital trains", "1–22"),
        ("1926", "The Weekly Errand", "Catalogue drawers: oak against tin", "7"),
        ("1931", "Letters & Returns", "A census of notes found in returned books", "140–163"),
        ("1931", "The Weekly Errand", "The lift at the library sighs: a correspondence", "2–3"),
        ("1938", "The Lantern Quarterly", "Reading aloud in a room lined with felt", "55–60"),
        ("1947", "Letters & Returns", "How a bombed branch lent from a tram", "9–31"),
        ("1952", "Proceedings of the Pond Society", "Pigeons on the roofs of periodical rooms", "17–18"),
        ("1958", "The Lantern Quarterly", "In defence of the narrow desk", "77–84"),
        ("1963", "The Weekly Errand", "The last gas lamp in Lantern Lane", "1"),
        ("1971", "Letters & Returns", "What borrowers ask for when it rains", "210–226"),
        ("1979", "The Lantern Quarterly", "The card and the screen: a truce", "5–16"),
    ),
)

MAPS = Database(
    "maps-and-atlases",
    "Maps & Atlases",
    "Sheets, charts and atlases in the map cases, by place, maker and scale.",
    "Try “harbour”, “estuary” or “1:10 560”.",
    ("Year", "Sheet", "Maker", "Scale", "Case"),
    (
        ("1768", "A chart of the estuary, with soundings", "E. Marlowe", "1:24 000", "A 3"),
        ("1794", "The parishes north of the river", "Lindqvist & Son", "1:63 360", "A 7"),
        ("1821", "Plan of the harbour and its lights", "E. Marlowe the younger", "1:10 560", "B 1"),
        ("1839", "The turnpike roads, coloured by toll", "Harrow", "1:126 720", "B 4"),
        ("1856", "A geological section along the railway", "C. Adeyemi", "1:31 680", "B 9"),
        ("1871", "Plan of the town, showing wells", "Board of Works", "1:2 500", "C 2"),
        ("1888", "The town by gaslight: lamps and their keepers", "Lamp Office", "1:5 280", "C 3"),
        ("1903", "Ponds, lakes and ornamental water", "Pond Society", "1:10 560", "C 8"),
        ("1919", "Atlas of the hospital trains", "Railway Staff", "1:500 000", "D 1"),
        ("1934", "Schools, and the way to them on foot", "Education Office", "1:10 560", "D 5"),
        ("1946", "Damage to buildings, in five colours", "Borough Surveyor", "1:2 500", "D 6"),
        ("1968", "The harbour bridge: three proposals", "Ferreira Partners", "1:1 250", "E 2"),
        ("1987", "Footpaths, walked and unwalked", "Ramblers' Circle", "1:25 000", "E 4"),
        ("2004", "The quiet map: noise at nine in the morning", "Reading Room", "1:5 000", "E 9"),
    ),
)

DATABASES = {database.slug: database for database in (PERIODICALS, MAPS)}
