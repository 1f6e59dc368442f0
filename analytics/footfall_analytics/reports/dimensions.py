"""The dimensions that rows can be filtered by, and broken down by: a name, and where its value is found.

A fact of the whole visit (its source, its entry page) is asked of the visit, so that ``source=Google`` keeps all pages
of the visits that came from Google and not only the first. Whoever was anonymous has no visit: each row answers for
itself. A fact of one row (its path) asked of a table of visits keeps the visits that have such a row.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from footfall_analytics.reports.report import QuestionError

_PROPERTY = "props."
_LONGEST_PROPERTY = 200


@dataclass(frozen=True, slots=True)
class Dimension:
    """A name, and the SQL of its value in a row of events and in a row of visits; "" where it has none there."""

    name: str
    meaning: str
    event: str = ""
    visit: str = ""
    of_visit: bool = False  # one value for the whole visit, known at its entry
    key: str = ""  # of a property: its name, which is a parameter


def _same(name: str, meaning: str, column: str = "") -> Dimension:
    """A column that both tables have, with the same value in all rows of a visit."""
    return Dimension(name, meaning, column or name, column or name)


def _entry(name: str, meaning: str) -> Dimension:
    """A column of the visit's entry."""
    return Dimension(name, meaning, name, name, of_visit=True)


_ALL = (
    Dimension("path", "a page looked at, or an address asked for", "path"),
    Dimension("route", "the app's pattern for it", "route"),
    Dimension("host", "the Host header", "host"),
    Dimension("method", "the HTTP method", "method"),
    Dimension("status", "the HTTP status", "toString(status)"),
    Dimension("kind", "page_view, request, document, database, event, …", "kind"),
    Dimension("name", "of a document, database, event or cookie", "name"),
    Dimension("member", "the member it belongs to", "linked_member_id", "members"),
    Dimension("visitor", "the browser that agreed to be recognised", "toString(visitor_id)", "toString(visitor_id)"),
    _entry("source", "where the visit came from"),
    _entry("channel", "and what kind of source that is"),
    _entry("referrer_host", "the host that the visit was referred by"),
    _entry("utm_source", "of the visit's campaign"),
    _entry("utm_medium", "of the visit's campaign"),
    _entry("utm_campaign", "of the visit's campaign"),
    _entry("utm_term", "of the visit's campaign"),
    _entry("utm_content", "of the visit's campaign"),
    Dimension("entry", "the first page of the visit", "", "entry_page", of_visit=True),
    Dimension("exit", "the last page of the visit", "", "exit_page", of_visit=True),
    _same("country", "ISO 3166-1 alpha-2"),
    _same("language", "the first of Accept-Language"),
    _same("device", "desktop, mobile, tablet, …"),
    _same("browser", "the family"),
    Dimension("browser_version", "its version", "browser_version"),
    _same("os", "the family"),
    Dimension("os_version", "its version", "os_version"),
    Dimension("bot", "the robot's name", "bot"),
    Dimension("gpc", "whether the browser sent Global Privacy Control: true or false", "toString(gpc)"),
    Dimension("consent_source", "where the choice came from", "consent_source"),
    Dimension("policy", "the version of the privacy policy", "toString(policy_version)"),
)

DIMENSIONS: Mapping[str, Dimension] = {dimension.name: dimension for dimension in _ALL}


def find_dimension(name: str) -> Dimension:
    """The dimension of that name; ``props.plan`` is the property that the app calls plan. Raises QuestionError,
    which suggests the nearest."""
    if name in DIMENSIONS:
        return DIMENSIONS[name]
    key = name.removeprefix(_PROPERTY)
    if key != name and 0 < len(key) <= _LONGEST_PROPERTY:
        return Dimension(name, "a property that the app gave", "props", key=key)
    nearest = difflib.get_close_matches(name.lower(), DIMENSIONS, n=1)
    hint = f"did you mean {nearest[0]}?" if nearest else f"there are {', '.join(DIMENSIONS)} and props.NAME"
    raise QuestionError(f"{name!r} is no dimension; {hint}")
