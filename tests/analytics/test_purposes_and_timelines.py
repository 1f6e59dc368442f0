"""What the views promise: a purpose gets what was collected for it, a member gets all that is theirs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from footfall_analytics.clickhouse import Connection, connect, migrate
from footfall_analytics.journal import Journal
from tests.analytics.report_world import insert, world
from tests.analytics.test_visits import ask, seen, ship


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    with connect(f"chdb://{tmp_path_factory.mktemp('timelines')}/clickhouse") as connection:
        yield connection


@pytest.fixture
def connection(engine: Connection) -> Connection:
    engine.client.command("DROP DATABASE IF EXISTS footfall SYNC")
    migrate(engine.client, engine.database)
    return engine


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal")


def used_for(connection: Connection, purpose: str) -> list[str]:
    return [path for (path,) in ask(connection, f"SELECT path FROM footfall.usage_for(purpose='{purpose}') ORDER BY 1")]


def test_a_purpose_gets_the_rows_whose_visitors_had_granted_it(connection: Connection, journal: Journal) -> None:
    """Promise 7: data is used under the policy it was collected under."""
    ship(
        connection,
        journal,
        seen(0, path="/granted", purposes=("analytics", "personalization"), policy_version=1),
        seen(1, path="/analytics-only", purposes=("analytics",), policy_version=9),
        seen(2, path="/nobody", visitor_id="", visit_number=0, visit_started=0, policy_version=9),
    )
    assert used_for(connection, "personalization") == ["/granted"]
    assert used_for(connection, "analytics") == ["/analytics-only", "/granted"]
    assert used_for(connection, "invented") == []


def test_a_new_use_gets_no_row_of_the_time_before_it_was_stated(connection: Connection, journal: Journal) -> None:
    """A new use needs a new choice: what was granted under the older policy was granted for the older use."""
    granted = {"purposes": ("personalization",)}
    ship(connection, journal, *(seen(v, path=f"/{v}", policy_version=v, **granted) for v in (1, 2, 3)))
    connection.client.command("INSERT INTO footfall.purpose_terms VALUES ('personalization', 3, 0, now64(3))")
    assert used_for(connection, "personalization") == ["/3"]
    connection.client.command("INSERT INTO footfall.purpose_terms VALUES ('personalization', 2, 0, now64(3) + 1)")
    assert used_for(connection, "personalization") == ["/2", "/3"]


def test_a_purpose_with_a_term_gets_no_older_row(connection: Connection) -> None:
    columns = "time, site, path, purposes, visitor_id, visit_number"
    for months in (1, 7):
        connection.client.command(
            f"INSERT INTO footfall.events ({columns}) SELECT subtractMonths(now(), {months}), 'main', '/{months}', "
            "['personalization'], generateUUIDv4(), 1"
        )
    connection.client.command("INSERT INTO footfall.purpose_terms VALUES ('personalization', 0, 6, now64(3))")
    assert used_for(connection, "personalization") == ["/1"]


def test_a_timeline_is_what_member_events_links_to_the_member(connection: Connection) -> None:
    """Both are the same question; one reads a member's rows only."""
    insert(connection.client, "footfall", world())
    for member in ("ada", "bob", "cyd", "nobody"):
        columns = (
            "time, site, kind, path, name, toString(visitor_id) AS visitor, visit_number, member_id != '' AS signed_in"
        )
        linked = ask(
            connection,
            f"SELECT {columns} FROM footfall.member_events WHERE linked_member_id = '{member}' ORDER BY ALL",
        )
        columns = "time, site, kind, path, name, toString(visitor_id) AS visitor, visit_number, signed_in"
        assert ask(connection, f"SELECT {columns} FROM footfall.timeline(member='{member}') ORDER BY ALL") == linked
        assert bool(linked) == (member != "nobody")
    assert ask(connection, "SELECT count() > 0 FROM footfall.timeline(member='ada') WHERE NOT signed_in") == [(True,)]


def test_counts_of_old_batches_become_one_and_keep_their_sum(connection: Connection) -> None:
    columns = "day, site, outcome, source, batch, requests, arrived"
    connection.client.command(
        f"INSERT INTO footfall.accounting ({columns}) SELECT '2026-01-01', 'main', 'row', "
        "if(number < 3, 'journal', 'import'), toString(number), 10 + number, "
        "now() - INTERVAL if(number = 5, 1, 40) DAY FROM numbers(6)"
    )
    connection.client.command("OPTIMIZE TABLE footfall.accounting FINAL")
    rows = ask(connection, "SELECT source, batch, requests FROM footfall.accounting ORDER BY source, batch")
    assert rows == [("import", "", 27), ("import", "5", 15), ("journal", "", 33)]
