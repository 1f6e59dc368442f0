"""The reports' rules, each in the smallest case that could break it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from footfall_analytics.clickhouse import Connection, connect
from footfall_analytics.reports import QuestionError, Reports, UnknownReportError
from tests.analytics.report_database import create
from tests.analytics.report_world import Row, at, insert

NOON = at("2026-11-20 12:00")
NOW = at("2026-11-24 09:30")
EVE, ADAM = uuid.UUID(int=1), uuid.UUID(int=2)

Given = Callable[..., Reports]


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    with connect(f"chdb://{tmp_path_factory.mktemp('cases')}/clickhouse") as connection:
        yield connection


@pytest.fixture
def given(connection: Connection) -> Given:
    def reports(*rows: Row) -> Reports:
        database = create(connection.client, "cases")
        if rows:
            insert(connection.client, database.database, rows)
        return Reports(database, clock=lambda: NOW)

    return reports


def view(seconds: float = 0, *, by: uuid.UUID | None = EVE, visit: int = 1, member: str = "", **more: str) -> Row:
    row = Row(time=NOON + timedelta(seconds=seconds), **more)
    return replace(row, visitor_id=by, visit_number=visit, member_id=member) if by else row


def document(seconds: float, *, by: uuid.UUID | None = EVE, name: str = "a.pdf", member: str = "") -> Row:
    return replace(view(seconds, by=by, member=member), kind="document", name=name)


def members_of(reports: Reports, **asked: object) -> dict[object, object]:
    return {line["member"]: line["page_views"] for line in reports.run("members", **asked)}  # type: ignore[arg-type]


# -- whose a view is


def test_views_before_the_sign_in_of_the_visit_are_the_members(given: Given) -> None:
    assert members_of(given(view(0), view(5), view(9, member="ada"))) == {"ada": 3}


@pytest.mark.parametrize("name", ["pages", "traffic"])
def test_a_view_before_the_sign_in_counts_its_member(given: Given, name: str) -> None:
    sign_in = replace(view(9, member="ada"), kind="request")
    [line] = given(view(0, path="/prices"), sign_in).run(name, until=NOON + timedelta(seconds=5))
    assert (line["members"], line["page_views"]) == (1, 1)


@pytest.mark.parametrize("name", ["documents", "databases"])
def test_a_use_before_the_sign_in_counts_its_member(given: Given, name: str) -> None:
    use = replace(document(0), kind=name.removesuffix("s"))
    [line] = given(use, view(9, member="ada")).run(name)
    assert line["members"] == 1


def test_views_after_the_sign_out_are_nobodys(given: Given) -> None:
    assert members_of(given(view(0, member="ada"), view(5), view(9))) == {"ada": 1}


def test_a_second_member_on_the_browser_inherits_nothing(given: Given) -> None:
    assert members_of(given(view(0), view(1, member="ada"), view(2), view(3, member="bob"))) == {"ada": 2, "bob": 1}


def test_an_earlier_visit_without_a_sign_in_is_nobodys(given: Given) -> None:
    assert members_of(given(view(0), view(5000, visit=2, member="ada"))) == {"ada": 1}


def test_a_view_before_the_period_does_not_count_but_a_sign_in_after_it_still_links(given: Given) -> None:
    reports = given(view(0), view(60), view(120, member="ada"))
    assert members_of(reports, since=NOON + timedelta(seconds=30), until=NOON + timedelta(seconds=90)) == {"ada": 1}


def test_who_refused_is_no_member_no_visitor_and_no_visit(given: Given) -> None:
    """The exemption of audience measurement ends where usage is joined to customers (CNIL): no consent, no link."""
    reports = given(view(0, by=None), view(60, by=None))
    assert members_of(reports) == {}
    [day] = reports.traffic()
    assert (day["page_views"], day["visitors"], day["visits"], day["anonymous_share"]) == (2, 0, 0, 1.0)


# -- what counts as one


@pytest.mark.parametrize(("gap", "reads"), [(0.0, 1), (0.001, 1), (30.0, 1), (30.001, 2), (300.0, 2)])
def test_a_double_click_within_30_seconds_is_one_read(given: Given, gap: float, reads: int) -> None:
    """COUNTER Code of Practice 5, §7.2."""
    [line] = given(document(0), document(gap)).documents()
    assert (line["reads"], line["clicks"]) == (reads, 2)


def test_a_row_of_clicks_each_within_30_seconds_of_the_last_is_one_read(given: Given) -> None:
    """COUNTER Code of Practice 5, §7.2."""
    [line] = given(*(document(20 * number) for number in range(9))).documents()
    assert (line["reads"], line["clicks"]) == (1, 9)


def test_two_visitors_and_two_documents_are_no_double_click(given: Given) -> None:
    lines = list(given(document(0), document(1, by=ADAM), document(2, name="b.pdf")).documents())
    assert [(line["name"], line["reads"]) for line in lines] == [("a.pdf", 2), ("b.pdf", 1)]


def test_anonymous_reads_are_never_taken_for_double_clicks(given: Given) -> None:
    [line] = given(document(0, by=None), document(0, by=None)).documents()
    assert (line["reads"], line["anonymous_reads"], line["readers"]) == (2, 2, 0)


def test_a_double_click_over_midnight_counts_once_in_two_days(given: Given) -> None:
    midnight = (at("2026-11-21 00:00") - NOON).total_seconds()
    reports = given(document(midnight - 5), document(midnight + 5))
    first = reports.documents(until="2026-11-20").as_dicts()
    second = reports.documents(since="2026-11-21").as_dicts()
    assert [line["reads"] for line in first + second] == [0, 1]


def test_members_documents_fold_as_documents_do(given: Given) -> None:
    [line] = given(document(0, member="ada"), document(9, member="ada")).members()
    assert line["documents"] == 1


def test_a_visit_over_midnight_counts_on_both_days_and_once_in_the_total(given: Given) -> None:
    midnight = (at("2026-11-21 00:00") - NOON).total_seconds()
    result = given(view(midnight - 1), view(midnight + 1)).traffic()
    assert [line["visits"] for line in result] == [1, 1]
    assert result.total is not None
    assert result.total[result.columns.index("visits")] == 1


def test_the_repeated_hour_of_autumn_is_two_hours(given: Given) -> None:
    rows = (Row(time=at("2026-10-25 00:30")), Row(time=at("2026-10-25 01:30")))
    hours = [line["hour"] for line in given(*rows).traffic(by="hour", timezone="Europe/Berlin")]
    assert [hour.isoformat() for hour in hours if isinstance(hour, datetime)] == [
        "2026-10-25T02:00:00+02:00",
        "2026-10-25T02:00:00+01:00",
    ]


# -- where visits came from


def test_a_view_belongs_to_the_entry_of_its_visit_even_before_the_period(given: Given) -> None:
    reports = given(view(0, source="Google", channel="Organic Search"), view(600, channel="Internal"))
    [line] = reports.sources(since=NOON + timedelta(seconds=60))
    assert (line["source"], line["visits"], line["page_views"]) == ("Google", 1, 1)


def test_the_entry_is_a_page_view_though_a_request_came_first(given: Given) -> None:
    request = replace(view(0, channel="Internal"), kind="request")
    [line] = given(request, view(1, source="Google", channel="Organic Search")).sources()
    assert line["source"] == "Google"


def test_an_anonymous_view_is_an_entry_unless_a_link_of_the_site_led_to_it(given: Given) -> None:
    lines = given(view(by=None, channel="Direct"), view(by=None, channel="Internal")).sources()
    assert {line["channel"]: line["anonymous_entries"] for line in lines} == {"Direct": 1, "Internal": 0}


# -- what is left out, and said


def test_robots_are_left_out_and_the_note_says_how_many(given: Given) -> None:
    reports = given(view(0), view(1, by=None, bot="GPTBot"), view(2, by=None, bot="GPTBot"))
    assert [line["page_views"] for line in reports.pages()] == [1]
    assert reports.pages().notes == ("2 page views by robots left out; --bots counts them",)
    assert [line["page_views"] for line in reports.pages(bots=True)] == [3]
    assert reports.pages(bots=True).notes == ()


def test_sites_are_added_together_and_the_note_says_so(given: Given) -> None:
    reports = given(view(0), view(1, site="shop"))
    assert reports.pages().notes == ("2 sites added together: main, shop; --site keeps to one",)
    assert reports.pages(site="shop").notes == ()


def test_an_empty_database_says_so(given: Given) -> None:
    result = given().pages()
    assert (result.rows, result.total) == ([], None)
    assert "no rows at all yet" in result.notes[0]


def test_a_site_without_rows_is_answered_with_those_that_have_some(given: Given) -> None:
    assert given(view(0)).pages(site="mian").notes == ("site 'mian' has no rows; there are main",)


@pytest.mark.parametrize("name", ["traffic", "pages", "documents", "databases", "members", "sources", "devices"])
def test_an_empty_period_is_an_answer(given: Given, name: str) -> None:
    result = given(view(0, member="ada"), document(5)).run(name, since="2020-01-01", until="2020-12-31")
    assert (result.rows, result.total, result.notes) == ([], None, ())


def test_a_limit_keeps_the_first_rows_and_says_that_there_are_more(given: Given) -> None:
    reports = given(view(0, path="/a"), view(1, path="/b"), view(2, path="/b"))
    assert [line["path"] for line in reports.pages(limit=1)] == ["/b"]
    assert (reports.pages(limit=1).more, reports.pages(limit=2).more) == (True, False)


def test_a_limit_keeps_the_newest_days_and_the_total_of_all(given: Given) -> None:
    days = [view(86_400 * day, visit=day + 1) for day in range(3)]
    result = given(*days).traffic(limit=2)
    assert [str(line["day"]) for line in result] == ["2026-11-21", "2026-11-22"]
    assert result.total is not None
    assert (result.total[1], result.more) == (3, True)


# -- what is odd


def test_odd_paths_sites_and_members_come_back_as_they_are(given: Given) -> None:
    odd = "/'; DROP TABLE events --\\\"\n\t\x1b[31m {x:String} %s ünï✓"
    reports = given(view(0, path=odd, site=odd[:64], member=odd))
    assert reports.pages(site=odd[:64]).as_dicts()[0]["path"] == odd
    assert members_of(reports) == {odd: 1}


def test_the_median_is_of_the_views_that_have_a_duration(given: Given) -> None:
    rows = [replace(view(number), duration_us=us) for number, us in enumerate((0, 0, 0, 1500, 9000, 2500))]
    assert given(*rows).pages().as_dicts()[0]["median_ms"] == 2.5
    assert given(view(0)).pages().as_dicts()[0]["median_ms"] is None


def test_an_unknown_report_suggests_the_nearest(given: Given) -> None:
    with pytest.raises(UnknownReportError, match="did you mean pages"):
        given().run("page")
    with pytest.raises(UnknownReportError, match="there are traffic, visits, pages"):
        given().run("xyz")


@pytest.mark.parametrize("asked", [{"limit": 0}, {"limit": -1}, {"limit": 2**32}, {"by": "minute"}, {"timezone": "x"}])
def test_a_question_that_cannot_be_answered_is_refused(given: Given, asked: dict[str, object]) -> None:
    with pytest.raises(QuestionError, match=next(iter(asked))):
        given().run("traffic", **asked)  # type: ignore[arg-type]


def test_cookies_are_told_by_name_and_route_with_the_reason_and_how_often(given: Given) -> None:
    undeclared = {"reason": "undeclared", "direction": "out", "declared": "no"}
    refused = {"reason": "refused", "direction": "out", "declared": "yes"}
    rows = [
        Row(time=NOON, kind="cookie", name="_ga", route="/books/{id}", path="/books/7", props=undeclared),
        Row(
            time=NOON + timedelta(hours=1),
            kind="cookie",
            name="_ga",
            route="/books/{id}",
            path="/books/8",
            props=undeclared,
        ),
        Row(time=NOON, kind="cookie", name="theme", path="/", props=refused),
        Row(time=NOON, kind="page_view"),
    ]
    assert given(*rows).cookies().rows == [
        ("_ga", "/books/{id}", "out", "undeclared", "no", 2, NOON + timedelta(hours=1)),
        ("theme", "/", "out", "refused", "yes", 1, NOON),
    ]
