"""Every report against an independent computation over the same rows."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from footfall_analytics.clickhouse import connect
from footfall_analytics.reports import CATALOG, Reports, Result
from tests.analytics import report_answers as answers
from tests.analytics import report_row_answers as row_answers
from tests.analytics import report_visit_answers as visit_answers
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
    "devices": answers.devices,
    "entry": visit_answers.entry,
    "exit": visit_answers.exit_pages,
    "retention": visit_answers.retention,
    "journeys": visit_answers.journeys,
    "errors": row_answers.errors,
    "slow": row_answers.slow,
    "bots": row_answers.bots,
    "cookies": row_answers.cookies,
    "consent": row_answers.consent,
}
ORIGINS = {
    "sources": ("source", "channel"),
    "channels": ("channel",),
    "campaigns": ("utm_source", "utm_medium", "utm_campaign"),
}
STEPS = ["/", "document:*.pdf", "/books/*", "event:order"]


#: For reports that are asked in several ways.
FEW = {
    name: SCOPES[name] for name in ("one site", "the autumn day of 25 hours, in Berlin", "from the middle of visits")
}


ERASED = uuid.UUID(int=1)


def erased(rows: Sequence[Row]) -> list[Row]:
    """Somebody who did what another did, was a member, and is gone before anybody asks: no report may know of them."""
    somebody = next(row.visitor_id for row in rows if row.member_id)
    return [replace(row, visitor_id=ERASED, member_id="eve") for row in rows if row.visitor_id == somebody]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return world()


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory, rows: list[Row]) -> Iterator[Reports]:
    with connect(f"chdb://{tmp_path_factory.mktemp('reports')}/clickhouse") as connection:
        database = create(connection.client, "reports")
        insert(connection.client, database.database, [*rows, *erased(rows)], batches=3)
        for table in ("events", "member_log", "visit_states"):
            gone = f"ALTER TABLE {database.database}.{table} DELETE WHERE visitor_id = '{ERASED}'"
            connection.client.command(f"{gone} SETTINGS mutations_sync = 2")
        yield Reports(database, clock=lambda: NOW)


def iso(moment: object) -> str:
    assert isinstance(moment, date)  # a datetime is one
    return moment.isoformat()


def ask(reports: Reports, name: str, scope: Scope, **more: Any) -> Result:
    return reports.run(
        name, since=scope.since, until=scope.until, site=scope.site, bots=scope.bots, timezone=scope.zone, **more
    )


@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
@pytest.mark.parametrize("name", LISTED)
def test_a_report_is_what_plain_python_computes(reports: Reports, rows: list[Row], name: str, scope: Scope) -> None:
    expected = LISTED[name](scope, rows)
    assert ask(reports, name, scope).as_dicts() == expected
    assert expected


@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
@pytest.mark.parametrize("name", ORIGINS)
def test_origins_are_what_plain_python_computes(reports: Reports, rows: list[Row], name: str, scope: Scope) -> None:
    assert ask(reports, name, scope).as_dicts() == visit_answers.origins(scope, rows, *ORIGINS[name])


@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
def test_origins_divide_all_page_views(reports: Reports, scope: Scope) -> None:
    total = ask(reports, "traffic", scope).total
    assert total is not None
    for name in ORIGINS:
        assert sum(int(str(line["page_views"])) for line in ask(reports, name, scope)) == total[1]


@pytest.mark.parametrize("scope", FEW.values(), ids=FEW)
@pytest.mark.parametrize("dimension", ["country", "browser", "language", "status", "route"])
def test_a_breakdown_is_what_plain_python_computes(
    reports: Reports, rows: list[Row], dimension: str, scope: Scope
) -> None:
    result = ask(reports, "breakdown", scope, dimension=dimension)
    assert result.as_dicts() == row_answers.breakdown(scope, rows, dimension)


def test_countries_are_the_breakdown_by_country(reports: Reports, rows: list[Row]) -> None:
    assert ask(reports, "countries", ALL).as_dicts() == row_answers.breakdown(ALL, rows, "country", "country")


@pytest.mark.parametrize("scope", FEW.values(), ids=FEW)
@pytest.mark.parametrize("member", ["ada", "bob", "cyd", "nobody"])
def test_a_timeline_is_what_plain_python_computes(reports: Reports, rows: list[Row], member: str, scope: Scope) -> None:
    found = ask(reports, "timeline", scope, member=member).as_dicts()
    assert found == visit_answers.timeline(scope, rows, member)


@pytest.mark.parametrize("scope", FEW.values(), ids=FEW)
@pytest.mark.parametrize("steps", [STEPS, ["/", "*"], ["sign_in", "sign_out", "database:a*"]], ids=str)
def test_a_funnel_is_what_plain_python_computes(
    reports: Reports, rows: list[Row], steps: list[str], scope: Scope
) -> None:
    assert ask(reports, "funnel", scope, steps=steps).as_dicts() == visit_answers.funnel(scope, rows, steps)


@pytest.mark.parametrize("scope", FEW.values(), ids=FEW)
@pytest.mark.parametrize("direction", ["next", "previous"])
def test_journeys_of_one_page_are_what_plain_python_computes(
    reports: Reports, rows: list[Row], direction: str, scope: Scope
) -> None:
    result = ask(reports, "journeys", scope, path="/about", direction=direction)
    assert result.as_dicts() == visit_answers.journeys(scope, rows, "/about", direction)


@pytest.mark.parametrize("by", ["day", "week", "month"])
@pytest.mark.parametrize("scope", FEW.values(), ids=FEW)
def test_retention_is_what_plain_python_computes(reports: Reports, rows: list[Row], scope: Scope, by: str) -> None:
    assert ask(reports, "retention", scope, by=by).as_dicts() == visit_answers.retention(scope, rows, by)


@pytest.mark.parametrize("kind", ["page_view", "document", "database"])
def test_together_is_what_plain_python_computes(reports: Reports, rows: list[Row], kind: str) -> None:
    for scope in SCOPES.values():
        assert ask(reports, "together", scope, kind=kind).as_dicts() == visit_answers.together(scope, rows, kind)


@pytest.mark.parametrize("by", ["language", "country", "layer", "choice", "day", "month"])
@pytest.mark.parametrize("scope", FEW.values(), ids=FEW)
def test_consent_is_what_plain_python_computes(reports: Reports, rows: list[Row], scope: Scope, by: str) -> None:
    result = ask(reports, "consent", scope, by=by)
    assert result.as_dicts() == row_answers.consent(scope, rows, by)
    assert result.figures == row_answers.shares(scope, rows)


@pytest.mark.parametrize("by", ["hour", "day", "week", "month"])
@pytest.mark.parametrize("scope", FEW.values(), ids=FEW)
def test_visits_over_time_are_what_plain_python_computes(
    reports: Reports, rows: list[Row], scope: Scope, by: str
) -> None:
    result = ask(reports, "visits", scope, by=by)
    assert [{**line, by: iso(line[by])} for line in result] == visit_answers.visits(scope, rows, by)
    assert result.total is not None
    expected = visit_answers.visits_line(visit_answers.began(scope, rows))
    assert dict(zip(result.columns[1:], result.total[1:], strict=True)) == expected


@pytest.mark.parametrize("by", ["hour", "day", "week", "month"])
@pytest.mark.parametrize("scope", FEW.values(), ids=FEW)
def test_traffic_is_what_plain_python_computes(reports: Reports, rows: list[Row], scope: Scope, by: str) -> None:
    result = ask(reports, "traffic", scope, by=by)
    assert [{**line, by: iso(line[by])} for line in result] == answers.traffic(scope, rows, by)


@pytest.mark.parametrize("scope", FEW.values(), ids=FEW)
def test_the_total_of_traffic_counts_each_visitor_once(reports: Reports, rows: list[Row], scope: Scope) -> None:
    result = ask(reports, "traffic", scope)
    assert result.total is not None
    expected = answers.traffic_of([one for one in answers.linked(rows) if scope.holds(one.row)])
    assert dict(zip(result.columns[1:], result.total[1:], strict=True)) == expected


PURPOSE = "personalization"


@pytest.mark.parametrize("scope", [ALL, SCOPES["from the middle of visits"]], ids=["everything", "a part"])
@pytest.mark.parametrize("name", ["pages", "documents", "members", "entry", "exit", "journeys", "slow"])
def test_for_another_purpose_a_report_sees_only_what_was_granted_for_it(
    reports: Reports, rows: list[Row], name: str, scope: Scope
) -> None:
    """GDPR 5(1)(b), 6(4): what was collected for one purpose is not used for another."""
    granted = [row for row in rows if PURPOSE in row.purposes]
    result = ask(reports, name, scope, purpose=PURPOSE)
    assert result.as_dicts() == LISTED[name](scope, granted) != LISTED[name](scope, rows)
    assert result.purpose == PURPOSE
    assert f"only rows that were granted for {PURPOSE}" in result.notes


def test_origins_retention_and_funnels_are_bound_to_a_purpose_too(reports: Reports, rows: list[Row]) -> None:
    granted = [row for row in rows if PURPOSE in row.purposes]
    sources = ask(reports, "sources", ALL, purpose=PURPOSE).as_dicts()
    assert sources == visit_answers.origins(ALL, granted, "source", "channel")
    assert ask(reports, "retention", ALL, purpose=PURPOSE).as_dicts() == visit_answers.retention(ALL, granted)
    assert ask(reports, "funnel", ALL, purpose=PURPOSE, steps=STEPS).as_dicts() == visit_answers.funnel(
        ALL, granted, STEPS
    )


def _of_visits(rows: Sequence[Row], keep: Callable[[visit_answers.Visited], bool]) -> set[object]:
    everything = Scope(since=ALL.since, until=ALL.until)
    return {answers.visit_of(visit.rows[0]) for visit in visit_answers.visits_of(everything, rows) if keep(visit)}


def _kept(rows: Sequence[Row], where: str) -> list[Row]:
    """The rows that a filter keeps, by its definition."""
    if where == "country=DE":
        return [row for row in rows if row.country == "DE"]
    if where == "path=/books/*":
        return [row for row in rows if row.path.startswith("/books/")]
    if where == "browser!=Safari":
        return [row for row in rows if row.browser != "Safari"]
    if where == "source=Google":
        visits = _of_visits(rows, lambda visit: visit.entry.source == "Google")
        alone = [row for row in rows if not row.visit_number and row.source == "Google"]
        return [row for row in rows if row.visit_number and answers.visit_of(row) in visits] + alone
    visits = _of_visits(rows, lambda visit: bool(visit.pages) and visit.pages[0].path == "/about")
    return [row for row in rows if row.visit_number and answers.visit_of(row) in visits]


WHERE = ["country=DE", "path=/books/*", "browser!=Safari", "source=Google", "entry=/about"]


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("name", ["devices", "slow", "errors"])
def test_a_filter_keeps_the_rows_that_plain_python_keeps(
    reports: Reports, rows: list[Row], name: str, where: str
) -> None:
    assert ask(reports, name, ALL, filters=[where]).as_dicts() == LISTED[name](ALL, _kept(rows, where))


@pytest.mark.parametrize("where", ["country=DE", "browser!=Safari", "source=Google", "entry=/about"])
@pytest.mark.parametrize("name", ["entry", "exit", "retention", "journeys"])
def test_a_filter_keeps_the_visits_that_plain_python_keeps(
    reports: Reports, rows: list[Row], name: str, where: str
) -> None:
    kept = _kept(rows, where)
    expected = LISTED[name](ALL, kept)
    if name == "retention":
        firsts = {row.visitor_id for row in kept if row.visit_number == 1}
        expected = LISTED[name](ALL, [row for row in rows if row.visitor_id in firsts])
    assert ask(reports, name, ALL, filters=[where]).as_dicts() == expected


def test_a_page_keeps_the_visits_that_looked_at_it(reports: Reports, rows: list[Row]) -> None:
    seen = _of_visits(rows, lambda visit: any(page.path == "/books/1" for page in visit.pages))
    kept = [row for row in rows if row.visit_number and answers.visit_of(row) in seen]
    assert ask(reports, "entry", ALL, filters=["path=/books/1"]).as_dicts() == visit_answers.entry(ALL, kept)


AUTUMN = {"since": date(2026, 10, 25), "until": date(2026, 10, 25), "timezone": "Europe/Berlin"}


@pytest.mark.parametrize("name", ["pages", "countries", "sources"])
def test_a_comparison_is_with_the_same_question_of_the_day_before(reports: Reports, name: str) -> None:
    """The day has 25 hours, and the one before it 24: a day is compared with a day."""
    asked: Any = AUTUMN
    now = reports.run(name, **asked)
    before = reports.run(name, **{**asked, "since": date(2026, 10, 24), "until": date(2026, 10, 24)})
    found = reports.run(name, compare=True, **asked)
    keys = CATALOG[name].keys
    then = {row[:keys]: dict(zip(before.columns, row, strict=True)) for row in before.rows}
    assert found.previous == before.period
    assert [row[:keys] for row in found.rows] == [row[:keys] for row in now.rows]
    for row, line in zip(found.rows, found, strict=True):
        earlier = then.get(row[:keys], {})
        for measure in CATALOG[name].measures:
            was = earlier.get(measure, 0)
            assert line[f"{measure}_previous"] == was
            assert line[f"{measure}_change"] == (line[measure] / was - 1 if was else None)  # type: ignore[operator]


def test_hours_of_a_day_of_25_are_all_there_and_compared_in_order(reports: Reports) -> None:
    asked: Any = AUTUMN
    found = reports.traffic(by="hour", compare=True, **asked)
    now = {iso(line["hour"]): line["page_views"] for line in reports.traffic(by="hour", **asked)}
    assert len(found) == 25
    assert len({iso(line["hour"]) for line in found}) == 25
    assert {iso(line["hour"]): line["page_views"] for line in found if line["page_views"]} == {
        hour: views for hour, views in now.items() if views
    }
    assert found.rows[24][2] is None  # the day before had no 25th hour


def test_the_world_is_worth_asking_about(rows: list[Row]) -> None:
    linked = answers.linked(rows)
    assert any(one.member and not one.row.member_id for one in linked)  # before a sign-in
    assert any(one.folded for one in linked)  # a double-click
    assert erased(rows)
    devices = {(one.member, one.row.visitor_id) for one in linked if one.member}
    assert len(devices) > len({member for member, _ in devices})  # a member on two browsers
    visits = answers.grouped(linked, lambda one: answers.visit_of(one.row))
    assert any(len({one.row.member_id for one in visit} - {""}) > 1 for visit in visits.values())  # two on a browser
    assert any(
        len({one.row.time.date() for one in visit}) > 1 for visit in visits.values() if visit[0].row.visit_number
    )
