"""The reports' answers, computed a second time in plain Python, by their definitions and without any SQL."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low
from zoneinfo import ZoneInfo

from tests.analytics.report_world import REQUESTS, Row

Answer = list[dict[str, object]]


@dataclass(frozen=True)
class Linked:
    """A row, the member it belongs to, whether a later click swallowed it, and its visit's entry."""

    row: Row
    member: str
    folded: bool
    entry: Row


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What is asked for."""

    since: datetime
    until: datetime
    zone: str = "UTC"
    site: str = ""
    bots: bool = False

    def holds(self, row: Row) -> bool:
        return self.since <= row.time < self.until and self.site in ("", row.site) and (self.bots or not row.bot)


def linked(rows: Iterable[Row]) -> list[Linked]:
    """Each row with what its whole visit says of it."""
    visits: dict[Hashable, list[Row]] = defaultdict(list)
    nobody: list[Row] = []
    for row in sorted(rows, key=lambda row: row.time):
        (visits[visit_of(row)] if row.visit_number else nobody).append(row)
    found = [Linked(row, "", False, row) for row in nobody]
    clicks = _clicks(rows)
    for visit in visits.values():
        entry = min(visit, key=lambda row: ((*REQUESTS, row.kind).index(row.kind), row.time))
        found += [Linked(row, _member(row, visit), _folded(row, clicks), entry) for row in visit]
    return found


def visit_of(row: Row) -> Hashable:
    return (row.site, row.visitor_id, row.visit_number)


def _member(row: Row, visit: Sequence[Row]) -> str:
    first = next((other for other in visit if other.member_id), None)
    if row.member_id or first is None or row.time >= first.time:
        return row.member_id
    return first.member_id


def _clicks(rows: Iterable[Row]) -> dict[Hashable, list[datetime]]:
    clicks: dict[Hashable, list[datetime]] = defaultdict(list)
    for row in rows:
        clicks[_clicked(row)].append(row.time)
    for times in clicks.values():
        times.sort()
    return clicks


def _clicked(row: Row) -> Hashable:
    return (row.site, row.visitor_id, row.kind, row.name)


def _folded(row: Row, clicks: dict[Hashable, list[datetime]]) -> bool:
    times = clicks[_clicked(row)]
    later = bisect_right(times, row.time)
    return later < len(times) and times[later] - row.time <= timedelta(seconds=30)


def grouped(rows: Iterable[Linked], key: Callable[[Linked], Hashable]) -> dict[Hashable, list[Linked]]:
    groups: dict[Hashable, list[Linked]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def _of_kind(rows: Iterable[Linked], *kinds: str) -> list[Linked]:
    return [one for one in rows if one.row.kind in kinds]


def _visits(rows: Iterable[Linked]) -> int:
    return len({visit_of(one.row) for one in rows if one.row.visit_number})


def _visitors(rows: Iterable[Linked]) -> int:
    return len({one.row.visitor_id for one in rows if one.row.visit_number})


def _members(rows: Iterable[Linked]) -> int:
    return len({one.member for one in rows} - {""})


def _in(scope: Scope, rows: Iterable[Row]) -> list[Linked]:
    return [one for one in linked(rows) if scope.holds(one.row)]


def start_of(moment: datetime, zone: str, by: str) -> str:
    """In ISO 8601: of two aware times in a repeated hour, Python says they are equal."""
    local = moment.astimezone(ZoneInfo(zone))
    if by == "hour":
        return local.replace(minute=0, second=0, microsecond=0).isoformat()
    if by == "week":
        return (local.date() - timedelta(days=local.weekday())).isoformat()
    return (local.date().replace(day=1) if by == "month" else local.date()).isoformat()


def traffic_of(rows: Sequence[Linked]) -> dict[str, object]:
    views, requests = _of_kind(rows, "page_view"), _of_kind(rows, *REQUESTS)
    anonymous = [one for one in views if not one.row.visit_number]
    return {
        "page_views": len(views),
        "requests": len(requests),
        "visits": _visits(rows),
        "visitors": _visitors(rows),
        "members": _members(rows),
        "anonymous_share": len(anonymous) / len(views) if views else None,
        "bytes": sum(one.row.bytes for one in requests),
    }


def traffic(scope: Scope, rows: Iterable[Row], by: str = "day") -> Answer:
    groups = grouped(_in(scope, rows), lambda one: start_of(one.row.time, scope.zone, by))
    in_order = sorted(groups.items(), key=lambda item: min(one.row.time for one in item[1]))
    return [{by: start, **traffic_of(group)} for start, group in in_order]


def pages(scope: Scope, rows: Iterable[Row]) -> Answer:
    groups = grouped(_of_kind(_in(scope, rows), "page_view"), lambda one: one.row.path)
    answer: Answer = [
        {
            "path": path,
            "page_views": len(group),
            "visits": _visits(group),
            "visitors": _visitors(group),
            "members": _members(group),
            "median_ms": _median_ms([one.row.duration_us for one in group if one.row.duration_us]),
        }
        for path, group in groups.items()
    ]
    return sorted(answer, key=lambda line: (-int(str(line["page_views"])), str(line["path"])))


def _median_ms(durations: Sequence[int]) -> float | None:
    return median_low(durations) / 1000 if durations else None


def usage(scope: Scope, rows: Iterable[Row], kind: str, uses: str, users: str) -> Answer:
    groups = grouped(_of_kind(_in(scope, rows), kind), lambda one: one.row.name)
    answer: Answer = [
        {
            "name": name,
            uses: sum(not one.folded for one in group),
            users: _visitors(group),
            "members": _members(group),
            f"anonymous_{uses}": sum(not one.row.visit_number for one in group),
            "clicks": len(group),
        }
        for name, group in groups.items()
    ]
    return sorted(answer, key=lambda line: (-int(str(line[uses])), str(line["name"])))


def documents(scope: Scope, rows: Iterable[Row]) -> Answer:
    return usage(scope, rows, "document", "reads", "readers")


def databases(scope: Scope, rows: Iterable[Row]) -> Answer:
    return usage(scope, rows, "database", "uses", "users")


def members(scope: Scope, rows: Iterable[Row]) -> Answer:
    groups = grouped((one for one in _in(scope, rows) if one.member), lambda one: one.member)
    answer: Answer = [
        {
            "member": member,
            "page_views": len(_of_kind(group, "page_view")),
            "documents": sum(not one.folded for one in _of_kind(group, "document")),
            "databases": sum(not one.folded for one in _of_kind(group, "database")),
            "visits": _visits(group),
            "devices": _visitors(group),
            "first_seen": min(one.row.time for one in group),
            "last_seen": max(one.row.time for one in group),
        }
        for member, group in groups.items()
    ]
    return sorted(answer, key=lambda line: (-int(str(line["page_views"])), str(line["member"])))


def devices(scope: Scope, rows: Iterable[Row]) -> Answer:
    views = _of_kind(_in(scope, rows), "page_view")
    groups = grouped(views, lambda one: (one.row.device, one.row.browser, one.row.os))
    answer: Answer = [
        {"device": device, "browser": browser, "os": os, "page_views": len(group), "visitors": _visitors(group)}
        for (device, browser, os), group in groups.items()  # type: ignore[misc]
    ]
    return sorted(
        answer,
        key=lambda line: (-int(str(line["page_views"])), str(line["device"]), str(line["browser"]), str(line["os"])),
    )
