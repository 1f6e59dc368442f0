"""Exactly once, also where ClickHouse says that it has what it has not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from footfall.event import Drop, Event
from footfall_analytics.clickhouse import Connection, connect, migrate
from footfall_analytics.delivery import deliver
from footfall_analytics.journal import Journal
from footfall_analytics.segments import REJECTED, UNFIT, Batch, next_batch, read_segment
from footfall_analytics.shipped import Shipped

MARCH = 1_772_323_200_000  # 2026-03-01, the first millisecond
VIEW = Event(time_ms=MARCH, site="main", kind="page_view", path="/")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    with connect(f"chdb://{tmp_path_factory.mktemp('delivery')}/clickhouse") as connection:
        yield connection


@pytest.fixture
def connection(engine: Connection) -> Connection:
    engine.client.command("DROP DATABASE IF EXISTS footfall SYNC")
    migrate(engine.client, engine.database)
    return engine


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal")


def sealed(journal: Journal, *records: Event | Drop) -> Batch:
    """A batch of the records."""
    for record in records:
        journal.append(record)
    journal.seal()
    return again(journal)


def again(journal: Journal) -> Batch:
    """The batch as the next shipper finds it."""
    batch = next_batch(journal.directory)
    assert batch is not None
    return batch


def ask(connection: Connection, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.client.query(sql).result_rows]


def vanish(connection: Connection, table: str) -> None:
    """What a kill in the middle of an insert can leave: the engine knows the token, and the rows are not there."""
    connection.client.command(f"ALTER TABLE footfall.{table} DELETE WHERE 1", settings={"mutations_sync": 2})


@pytest.mark.parametrize("table", ["events", "accounting"])
def test_rows_that_are_acknowledged_and_not_there_are_inserted_again(
    connection: Connection, journal: Journal, table: str, caplog: pytest.LogCaptureFixture
) -> None:
    deliver(connection, sealed(journal, VIEW, VIEW, Drop(MARCH, "main", "static", 3)))
    vanish(connection, table)
    deliver(connection, again(journal))
    assert ask(connection, "SELECT count() FROM footfall.events") == [(2,)]
    assert ask(connection, "SELECT sum(requests) FROM footfall.accounting") == [(5,)]
    assert "had the token" in caplog.text


def test_rows_that_vanish_twice_are_inserted_under_yet_another_token(connection: Connection, journal: Journal) -> None:
    deliver(connection, sealed(journal, VIEW))
    for _ in range(2):
        vanish(connection, "events")
        deliver(connection, again(journal))
    assert ask(connection, "SELECT count() FROM footfall.events") == [(1,)]


def test_a_batch_that_is_delivered_again_and_again_is_there_once(connection: Connection, journal: Journal) -> None:
    deliver(connection, sealed(journal, VIEW, Drop(MARCH, "main", "excluded")))
    for _ in range(3):
        deliver(connection, again(journal))
    assert ask(connection, "SELECT count() FROM footfall.events") == [(1,)]
    assert ask(connection, "SELECT sum(requests) FROM footfall.accounting") == [(2,)]


def test_rows_that_are_there_are_believed_when_the_token_may_be_forgotten(
    connection: Connection, journal: Journal
) -> None:
    import os

    batch = sealed(journal, VIEW)
    deliver(connection, batch)
    connection.client.command("ALTER TABLE footfall.events MODIFY SETTING non_replicated_deduplication_window = 0")
    os.utime(batch.manifest, (0, 0))
    deliver(connection, again(journal))
    assert ask(connection, "SELECT count() FROM footfall.events") == [(1,)]


def test_each_month_of_a_batch_is_an_insert_of_its_own(connection: Connection, journal: Journal) -> None:
    """An insert over two partitions is two steps, and could be half done."""
    before = Event(time_ms=MARCH - 1, site="main", kind="page_view")
    deliver(connection, sealed(journal, VIEW, before, VIEW))
    rows = ask(
        connection, "SELECT toMonth(time) AS month, batch, count() FROM footfall.events GROUP BY 1, 2 ORDER BY 1"
    )
    assert [(month, count) for month, _, count in rows] == [(2, 1), (3, 2)]
    assert len({name for _, name, _ in rows}) == 2


def test_a_day_begins_at_midnight_utc(connection: Connection, journal: Journal) -> None:
    deliver(connection, sealed(journal, VIEW, Drop(MARCH - 1, "main", "static")))
    rows = ask(connection, "SELECT toString(day), outcome FROM footfall.accounting ORDER BY day")
    assert rows == [("2026-02-28", "static"), ("2026-03-01", "row")]


@pytest.mark.parametrize(
    "odd",
    [
        {"bytes": -1},
        {"bytes": 2**64},
        {"visitor_id": "not a uuid"},
        {"time_ms": 10**19},
        {"time_ms": -1},
        {"time_ms": 10**17},
        {"policy_version": 70_000},
        {"visit_number": -1},
        {"status": -1},
        {"duration_us": -1},
    ],
    ids=str,
)
def test_an_event_that_fits_into_no_row_is_set_aside_and_takes_no_other_with_it(
    connection: Connection, journal: Journal, odd: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    unfit = Event(**{"time_ms": MARCH, "site": "main", "kind": "page_view", **odd})
    for batch in (sealed(journal, VIEW, unfit, VIEW), again(journal)):
        outcomes = Counter({"row": 2, "failed": 1})
        assert deliver(connection, batch) == Shipped(rows=2, batches=1, outcomes=outcomes)
    assert ask(connection, "SELECT count() FROM footfall.events") == [(2,)]
    counted = ask(connection, "SELECT outcome, sum(requests) FROM footfall.accounting GROUP BY 1 ORDER BY 1")
    assert counted == [("failed", 1), ("row", 2)]
    (path,) = (journal.directory / REJECTED).glob(f"*{UNFIT}")
    assert list(read_segment(path)) == [unfit]
    assert "set aside" in caplog.text


def test_a_torn_line_before_any_whole_one_counts_for_the_day_of_its_journal(
    connection: Connection, journal: Journal, tmp_path: Path
) -> None:
    batch = sealed(journal, VIEW)
    batch.segments[0].write_bytes(b"torn")
    deliver(connection, batch)
    rows = ask(connection, "SELECT outcome, requests, abs(day - toDate(now('UTC'))) <= 1 FROM footfall.accounting")
    assert rows == [("torn", 1, True)]


def test_an_odd_event_behind_many_good_ones_leaves_no_half_of_them(connection: Connection, journal: Journal) -> None:
    """The client sends block by block, and finds out in the last one."""
    unfit = Event(time_ms=MARCH, site="main", kind="page_view", bytes=-1)
    batch = sealed(journal, *[VIEW] * 20_000, unfit)
    assert deliver(connection, batch).rows == 20_000
    assert ask(connection, "SELECT count() FROM footfall.events") == [(20_000,)]
