"""Visits and the copy by member: what is delivered is in them, once, whatever happened on the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from footfall.event import Event
from footfall_analytics.clickhouse import Connection, connect, migrate
from footfall_analytics.delivery import deliver
from footfall_analytics.journal import Journal
from footfall_analytics.segments import Batch, next_batch

MIDNIGHT = 1_772_323_200_000  # 2026-03-01 UTC, milliseconds
VISITOR = "00000000-0000-4000-8000-000000000001"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    with connect(f"chdb://{tmp_path_factory.mktemp('visits')}/clickhouse") as connection:
        yield connection


@pytest.fixture
def connection(engine: Connection) -> Connection:
    engine.client.command("DROP DATABASE IF EXISTS footfall SYNC")
    migrate(engine.client, engine.database)
    return engine


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal")


def seen(at: int, **fields: Any) -> Event:
    """An event of the visitor, so many seconds after midnight, in a visit that began a minute before it."""
    who = {"visitor_id": VISITOR, "visit_number": 1, "visit_started": MIDNIGHT // 1000 - 60, "user_agent": FIREFOX}
    return Event(**{"time_ms": MIDNIGHT + at * 1000, "site": "main", "kind": "page_view", "path": "/", **who, **fields})


def sealed(journal: Journal, *events: Event) -> Batch:
    for event in events:
        journal.append(event)
    journal.seal()
    return again(journal)


def again(journal: Journal) -> Batch:
    batch = next_batch(journal.directory)
    assert batch is not None
    return batch


def ship(connection: Connection, journal: Journal, *events: Event) -> None:
    batch = sealed(journal, *events)
    deliver(connection, batch)
    batch.done()


def ask(connection: Connection, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.client.query(sql).result_rows]


def test_a_visit_over_midnight_and_over_batches_is_one_row(connection: Connection, journal: Journal) -> None:
    ship(connection, journal, seen(-60, path="/first"), seen(-1, path="/second"))
    ship(connection, journal, seen(120, path="/last"), seen(130, kind="document", name="a.pdf"))
    columns = "toString(day), started, ended, seconds, page_views, documents, events, bounced, entry_page, exit_page"
    [row] = ask(connection, f"SELECT {columns} FROM footfall.visits")
    began = datetime(2026, 2, 28, 23, 59, tzinfo=UTC).replace(tzinfo=None)
    assert row[0] == "2026-02-28"
    assert row[1] == began
    assert row[3:] == (190, 3, 1, 4, False, "/first", "/last")


def test_events_that_arrive_late_move_the_entry(connection: Connection, journal: Journal) -> None:
    ship(connection, journal, seen(30, path="/second"))
    ship(connection, journal, seen(10, path="/first", referrer="https://www.google.com/"))
    ship(connection, journal, seen(5, kind="request", path="/form"))
    [row] = ask(connection, "SELECT entry_page, exit_page, source, page_views, requests FROM footfall.visits")
    assert row == ("/first", "/second", "Google", 2, 3)


def test_who_refused_has_no_visit(connection: Connection, journal: Journal) -> None:
    ship(connection, journal, Event(time_ms=MIDNIGHT, site="main", kind="page_view", path="/"))
    assert ask(connection, "SELECT count() FROM footfall.visit_states") == [(0,)]


def test_a_visit_knows_its_members_and_the_copy_has_their_rows_only(connection: Connection, journal: Journal) -> None:
    ship(connection, journal, seen(0), seen(20, member_id="bob"), seen(40))
    ship(connection, journal, seen(10, member_id="ada"))
    assert ask(connection, "SELECT members, first_member FROM footfall.visits") == [(["ada", "bob"], "ada")]
    assert ask(connection, "SELECT member_id FROM footfall.member_log ORDER BY 1") == [("ada",), ("bob",)]
    linked = ask(connection, "SELECT linked_member_id FROM footfall.member_events ORDER BY time")
    assert linked == [("ada",), ("ada",), ("bob",), ("",)]


def test_a_robot_that_accepts_cookies_has_a_visit_of_its_own(connection: Connection, journal: Journal) -> None:
    ship(connection, journal, seen(0), seen(1, user_agent="Googlebot/2.1"))
    rows = ask(connection, "SELECT bot, page_views, bounced FROM footfall.visits ORDER BY bot")
    assert rows == [("", 1, True), ("Googlebot", 1, True)]


ORIGIN = "SELECT source, channel, referrer_host, utm_campaign, entry_page FROM footfall.visits"


@pytest.mark.parametrize("batches", [1, 3], ids=["shipped together", "shipped one by one, the choice last"])
def test_a_visit_that_began_with_the_choice_came_from_where_the_page_that_asked_was_come_to(
    connection: Connection, journal: Journal, batches: int
) -> None:
    """Its first page view was led to by the site's own form, and so was the request that brought the choice."""
    own = {"host": "library.example", "referrer": "https://library.example/"}
    events = [
        seen(2, path="/books", **own),
        seen(1, kind="request", method="POST", path="/privacy", **own),
        seen(
            1,
            kind="consent",
            path="/privacy",
            props={"granted": "analytics", "entry": "/"},
            **{**own, "referrer": "https://www.google.com/search", "query": "utm_campaign=spring"},
        ),
    ]
    for start in range(0, 3, 3 // batches):
        ship(connection, journal, *events[start : start + 3 // batches])
    assert ask(connection, ORIGIN) == [("Google", "Organic Search", "www.google.com", "spring", "/books")]


def test_a_later_choice_changes_nothing_of_where_a_visit_came_from(connection: Connection, journal: Journal) -> None:
    own = {"host": "library.example", "referrer": "https://library.example/"}
    ship(
        connection,
        journal,
        seen(0, kind="consent", path="/privacy", props={"granted": "analytics"}, **own),
        seen(1, host="library.example", referrer="https://duckduckgo.com/"),
    )
    assert ask(connection, ORIGIN) == [("DuckDuckGo", "Organic Search", "duckduckgo.com", "", "/")]
