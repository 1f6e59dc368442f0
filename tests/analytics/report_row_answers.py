"""The answers of reports about single rows, computed a second time in plain Python, without any SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import median_low
from zoneinfo import ZoneInfo

from footfall_analytics.enrich.crawlers import AI_CRAWLERS
from tests.analytics.report_answers import Answer, Linked, Scope, linked, start_of, visit_of
from tests.analytics.report_visit_answers import grouped, sorted_by
from tests.analytics.report_world import REQUESTS, Row


def _reach(group: Sequence[Linked]) -> dict[str, object]:
    identified = [one.row for one in group if one.row.visit_number]
    return {
        "page_views": len(group),
        "visits": len({visit_of(row) for row in identified}),
        "visitors": len({row.visitor_id for row in identified}),
        "members": len({one.member for one in group} - {""}),
    }


def breakdown(scope: Scope, rows: Iterable[Row], dimension: str, column: str = "value") -> Answer:
    views = [one for one in linked(rows) if one.row.kind == "page_view" and scope.holds(one.row)]
    groups = grouped(views, lambda one: str(getattr(one.row, dimension)))
    return sorted_by([{column: value, **_reach(group)} for value, group in groups.items()], "-page_views", column)


def _requests(scope: Scope, rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row.kind in REQUESTS and scope.holds(row)]


def errors(scope: Scope, rows: Iterable[Row]) -> Answer:
    failed = [row for row in _requests(scope, rows) if row.status == 404 or row.status >= 500]
    groups = grouped(failed, lambda row: (row.status, row.route or row.path, row.referrer))
    answer: Answer = [
        {
            "status": status,
            "route": route,
            "referrer": referrer,
            "times": len(group),
            "visitors": len({row.visitor_id for row in group if row.visit_number}),
            "last_seen": max(row.time for row in group).astimezone(ZoneInfo(scope.zone)),
        }
        for (status, route, referrer), group in groups.items()  # type: ignore[misc]
    ]
    return sorted_by(answer, "-times", "status", "route", "referrer")


def slow(scope: Scope, rows: Iterable[Row]) -> Answer:
    timed = [row for row in _requests(scope, rows) if row.duration_us]
    answer: Answer = []
    for route, group in grouped(timed, lambda row: row.route or row.path).items():
        took = sorted(row.duration_us for row in group)
        answer.append(
            {
                "route": route,
                "requests": len(took),
                "p50_ms": median_low(took) / 1000,
                "p95_ms": took[int(0.95 * len(took))] / 1000,
                "slowest_ms": took[-1] / 1000,
            }
        )
    return sorted_by(answer, "-p95_ms", "route")


def bots(scope: Scope, rows: Iterable[Row]) -> Answer:
    inside = [row for row in rows if row.bot and replace(scope, bots=True).holds(row)]
    answer: Answer = [
        {
            "bot": bot,
            "reason": "AI crawler" if bot in AI_CRAWLERS else bot if " " in str(bot) else "says so",
            "operator": AI_CRAWLERS.get(str(bot), ""),
            "requests": sum(row.kind in REQUESTS for row in group),
            "page_views": sum(row.kind == "page_view" for row in group),
            "bytes": sum(row.bytes for row in group if row.kind in REQUESTS),
            "last_seen": max(row.time for row in group).astimezone(ZoneInfo(scope.zone)),
        }
        for bot, group in grouped(inside, lambda row: row.bot).items()
    ]
    return sorted_by(answer, "-requests", "bot")


def cookies(scope: Scope, rows: Iterable[Row]) -> Answer:
    kept = [row for row in rows if row.kind == "cookie" and scope.holds(row)]
    names = ("direction", "reason", "declared")
    groups = grouped(kept, lambda row: (row.name, row.route or row.path, *(row.props[name] for name in names)))
    answer: Answer = [
        {
            **dict(zip(("cookie", "place", *names), values, strict=True)),  # type: ignore[call-overload]
            "times": len(group),
            "last_seen": max(row.time for row in group).astimezone(ZoneInfo(scope.zone)),
        }
        for values, group in groups.items()
    ]
    return sorted_by(answer, "-times", "cookie", "place", *names)


def consent(scope: Scope, rows: Iterable[Row], by: str = "purpose") -> Answer:
    answers = [row for row in rows if row.kind == "consent" and scope.holds(row)]
    purposes = {purpose for row in answers for purpose in row.props["granted"].split()} | {"analytics"}
    answer: Answer = []
    for group, choices in grouped(answers, lambda row: _group(row, by, scope)).items():
        for purpose in purposes - {"necessary"}:
            granted = sum(purpose in row.props["granted"].split() for row in choices)
            line: dict[str, object] = {"purpose": purpose, by: group, "answers": len(choices), "granted": granted}
            answer.append({**line, "purpose": purpose, "granted_share": granted / len(choices)})
    return sorted_by(answer, "purpose", "-answers", by)


def _group(row: Row, by: str, scope: Scope) -> str:
    named = {"purpose": "", "choice": row.name, "layer": row.props["layer"]}
    if by in ("day", "week", "month"):
        return start_of(row.time, scope.zone, by)
    return named[by] if by in named else str(getattr(row, by))


def shares(scope: Scope, rows: Iterable[Row]) -> dict[str, object]:
    views = [row for row in rows if row.kind == "page_view" and scope.holds(row)]
    return {
        "blind_share": sum(not row.visit_number for row in views) / len(views),
        "gpc_share": sum(row.gpc for row in views) / len(views),
    }
