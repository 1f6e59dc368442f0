"""What the pages ask of the reports, and how they show it: headline figures, the chart, the panels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from footfall_analytics.dashboard import charts, figures
from footfall_analytics.dashboard.panels import PANELS, Panel, Tab
from footfall_analytics.dashboard.view import View
from footfall_analytics.reports import Reports, Result

_PANEL_ROWS = 9
_MOST_POINTS = 2000

#: What the chart can show, by the reports over time: report, column, in words.
METRICS: Mapping[str, tuple[str, str, str]] = {
    "visitors": ("visits", "visitors", "Visitors"),
    "visits": ("visits", "visits", "Visits"),
    "page_views": ("traffic", "page_views", "Page views"),
    "pages_per_visit": ("visits", "pages_per_visit", "Pages a visit"),
    "bounce_share": ("visits", "bounce_share", "Bounced"),
    "median_seconds": ("visits", "median_seconds", "Time on site"),
    "members": ("traffic", "members", "Members"),
}

#: Of these less is better.
_LESS_IS_BETTER = ("bounce_share",)


@dataclass(frozen=True, slots=True)
class Tile:
    """One headline figure."""

    metric: str
    title: str
    value: str
    exact: str
    change: str = ""
    before: str = ""
    good: bool | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a panel. ``part`` is its share of the largest, for the bar behind it."""

    name: str
    url: str
    cells: tuple[str, ...]
    part: float


@dataclass(frozen=True, slots=True)
class Shown:
    """A panel with one of its tabs open."""

    panel: Panel
    tab: Tab
    rows: tuple[Row, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """All of the first page."""

    tiles: tuple[Tile, ...]
    chart: str
    points: tuple[tuple[str, ...], ...]  # the chart as a table
    headings: tuple[str, ...]
    panels: tuple[Shown, ...]
    notes: tuple[str, ...]
    period: str
    before: str
    now: int | None  # visitors in the last five minutes
    empty: bool


def overview(reports: Reports, view: View, now: datetime, timezone: str, link: Callable[[str], str]) -> Overview:
    """Ask everything that the first page shows. Blocks while ClickHouse answers."""
    by = view.by(now, timezone)
    asked: dict[str, Any] = {
        **view.asked(now, timezone),
        "by": by,
        "fill": True,
        "compare": view.compares,
        "limit": _MOST_POINTS,
    }
    series: dict[str, Result] = {name: reports.run(name, **asked) for name in ("traffic", "visits")}
    metric = view.metric if view.metric in METRICS else "visitors"
    chart, headings, points = _chart(series, metric, by, view.compares)
    traffic = series["traffic"]
    return Overview(
        tiles=tuple(_tile(name, series) for name in METRICS),
        chart=chart,
        points=points,
        headings=headings,
        panels=tuple(_panel(reports, view, panel, now, timezone, link) for panel in PANELS),
        notes=traffic.notes,
        period=str(traffic.period),
        before=str(traffic.previous) if traffic.previous else "",
        now=visitors_now(reports, view),
        empty=traffic.total is None or not any(value for value in traffic.total[1:] if figures.is_number(value)),
    )


def visitors_now(reports: Reports, view: View) -> int | None:
    """Visitors in the last five minutes."""
    now = reports.realtime(site=view.site, bots=view.bots).figures.get("visitors_now", 0)
    return now if isinstance(now, int) else None


def _tile(metric: str, series: Mapping[str, Result]) -> Tile:
    report, column, title = METRICS[metric]
    result = series[report]
    total = dict(zip(result.columns, result.total or (), strict=False))
    value, changed = total.get(column), total.get(f"{column}_change")
    number = value if isinstance(value, int | float) else None
    return Tile(
        metric,
        title,
        _glance(column, number),
        figures.cell(column, value if value is not None else 0),
        figures.change(changed) if isinstance(changed, float | int) else "",
        _glance(column, _number(total.get(f"{column}_previous"))),
        (changed > 0) != (metric in _LESS_IS_BETTER) if isinstance(changed, float) and abs(changed) >= 0.005 else None,
    )


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) else None


def _glance(column: str, number: float | None) -> str:
    if number is None:
        return "–"
    if column.endswith("share"):
        return figures.share(number)
    return figures.duration(number) if column.endswith("seconds") else figures.short(number)


def _chart(
    series: Mapping[str, Result], metric: str, by: str, compares: bool
) -> tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]]:
    report, column, title = METRICS[metric]
    rows = series[report].as_dicts()
    labels = [figures.moment(row[by], by) for row in rows]
    now = charts.Series(title, [_number(row[column]) for row in rows])
    before = None
    if compares and f"{column}_previous" in series[report].columns:
        before = charts.Series("before", [_number(row[f"{column}_previous"]) for row in rows])
    drawn = charts.line(f"{title} by {by}", labels, now, before) if rows else ""
    lines = [now, before] if before else [now]
    points = [(label, *(_point(column, line, index) for line in lines)) for index, label in enumerate(labels)]
    return drawn, (by.capitalize(), title, *(["Before"] if before else [])), tuple(points)


def _point(column: str, line: charts.Series, index: int) -> str:
    value = line.values[index]
    return "–" if value is None else figures.cell(column, value)


def _panel(
    reports: Reports, view: View, panel: Panel, now: datetime, timezone: str, link: Callable[[str], str]
) -> Shown:
    tab = panel.tab(view.tab(panel.name, [one.name for one in panel.tabs]))
    asked: dict[str, Any] = {**view.asked(now, timezone), **tab.more, "limit": _PANEL_ROWS}
    result = reports.run(tab.report, **asked)
    return Shown(panel, tab, tuple(_rows(tab, view, result, link)), result.more)


def _rows(tab: Tab, view: View, result: Result, link: Callable[[str], str]) -> Sequence[Row]:
    found = result.as_dicts()
    largest = max((_number(row[tab.measure]) or 0 for row in found), default=0)
    columns = (tab.measure, *(name for name, _ in tab.others))
    return [
        Row(
            str(row[tab.key]) or tab.empty,
            _target(tab, view, row[tab.key], link),
            tuple(figures.glance(column, row[column]) for column in columns),
            (_number(row[tab.measure]) or 0) / largest,
        )
        for row in found
        if row[tab.measure]
    ]


def _target(tab: Tab, view: View, value: object, link: Callable[[str], str]) -> str:
    if tab.member:
        return view.url(link("member"), [("id", str(value))])
    return view.filtered(tab.dimension, value).url() if tab.dimension and value else ""
