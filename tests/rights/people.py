"""Some people on some devices, and all that Footfall knows of them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from footfall.event import Event
from footfall_analytics import MemberData
from footfall_analytics.clickhouse import Connection, connect
from footfall_analytics.journal import Journal
from footfall_analytics.shipper import Shipper

#: A month ago and today, so that rows lie in several partitions.
NOW_MS = int(time.time() * 1000) - 3_600_000
BEFORE_MS = NOW_MS - 40 * 86_400_000

PHONE, LAPTOP, LIBRARY = (f"{digit * 8}-2f64-4f2e-9d0a-0d7b6f9f8a11" for digit in "abc")

#: Who, on what, in which visit, when (seconds), what; the member is "" where nobody was signed in.
Fact = tuple[str, str, int, int, str]

ADA = "ada@example.org"
GRACE = "grace@example.org"

FACTS: tuple[Fact, ...] = (
    ("", PHONE, 1, 0, "/welcome"),
    (ADA, PHONE, 1, 10, "/account"),
    ("", PHONE, 1, 30, "/after-sign-out"),
    (ADA, LAPTOP, 1, 100, "/from-the-laptop"),
    ("", PHONE, 2, 200, "/another-visit"),
    ("", LIBRARY, 7, 300, "/grace-before-sign-in"),
    (GRACE, LIBRARY, 7, 310, "/grace"),
    ("", LIBRARY, 7, 320, "/between-the-two"),
    (ADA, LIBRARY, 7, 330, "/ada-after-grace"),
    (GRACE, LIBRARY, 8, 400, "/grace-alone"),
)

#: What goes with Ada, and what of it is hers to export.
ADAS = {"/account", "/from-the-laptop", "/ada-after-grace"}
ADAS_EXPORT = ADAS | {"/welcome"}
ERASED_WITH_ADA = ADAS_EXPORT | {"/after-sign-out", "/between-the-two"}


def event(fact: Fact, base_ms: int = NOW_MS) -> Event:
    member, visitor, number, at, path = fact
    number += 0 if base_ms == NOW_MS else 100  # visits of their own
    return Event(
        time_ms=base_ms + at * 1000,
        site="main",
        kind="page_view",
        path=path,
        status=200,
        visitor_id=visitor,
        visit_number=number,
        visit_started=base_ms // 1000,
        member_id=member,
        member_how="login" if member else "",
        purposes=("analytics", "necessary"),
    )


def anonymous(path: str) -> Event:
    return Event(time_ms=NOW_MS, site="main", kind="page_view", path=path, status=200)


@dataclass
class Place:
    """One site's analytics: an engine, a journal, and its shipper."""

    root: Path
    store: str | None = None

    def __post_init__(self) -> None:
        self.url = f"chdb://{self.root}/clickhouse"
        self.journal = Journal(self.root / "journal")
        self.shipper = Shipper(self.url, self.journal.directory)
        self.data = MemberData(self.url, store=self.store, patience=3)

    def close(self) -> None:
        self.shipper.disconnect()

    def record(self, *events: Event) -> None:
        for one in events:
            self.journal.append(one)

    def ship(self) -> None:
        self.journal.seal()
        self.shipper.ship_once()

    def ask(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        with self.connection() as connection:
            settings = {"apply_deleted_mask": 0} if sql.startswith("SELECT") else None
            found = connection.client.query(sql, parameters=parameters, settings=settings)
            return [tuple(row) for row in found.result_rows]

    def connection(self) -> Connection:
        return connect(self.url)

    def paths(self) -> set[str]:
        return {path for (path,) in self.ask("SELECT path FROM footfall.events")}

    def empty(self) -> None:
        """Everything is forgotten but the tables, so that an engine serves many tests."""
        self.ship()
        asked = "SELECT table FROM system.parts WHERE database = 'footfall' AND active AND rows > 0 GROUP BY table"
        with self.connection() as connection:
            for (table,) in connection.client.query(asked).result_rows:
                if table != "schema_versions":
                    connection.client.command(f"TRUNCATE TABLE footfall.{table}")

    def files_with(self, *words: str) -> list[str]:
        """Files of the journal that have one of the words in them."""
        pattern = re.compile("|".join(map(re.escape, words)).encode())
        found = [path for path in self.journal.directory.rglob("*") if path.is_file()]
        return [path.name for path in found if pattern.search(path.read_bytes())]


def somewhere(root: Path) -> Iterator[Place]:
    place = Place(root)
    place.ship()
    yield place
    place.close()


def traces(place: Place, word: str) -> dict[str, int]:
    """How many rows of each table have a value with the word in it, hidden rows included."""
    tables = place.ask("SELECT name FROM system.tables WHERE database = 'footfall' AND engine LIKE '%MergeTree'")
    counts = {
        table: place.ask(
            f"SELECT countIf(position(toString(tuple(*)), {{word:String}}) > 0) FROM footfall.{table}", word=word
        )[0][0]
        for (table,) in tables
    }
    return {table: count for table, count in counts.items() if count}
