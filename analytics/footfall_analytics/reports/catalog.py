"""The catalogue of reports: what each answers, and which columns its SQL file gives."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Literal, get_args

from footfall_analytics.reports.report import NECESSARY, Report, UnknownReportError

#: What a row may be, of reports that let one choose.
By = Literal["minute", "hour", "day", "week", "month", "purpose", "language", "country", "layer", "choice", "regime"]
BY: tuple[By, ...] = get_args(By)

#: How often visitors are looked for again after their first week, day or month.
RETURNS = 8

_REACH = ("page_views", "visits", "visitors", "members")


def _origin(name: str, question: str, *by: str) -> Report:
    """Visits by where they came from: one file for all."""
    return Report(
        name=name,
        question=question,
        columns=(*by, "visits", "visitors", "page_views", "anonymous_entries", "bounce_share", "median_seconds"),
        measures=("visits", "visitors", "page_views", "anonymous_entries"),
        keys=len(by),
        sql="origins",
        divided_by=by,
    )


_ALL = (
    Report(
        name="traffic",
        question="How much was served, hour by hour or day by day, and to how many?",
        columns=("day", "page_views", "requests", "visits", "visitors", "members", "anonymous_share", "bytes"),
        measures=("page_views", "requests", "visits", "visitors", "members", "bytes"),
        has_total=True,
        by=("day", "hour", "week", "month"),
    ),
    Report(
        name="visits",
        question="How many visits began, and what were they like?",
        columns=("day", "visits", "visitors", "new_visitors", "pages_per_visit", "bounce_share", "median_seconds"),
        measures=("visits", "visitors", "new_visitors", "pages_per_visit", "bounce_share", "median_seconds"),
        has_total=True,
        by=("day", "hour", "week", "month"),
    ),
    Report(
        name="pages",
        question="Which pages were looked at, and how long did they take to serve?",
        columns=("path", *_REACH, "median_ms"),
        measures=_REACH,
    ),
    Report(
        name="entry",
        question="Which pages did visits begin with?",
        columns=("path", "visits", "visitors", "bounce_share", "pages_per_visit", "median_seconds"),
        measures=("visits", "visitors"),
    ),
    Report(
        name="exit",
        question="Which pages did visits end with?",
        columns=("path", "exits", "visitors", "visits", "exit_share"),
        measures=("exits", "visitors", "visits"),
    ),
    Report(
        name="breakdown",
        question="How do views divide by any dimension: country, browser, language, …?",
        columns=("value", *_REACH),
        measures=_REACH,
        takes=("dimension",),
        needs=("dimension",),
    ),
    Report(
        name="documents",
        question="Which documents were read?",
        columns=("name", "reads", "readers", "members", "anonymous_reads", "clicks"),
        measures=("reads", "readers", "members", "clicks"),
        kinds=("document",),
        robots="read",
        sql="usage",
        fixed={"kind": "document"},
    ),
    Report(
        name="databases",
        question="Which databases were used?",
        columns=("name", "uses", "users", "members", "anonymous_uses", "clicks"),
        measures=("uses", "users", "members", "clicks"),
        kinds=("database",),
        robots="use",
        sql="usage",
        fixed={"kind": "database"},
    ),
    Report(
        name="members",
        question="What did each member use, on how many devices, and when were they here?",
        columns=("member", "page_views", "documents", "databases", "visits", "devices", "first_seen", "last_seen"),
        measures=("page_views", "documents", "databases", "visits"),
    ),
    Report(
        name="timeline",
        question="What did one member do, the newest first?",
        columns=("time", "site", "kind", "path", "name", "status", "device", "browser", "visit_number", "signed_in"),
        has_robots=False,
        takes=("member",),
        needs=("member",),
        filters=False,
    ),
    _origin("sources", "Where did visits come from?", "source", "channel"),
    _origin("channels", "Which channels did visits come by?", "channel"),
    _origin("campaigns", "Which campaigns brought visits?", "utm_source", "utm_medium", "utm_campaign"),
    Report(
        name="devices",
        question="Which devices, browsers and systems were used?",
        columns=("device", "browser", "os", "page_views", "visitors"),
        measures=("page_views", "visitors"),
        keys=3,
    ),
    Report(
        name="countries",
        question="Which countries did views come from?",
        columns=("country", *_REACH),
        measures=_REACH,
        sql="breakdown",
        fixed={"dimension": "country"},
    ),
    Report(
        name="errors",
        question="Which requests failed, and which page led to them?",
        columns=("status", "route", "referrer", "times", "visitors", "last_seen"),
        measures=("times",),
        keys=3,
        purpose=NECESSARY,
        kinds=("page_view", "request"),
        robots="request",
    ),
    Report(
        name="slow",
        question="Which routes are slow?",
        columns=("route", "requests", "p50_ms", "p95_ms", "slowest_ms"),
        measures=("requests", "p50_ms", "p95_ms"),
        purpose=NECESSARY,
        kinds=("page_view", "request"),
        robots="request",
    ),
    Report(
        name="bots",
        question="Which robots came, who runs them, and why are they taken for robots?",
        columns=("bot", "reason", "operator", "requests", "page_views", "bytes", "last_seen"),
        measures=("requests", "page_views", "bytes"),
        purpose=NECESSARY,
        has_robots=False,
    ),
    Report(
        name="retention",
        question="How many of those who came first in a week came back later?",
        columns=("cohort", "visitors", *(f"share_{number}" for number in range(1, RETURNS + 1))),
        by=("week", "day", "month"),
    ),
    Report(
        name="funnel",
        question="How many took each of several steps, one after the other?",
        columns=("step", "name", "visitors", "share", "lost"),
        measures=("visitors",),
        takes=("steps",),
        needs=("steps",),
    ),
    Report(
        name="journeys",
        question="Which page led to which?",
        columns=("from_path", "to_path", "times", "visitors", "share"),
        measures=("times", "visitors"),
        keys=2,
        takes=("path", "direction"),
        fixed={"path": "%", "direction": "next"},
    ),
    Report(
        name="together",
        question="What do those who use one document use as well?",
        columns=("item", "together_with", "visitors", "score"),
        takes=("kind", "item"),
        kinds=("document",),
        robots="read",
        fixed={"kind": "document", "item": "%", "most": 30, "fewest": 3, "each": 10},
    ),
    Report(
        name="consent",
        question="How many of those who were asked granted each purpose?",
        columns=("purpose", "group", "answers", "granted", "granted_share"),
        measures=("answers", "granted", "granted_share"),
        keys=2,
        purpose=NECESSARY,
        kinds=("consent",),
        robots="answer",
        by=("purpose", "language", "country", "layer", "choice", "regime", "day", "week", "month"),
    ),
    Report(
        name="realtime",
        question="Who is here now: the last 30 minutes, minute by minute?",
        columns=("minute", "page_views", "visitors"),
        has_total=True,
        by=("minute",),
        figures=("visitors_now",),
        last=timedelta(minutes=30),
    ),
    Report(
        name="cookies",
        question="Which cookies did the guard not let pass, where, and why?",
        columns=("cookie", "place", "direction", "reason", "declared", "times", "last_seen"),
        measures=("times",),
        keys=5,
        purpose=NECESSARY,
        kinds=("cookie",),
        robots="cookie",
    ),
    Report(
        name="accounting",
        question="What became of every request: a row, or the reason why not?",
        columns=("outcome", "requests", "share"),
        purpose=NECESSARY,
        has_robots=False,
        filters=False,
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
