"""Every report against an independent computation over the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from footfall_analytics.clickhouse import connect
from footfall_analytics.reports import Reports, Result
from tests.analytics import report_answers as answers
from tests.analytics.report_answers import Scope
from tests.analytics.report_database import create
from tests.analytics.report_world import Row, at, insert, world

NOW = at("2026-11-24 12:00")
ALL = Scope(since=at("2026-01-01 00:00"), until=at("2027-01-01 00:00"))
SCOPES = {
    "everything": ALL,
    "one site": Scope(since=ALL.since, until=ALL.until, site="shop"),
    "robots too": Scope(since=ALL.since, until=ALL.until, bots=True),
    "the spring day of 23 hours, in Berlin": Scope(
        since=at("2026-03-28 23:00"), until=at("2026-03-29 22:00"), zone="Europe/Berlin"
    ),
    "the autumn day of 25 hours, in Berlin": Scope(
        since=at("2026-10-24 22:00"), until=at("2026-10-25 23:00"), zone="Europe/Berlin"
    ),
    "a zone of 45 minutes": Scope(since=ALL.since, until=ALL.until, zone="Asia/Kathmandu"),
    "from the middle of visits": Scope(since=at("2026-10-25 01:23"), until=at("2026-10-25 10:17"), zone="UTC"),
}
LISTED = {
    "pages": answers.pages,
    "documents": answers.documents,
    "databases": answers.databases,
    "members": answers.members,
    "sources": answers.sources,
    "devices": answers.devices,
}


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return world()


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory, rows: list[Row]) -> Iterator[Reports]:
    with connect(f"chdb://{tmp_path_factory.mktemp('reports')}/clickhouse") as connection:
        database = create(connection.client, "reports")
        insert(connection.client, database.database, rows)
        yield Reports(database, clock=lambda: NOW)


def iso(moment: object) -> str:
    assert isinstance(moment, date)  # a datetime is one
    return moment.isoformat()


def ask(reports: Reports, name: str, scope: Scope, **more: str) -> Result:
    return reports.run(
        name, since=scope.since, until=scope.until, site=scope.site, bots=scope.bots, timezone=scope.zone, **more
    )


@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
@pytest.mark.parametrize("name", LISTED)
def test_a_report_is_what_plain_python_computes(reports: Reports, rows: list[Row], name: str, scope: Scope) -> None:
    expected = LISTED[name](scope, rows)
    assert ask(reports, name, scope).as_dicts() == expected
    assert expected


@pytest.mark.parametrize("by", ["hour", "day", "week", "month"])
@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
def test_traffic_is_what_plain_python_computes(reports: Reports, rows: list[Row], scope: Scope, by: str) -> None:
    result = ask(reports, "traffic", scope, by=by)
    assert [{**line, by: iso(line[by])} for line in result] == answers.traffic(scope, rows, by)


@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
def test_the_total_of_traffic_counts_each_visitor_once(reports: Reports, rows: list[Row], scope: Scope) -> None:
    result = ask(reports, "traffic", scope)
    assert result.total is not None
    expected = answers.traffic_of([one for one in answers.linked(rows) if scope.holds(one.row)])
    assert dict(zip(result.columns[1:], result.total[1:], strict=True)) == expected


def test_the_world_is_worth_asking_about(rows: list[Row]) -> None:
    linked = answers.linked(rows)
    assert any(one.member and not one.row.member_id for one in linked)  # before a sign-in
    assert any(one.folded for one in linked)  # a double-click
    visits = answers.grouped(linked, lambda one: answers.visit_of(one.row))
    assert any(len({one.row.member_id for one in visit} - {""}) > 1 for visit in visits.values())  # two on a browser
    assert any(
        len({one.row.time.date() for one in visit}) > 1 for visit in visits.values() if visit[0].row.visit_number
    )
