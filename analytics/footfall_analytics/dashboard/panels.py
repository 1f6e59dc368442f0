"""What the overview is made of: panels, their tabs, and what a click on a row asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One report in a panel, cut to its first rows."""

    name: str
    title: str
    report: str
    key: str  # the column that names a row
    measure: str  # and the one it is measured by
    heading: str  # of the measure
    dimension: str = ""  # what a click on a row filters by
    more: Mapping[str, str] = field(default_factory=dict)  # what else the report is asked
    others: tuple[tuple[str, str], ...] = ()  # further columns, with their headings
    empty: str = ""  # what a row without a name is called
    member: bool = False  # a click opens the member's page


@dataclass(frozen=True, slots=True)
class Panel:
    """Several tabs in one place."""

    name: str
    title: str
    tabs: tuple[Tab, ...]

    def tab(self, name: str) -> Tab:
        return next(tab for tab in self.tabs if tab.name == name)


def _tab(report: str, title: str, key: str, measure: str, heading: str, **more: Any) -> Tab:
    """A tab named like its report, whose rows are filtered by the column that names them."""
    named = {"name": report, "report": report, "dimension": key, "title": title}
    return Tab(**{**named, "key": key, "measure": measure, "heading": heading, **more})


def _breakdown(name: str, title: str, empty: str = "Unknown") -> Tab:
    return Tab(
        name=name,
        title=title,
        report="breakdown",
        key="value",
        measure="visitors",
        heading="Visitors",
        dimension=name,
        more={"dimension": name},
        others=(("page_views", "Views"),),
        empty=empty,
    )


_SOURCES = (
    _tab("channels", "Channels", "channel", "visits", "Visits"),
    _tab("sources", "Sources", "source", "visits", "Visits", empty="Direct, or this site"),
    _tab("campaigns", "Campaigns", "utm_campaign", "visits", "Visits", empty="None"),
)
_PAGES = (
    _tab("pages", "Most viewed", "path", "page_views", "Views", others=(("visitors", "Visitors"),)),
    _tab("entry", "Entry", "path", "visits", "Visits", dimension="entry", others=(("bounce_share", "Bounced"),)),
    _tab("exit", "Exit", "path", "exits", "Exits", dimension="exit", others=(("exit_share", "Left"),)),
)
_USE = (
    _tab("documents", "Documents", "name", "reads", "Reads", others=(("readers", "Readers"),)),
    _tab("databases", "Databases", "name", "uses", "Uses", others=(("users", "Users"),)),
)
_MEMBERS = (
    _tab(
        "members",
        "Most active",
        "member",
        "page_views",
        "Views",
        others=(("visits", "Visits"), ("last_seen", "Last seen")),
        member=True,
    ),
)
_PLACES = (_breakdown("country", "Countries"), _breakdown("language", "Languages"))
_DEVICES = (
    _breakdown("device", "Kinds"),
    _breakdown("browser", "Browsers", "Other"),
    _breakdown("os", "Systems", "Other"),
)

PANELS = (
    Panel("sources", "Where visits came from", _SOURCES),
    Panel("pages", "Pages", _PAGES),
    Panel("documents", "Documents and databases", _USE),
    Panel("members", "Members", _MEMBERS),
    Panel("places", "Countries and languages", _PLACES),
    Panel("devices", "Devices", _DEVICES),
)

#: Reports that have a page of their own, in the order of the menu.
MENU: Mapping[str, tuple[str, ...]] = {
    "Visits": ("traffic", "visits", "entry", "exit", "journeys", "funnel", "retention"),
    "Content": ("pages", "documents", "databases", "together"),
    "Sources": ("sources", "channels", "campaigns"),
    "People": ("members", "countries", "devices"),
    "Trust": ("consent", "cookies", "bots", "accounting"),
    "Health": ("errors", "slow"),
}

#: The column of a report whose values can be filtered by, and the dimension that they are of.
FILTERS_BY: Mapping[str, str] = {
    "path": "path",
    "channel": "channel",
    "source": "source",
    "utm_source": "utm_source",
    "utm_medium": "utm_medium",
    "utm_campaign": "utm_campaign",
    "device": "device",
    "browser": "browser",
    "os": "os",
    "country": "country",
    "name": "name",
    "route": "route",
}
