"""The catalogue of reports: what each answers, and which columns its SQL file gives."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

By = Literal["hour", "day", "week", "month"]
BY: tuple[By, ...] = ("hour", "day", "week", "month")


class QuestionError(ValueError):
    """What was asked cannot be answered; the message says what is wrong with it and what may be asked."""


class UnknownReportError(QuestionError):
    """There is no report of that name; the message names the nearest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One question, answered by one SQL file of the same name."""

    name: str
    question: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...] = ("page_view",)  # what robots are counted by, in the note on what was left out
    robots: str = "page view"  # and one of them in words
    has_total: bool = False
    has_robots: bool = True  # whether robots can be left out of it


_ALL = (
    Report(
        name="traffic",
        question="How much was served, hour by hour or day by day, and to how many?",
        columns=(
            "day",
            "page_views",
            "requests",
            "visits",
            "visitors",
            "members",
            "anonymous_share",
            "bytes",
        ),
        has_total=True,
    ),
    Report(
        name="pages",
        question="Which pages were looked at, and how long did they take to serve?",
        columns=("path", "page_views", "visits", "visitors", "members", "median_ms"),
    ),
    Report(
        name="documents",
        question="Which documents were read?",
        columns=("name", "reads", "readers", "members", "anonymous_reads", "clicks"),
        kinds=("document",),
        robots="read",
    ),
    Report(
        name="databases",
        question="Which databases were used?",
        columns=("name", "uses", "users", "members", "anonymous_uses", "clicks"),
        kinds=("database",),
        robots="use",
    ),
    Report(
        name="members",
        question="What did each member use, and when were they here?",
        columns=("member", "page_views", "documents", "databases", "visits", "first_seen", "last_seen"),
    ),
    Report(
        name="sources",
        question="Where did visits come from?",
        columns=("source", "channel", "visits", "page_views", "anonymous_entries"),
    ),
    Report(
        name="devices",
        question="Which devices, browsers and systems were used?",
        columns=("device", "browser", "os", "page_views", "visitors"),
    ),
    Report(
        name="cookies",
        question="Which cookies did the guard not let pass, where, and why?",
        columns=("cookie", "place", "direction", "reason", "declared", "times", "last_seen"),
        kinds=("cookie",),
        robots="cookie",
    ),
    Report(
        name="accounting",
        question="What became of every request: a row, or the reason why not?",
        columns=("outcome", "requests", "share"),
        has_robots=False,
    ),
)

CATALOG: Mapping[str, Report] = {report.name: report for report in _ALL}


def find_report(name: str) -> Report:
    """The report of that name; raises UnknownReportError, which suggests the nearest."""
    if name in CATALOG:
        return CATALOG[name]
    nearest = difflib.get_close_matches(name.lower(), CATALOG, n=1)
    hint = f"did you mean {nearest[0]}?" if nearest else f"there are {', '.join(CATALOG)}"
    raise UnknownReportError(f"no report is called {name!r}; {hint}")


@lru_cache
def sql_of(name: str) -> str:
    """The SQL of one question, with typed parameters in braces."""
    return files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
