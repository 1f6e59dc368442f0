"""The pages: what each asks, and what its template is given. Blocks while ClickHouse answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request

from footfall_analytics.dashboard import charts, figures
from footfall_analytics.dashboard.panels import MENU
from footfall_analytics.dashboard.questions import METRICS, overview
from footfall_analytics.dashboard.table import table_of
from footfall_analytics.dashboard.view import PERIODS, View
from footfall_analytics.reports import Reports, Result
from footfall_analytics.reports.catalog import find_report
from footfall_analytics.reports.dimensions import DIMENSIONS
from footfall_analytics.reports.filters import filters_of
from footfall_analytics.reports.report import QuestionError, Report, UnknownReportError

__all__ = ["DIMENSIONS", "MENU", "PERIODS", "Where", "answer", "member_page", "overview_page", "realtime_page"]

_MOST_ROWS = 500
_TIMELINE_ROWS = 300

#: Reports that name members, and are there only where members may be seen.
_OF_MEMBERS = ("members", "timeline")

#: Fields of a report's own, as words for its form; and a first answer, where it needs one.
_FIELDS = {
    "dimension": ("Divided by", "country"),
    "steps": ("Steps, one a line: a path, document:NAME, database:NAME or event:NAME", "/\n/*"),
    "path": ("Page", "%"),
    "direction": ("next or previous", "next"),
    "kind": ("document, database or page_view", "document"),
    "item": ("Together with", "%"),
}


@dataclass(frozen=True, slots=True)
class Where:
    """Where the dashboard is mounted, and when it is asked."""

    timezone: str
    members: bool
    clock: Callable[[], datetime]
    root: str = ""
    query: tuple[tuple[str, str], ...] = ()
    name: str = ""  # of the report in the path

    def of(self, request: Request) -> Where:
        return replace(
            self,
            root=request.scope.get("root_path", "").rstrip("/"),
            query=tuple(request.query_params.multi_items()),
            name=request.path_params.get("name", ""),
        )

    def link(self, page: str) -> str:
        """The path of a page of ours: ``""`` is the overview, ``"report/pages"`` a report."""
        return f"{self.root}/{page}"

    def given(self, name: str) -> str:
        return dict(self.query).get(name, "")

    @property
    def now(self) -> datetime:
        return self.clock().astimezone(UTC)


def check_names(view: View, where: Where) -> None:
    """Raises QuestionError for a view that would tell what one member did, where members may not be named."""
    asked = {one.dimension.name for one in filters_of(view.filters)} | {where.given("dimension")}
    if not where.members and "member" in asked:
        raise QuestionError("this dashboard does not name members")


def overview_page(reports: Reports, view: View, where: Where) -> dict[str, Any]:
    """Headline figures, the chart, and the panels."""
    shown = overview(reports, view, where.now, where.timezone, where.link)
    panels = tuple(one for one in shown.panels if where.members or one.panel.name != "members")
    return {"shown": replace(shown, panels=panels), "metrics": METRICS, "words": view.words(where.now, where.timezone)}


def realtime_page(reports: Reports, view: View, where: Where) -> dict[str, Any]:
    """The last half hour."""
    result = reports.realtime(site=view.site, bots=view.bots, fill=True, timezone=where.timezone, filters=view.filters)
    rows = result.as_dicts()
    labels = [figures.moment(row["minute"], "minute") for row in rows]
    views = [value if isinstance(value := row["page_views"], int) else 0 for row in rows]
    recent: dict[str, Any] = {
        "since": result.period.since,
        "until": result.period.until,
        "site": view.site,
        "bots": view.bots,
    }
    return {
        "now": result.figures.get("visitors_now", 0),
        "chart": charts.bars("Page views by minute", labels, charts.Series("Page views", views)),
        "total": sum(views),
        "pages": reports.pages(**recent).as_dicts(),
        "sources": reports.sources(**recent).as_dicts(),
    }


def report_page(reports: Reports, view: View, where: Where) -> dict[str, Any]:
    """One report, whole."""
    report = _report(where)
    result = answer(reports, view, where, limit=_MOST_ROWS)
    fields = [(name, _FIELDS[name], where.given(name)) for name in report.takes if name in _FIELDS]
    return {
        "report": report,
        "result": result,
        "table": table_of(result, view, where.link),
        "fields": fields,
        "own": [(name, where.given(name)) for name in (*report.takes, "by") if where.given(name)],
        "by_now": where.given("by"),
        "most": _MOST_ROWS,
        "words": view.words(where.now, where.timezone),
    }


def answer(reports: Reports, view: View, where: Where, *, limit: int | None) -> Result:
    """The report that the address names. Raises QuestionError for what cannot be answered."""
    report = _report(where)
    asked: dict[str, Any] = {**view.asked(where.now, where.timezone), "limit": limit}
    if not report.filters:
        asked.pop("filters")
    if report.measures and report.name != "retention":
        asked["compare"] = view.compares
    asked |= {name: _own(name, where) for name in report.takes if name in _FIELDS}
    if report.by and (by := where.given("by")):
        asked["by"] = by
    if "member" in report.takes:
        asked["member"] = where.given("id")
    return reports.run(report.name, **asked)


def _own(name: str, where: Where) -> object:
    text = where.given(name) or _FIELDS[name][1]
    return text.split() if name == "steps" else text


def _report(where: Where) -> Report:
    if where.name in _OF_MEMBERS and not where.members:
        raise UnknownReportError("this dashboard does not name members")
    return find_report(where.name)


def member_page(reports: Reports, view: View, where: Where) -> dict[str, Any]:
    """One member: what they used, and when."""
    member = where.given("id")
    if not member:
        raise QuestionError("no member is named; choose one of the list")
    asked: dict[str, Any] = {**view.asked(where.now, where.timezone), "filters": ()}
    known = reports.run("members", **{**asked, "filters": {"member": _escaped(member)}, "limit": 1}).as_dicts()
    timeline = reports.run("timeline", **{**asked, "member": member, "limit": _TIMELINE_ROWS})
    days: dict[str, list[dict[str, object]]] = {}
    for row in timeline.as_dicts():
        days.setdefault(f"{row['time']:%A, %d %B %Y}", []).append(row)
    return {
        "member": member,
        "known": known[0] if known else None,
        "days": days,
        "more": timeline.more,
        "most": _TIMELINE_ROWS,
        "cell": figures.cell,
        "words": view.words(where.now, where.timezone),
    }


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("*", "\\*")
