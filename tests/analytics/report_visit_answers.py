"""The answers of reports about whole visits, computed a second time in plain Python, without any SQL."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase
from math import sqrt
from statistics import median_low
from typing import TypeVar
from zoneinfo import ZoneInfo

from tests.analytics.report_answers import Answer, Scope, linked, start_of, visit_of
from tests.analytics.report_world import REQUESTS, Row

Item = TypeVar("Item")


@dataclass(frozen=True)
class Visited:
    """One visit, its rows in the order of time."""

    rows: tuple[Row, ...]

    @property
    def pages(self) -> list[Row]:
        return [row for row in self.rows if row.kind == "page_view"]

    @property
    def entry(self) -> Row:
        return min(self.rows, key=lambda row: ((*REQUESTS, row.kind).index(row.kind), row.time))

    @property
    def started(self) -> datetime:
        return self.rows[0].time

    @property
    def ended(self) -> datetime:
        return self.rows[-1].time

    @property
    def seconds(self) -> int:
        """As ClickHouse counts them: borders of seconds that lie between."""
        return int(self.ended.timestamp()) - int(self.started.timestamp())

    @property
    def visitor(self) -> Hashable:
        return self.rows[0].visitor_id

    @property
    def number(self) -> int:
        return self.rows[0].visit_number


def visits_of(scope: Scope, rows: Iterable[Row]) -> list[Visited]:
    """All visits of the site, of whatever time."""
    found: dict[Hashable, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.time):
        if row.visit_number and scope.site in ("", row.site):
            found[visit_of(row)].append(row)
    return [Visited(tuple(visit)) for visit in found.values()]


def sorted_by(answer: Answer, *columns: str) -> Answer:
    """By these columns, those with a minus descending."""

    def key(line: dict[str, object]) -> tuple[object, ...]:
        return tuple(-line[column[1:]] if column[0] == "-" else line[column] for column in columns)  # type: ignore[operator]

    return sorted(answer, key=key)  # type: ignore[arg-type]


def grouped(items: Iterable[Item], key: Callable[[Item], Hashable]) -> dict[Hashable, list[Item]]:
    groups: dict[Hashable, list[Item]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups


def _bounce_share(visits: Sequence[Visited]) -> float | None:
    with_pages = [visit for visit in visits if visit.pages]
    return sum(len(visit.pages) == 1 for visit in visits) / len(with_pages) if with_pages else None


def began(scope: Scope, rows: Iterable[Row]) -> list[Visited]:
    return [visit for visit in visits_of(scope, rows) if scope.since <= visit.started < scope.until]


def visits_line(visits: Sequence[Visited]) -> dict[str, object]:
    return {
        "visits": len(visits),
        "visitors": len({visit.visitor for visit in visits}),
        "new_visitors": len({visit.visitor for visit in visits if visit.number == 1}),
        "pages_per_visit": sum(len(visit.pages) for visit in visits) / len(visits),
        "bounce_share": _bounce_share(visits),
        "median_seconds": median_low(visit.seconds for visit in visits),
    }


def visits(scope: Scope, rows: Iterable[Row], by: str = "day") -> Answer:
    groups = grouped(began(scope, rows), lambda visit: start_of(visit.started, scope.zone, by))
    in_order = sorted(groups.items(), key=lambda item: min(visit.started for visit in item[1]))
    return [{by: start, **visits_line(group)} for start, group in in_order]


def entry(scope: Scope, rows: Iterable[Row]) -> Answer:
    groups = grouped([visit for visit in began(scope, rows) if visit.pages], lambda visit: visit.pages[0].path)
    answer: Answer = [
        {
            "path": path,
            "visits": len(group),
            "visitors": len({visit.visitor for visit in group}),
            "bounce_share": _bounce_share(group),
            "pages_per_visit": sum(len(visit.pages) for visit in group) / len(group),
            "median_seconds": median_low(visit.seconds for visit in group),
        }
        for path, group in groups.items()
    ]
    return sorted_by(answer, "-visits", "path")


def exit_pages(scope: Scope, rows: Iterable[Row]) -> Answer:
    everything = visits_of(scope, rows)
    ended = [visit for visit in everything if visit.pages and scope.since <= visit.ended < scope.until]
    answer: Answer = []
    for path, group in grouped(ended, lambda visit: visit.pages[-1].path).items():
        seen = sum(any(page.path == path and scope.holds(page) for page in visit.pages) for visit in everything)
        answer.append(
            {
                "path": path,
                "exits": len(group),
                "visitors": len({visit.visitor for visit in group}),
                "visits": seen,
                "exit_share": min(len(group) / seen, 1) if seen else None,
            }
        )
    return sorted_by(answer, "-exits", "path")


def origins(scope: Scope, rows: Sequence[Row], *by: str) -> Answer:
    visits = [visit for visit in visits_of(scope, rows) if any(map(scope.holds, visit.rows))]
    alone = [row for row in rows if not row.visit_number and row.kind == "page_view" and scope.holds(row)]
    of_visits = grouped(visits, lambda visit: tuple(getattr(visit.entry, column) for column in by))
    of_alone = grouped(alone, lambda row: tuple(getattr(row, column) for column in by))
    answer: Answer = []
    for values in {**of_visits, **of_alone}:
        group, views = of_visits.get(values, []), of_alone.get(values, [])
        pages = sum(scope.holds(page) for visit in group for page in visit.pages)
        answer.append(
            {
                **dict(zip(by, values, strict=True)),  # type: ignore[call-overload]
                "visits": len(group),
                "visitors": len({visit.visitor for visit in group}),
                "page_views": pages + len(views),
                "anonymous_entries": sum(row.channel != "Internal" for row in views),
                "bounce_share": _bounce_share(group),
                "median_seconds": median_low(visit.seconds for visit in group) if group else None,
            }
        )
    return sorted_by(answer, "-visits", "-page_views", *by)


def retention(scope: Scope, rows: Iterable[Row], by: str = "week") -> Answer:
    visits = began(scope, rows)
    first = [visit for visit in visits if visit.number == 1]
    newest = start_of(scope.until - timedelta(milliseconds=1), scope.zone, by)
    answer: Answer = []
    for cohort, group in grouped(first, lambda visit: start_of(visit.started, scope.zone, by)).items():
        visitors = set(map(_who, group))
        line: dict[str, object] = {"cohort": date.fromisoformat(str(cohort)), "visitors": len(visitors)}
        for number in range(1, 9):
            then = _after(str(cohort), number, by)
            later = [visit for visit in visits if start_of(visit.started, scope.zone, by) == then and visit.number > 1]
            line[f"share_{number}"] = None if then > newest else len(visitors & set(map(_who, later))) / len(visitors)
        answer.append(line)
    return sorted_by(answer, "cohort")


def _who(visit: Visited) -> Hashable:
    return (visit.rows[0].site, visit.visitor)


def _after(start: str, number: int, by: str) -> str:
    day = date.fromisoformat(start)
    for _ in range(number):
        day += timedelta(days={"day": 1, "week": 7, "month": 31}[by])
        day = day.replace(day=1) if by == "month" else day
    return day.isoformat()


def funnel(scope: Scope, rows: Iterable[Row], steps: Sequence[str]) -> Answer:
    inside = [row for row in sorted(rows, key=lambda row: row.time) if row.visit_number and scope.holds(row)]
    reached: Counter[int] = Counter()
    for events in grouped(inside, lambda row: (row.site, row.visitor_id)).values():
        done = 0
        for row in events:
            done += done < len(steps) and _is_step(row, steps[done])
        reached.update(range(1, done + 1))
    answer: Answer = []
    for number, step in enumerate(steps, 1):
        before = reached[number - 1] if number > 1 else reached[1]
        share = reached[number] / reached[1] if reached[1] else None
        answer.append(
            {
                "step": number,
                "name": step,
                "visitors": reached[number],
                "share": share,
                "lost": before - reached[number],
            }
        )
    return answer


def _is_step(row: Row, step: str) -> bool:
    kind, _, name = step.rpartition(":")
    if step in ("sign_in", "sign_out"):
        return row.kind == step
    return fnmatchcase(row.name if kind else row.path, name) and row.kind == (kind or "page_view")


def journeys(scope: Scope, rows: Iterable[Row], path: str = "", direction: str = "next") -> Answer:
    steps: list[tuple[str, str, Hashable]] = []
    for visit in visits_of(scope, rows):
        pages = [page.path for page in visit.pages if scope.holds(page)]
        pages = [page for number, page in enumerate(pages) if number == 0 or page != pages[number - 1]]
        if pages:
            steps += [(a, b, visit.visitor) for a, b in zip(["", *pages], [*pages, ""], strict=True)]
    fixed = 1 if direction == "previous" else 0
    steps = [step for step in steps if path in ("", step[fixed])]
    whole = Counter(step[fixed] for step in steps)
    answer: Answer = [
        {
            "from_path": a,
            "to_path": b,
            "times": len(group),
            "visitors": len({visitor for _, _, visitor in group}),
            "share": len(group) / whole[(a, b)[fixed]],
        }
        for (a, b), group in grouped(steps, lambda step: step[:2]).items()  # type: ignore[misc]
    ]
    return sorted_by(answer, "-times", "from_path", "to_path")


def together(scope: Scope, rows: Iterable[Row], kind: str = "document", fewest: int = 3) -> Answer:
    used: dict[Hashable, set[str]] = defaultdict(set)
    for row in rows:
        if row.kind == kind and row.visit_number and scope.holds(row):
            used[(row.site, row.visitor_id)].add(row.path if kind == "page_view" else row.name)
    users: Counter[tuple[str, str]] = Counter()
    pairs: Counter[tuple[str, str, str]] = Counter()
    for (site, _), items in used.items():  # type: ignore[misc]
        users.update((site, item) for item in items)
        pairs.update((site, a, b) for a in items for b in items if a != b)
    answer: Answer = [
        {"item": a, "together_with": b, "visitors": number, "score": number / sqrt(users[(site, a)] * users[(site, b)])}
        for (site, a, b), number in pairs.items()
        if number >= fewest
    ]
    return sorted_by(answer, "-score", "-visitors", "item", "together_with")


def timeline(scope: Scope, rows: Iterable[Row], member: str) -> Answer:
    mine = [one.row for one in linked(rows) if one.member == member and scope.holds(one.row)]
    zone = ZoneInfo(scope.zone)
    mine.sort(key=lambda row: (row.kind, row.path, row.name))
    return [
        {
            "time": row.time.astimezone(zone),
            "site": row.site,
            "kind": row.kind,
            "path": row.path,
            "name": row.name,
            "status": row.status,
            "device": row.device,
            "browser": row.browser,
            "visit_number": row.visit_number,
            "signed_in": bool(row.member_id),
        }
        for row in sorted(mine, key=lambda row: row.time, reverse=True)
    ]
