"""The accounting: requests served = rows + reasons, and the rows are there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from footfall_analytics.clickhouse import Connection, connect
from footfall_analytics.reports import Reports
from footfall_analytics.reports import accounting as rules
from tests.analytics.report_database import Database, create
from tests.analytics.report_world import Row, account, at, insert

DAY = date(2026, 11, 20)
NOON = at("2026-11-20 12:00")


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    with connect(f"chdb://{tmp_path_factory.mktemp('accounting')}/clickhouse") as connection:
        yield connection


@pytest.fixture
def database(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setattr(rules, "SETTLE", ())  # nobody is shipping
    return create(connection.client, "accounts")


def reports(database: Database) -> Reports:
    return Reports(database, clock=lambda: at("2026-11-24 09:30"))


def test_every_request_is_a_row_or_a_counted_reason(database: Database) -> None:
    insert(
        database.client, database.database, [Row(time=NOON), Row(time=NOON, kind="request"), Row(time=NOON, bot="x")]
    )
    account(database.client, database.database, Counter({(DAY, "main", "static"): 5, (DAY, "main", "health"): 2}))
    result = reports(database).accounting()
    assert result.as_dicts() == [
        {"outcome": "row", "requests": 3, "share": 0.3},
        {"outcome": "static", "requests": 5, "share": 0.5},
        {"outcome": "health", "requests": 2, "share": 0.2},
    ]
    assert result.notes == ("10 requests = 3 rows + 7 counted by reason",)
    assert result.problems == ()


def test_what_is_no_request_is_not_counted(database: Database) -> None:
    insert(database.client, database.database, [Row(time=NOON), Row(time=NOON, kind="document", name="a.pdf")])
    assert reports(database).accounting().problems == ()


def test_a_row_that_was_counted_and_is_not_there_is_a_problem(database: Database) -> None:
    insert(database.client, database.database, [Row(time=NOON)])
    account(database.client, database.database, Counter({(DAY, "main", "row"): 1}))
    assert reports(database).accounting().problems == ("2026-11-20 main: 2 rows counted, 1 row in the table",)


def test_a_row_that_nobody_counted_is_a_problem(database: Database) -> None:
    insert(database.client, database.database, [Row(time=NOON)])
    values = [[NOON, "shop", "page_view"]]
    database.client.insert("events", values, column_names=["time", "site", "kind"], database=database.database)
    assert reports(database).accounting().problems == ("2026-11-20 shop: 0 rows counted, 1 row in the table",)
    assert reports(database).accounting(site="main").problems == ()


def test_days_that_even_out_are_two_problems(database: Database) -> None:
    """A sum over the period would hide a row on the wrong day."""
    insert(database.client, database.database, [Row(time=NOON)])
    account(database.client, database.database, Counter({(date(2026, 11, 21), "main", "row"): 1}))
    values = [[NOON, "main", "page_view"]]
    database.client.insert("events", values, column_names=["time", "site", "kind"], database=database.database)
    assert len(reports(database).accounting().problems) == 2


def test_what_was_kept_for_its_25_months_may_be_gone(database: Database) -> None:
    """CNIL: audience data is kept for 25 months at most; imported rows are nobody's, and stay."""
    account(database.client, database.database, Counter({(date(2024, 10, 24), "main", "row"): 3}))
    account(database.client, database.database, Counter({(date(2024, 10, 25), "main", "row"): 3}))
    account(database.client, database.database, Counter({(date(2015, 5, 17), "main", "row"): 3}), source="import")
    assert [problem[:10] for problem in reports(database).accounting().problems] == ["2015-05-17", "2024-10-25"]


def test_many_problems_are_cut_short(database: Database) -> None:
    counts = Counter({(date(2026, 11, day), "main", "row"): 1 for day in range(1, 15)})
    account(database.client, database.database, counts)
    problems = reports(database).accounting().problems
    assert len(problems) == 11
    assert problems[-1] == "and 4 days more"


def test_a_batch_between_its_two_inserts_is_given_time(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "SETTLE", (0.0, 0.0))
    values = [[NOON, "main", "page_view"]]
    database.client.insert("events", values, column_names=["time", "site", "kind"], database=database.database)

    def arrives(_: float) -> None:
        account(database.client, database.database, Counter({(DAY, "main", "row"): 1}))

    monkeypatch.setattr(rules.time, "sleep", arrives)
    assert reports(database).accounting().problems == ()


def test_the_period_is_widened_to_whole_days_in_utc(database: Database) -> None:
    insert(database.client, database.database, [Row(time=NOON), Row(time=at("2026-11-21 12:00"))])
    result = reports(database).accounting(since="2026-11-20T18:00", until="2026-11-20T23:00", timezone="Asia/Tokyo")
    assert str(result.period) == "2026-11-20 (UTC)"
    assert [line["requests"] for line in result] == [1]


def test_days_of_drops_alone_belong_to_everything(database: Database) -> None:
    account(database.client, database.database, Counter({(DAY, "main", "static"): 5}))
    assert [line["requests"] for line in reports(database).accounting()] == [5]


def test_a_site_of_which_nothing_became_a_row_is_named(database: Database) -> None:
    insert(database.client, database.database, [Row(time=NOON)])
    account(database.client, database.database, Counter({(DAY, "cdn", "static"): 5}))
    assert reports(database).accounting().notes[0] == "2 sites added together: cdn, main; --site keeps to one"
    assert [line["requests"] for line in reports(database).accounting(site="cdn")] == [5]


def test_without_requests_there_is_nothing_to_balance(database: Database) -> None:
    result = reports(database).accounting()
    assert (result.rows, result.problems) == ([], ())
    assert "no rows at all yet" in result.notes[0]
