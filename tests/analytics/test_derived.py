"""Visits and the copy by member hold each event once, whatever happened to the insert or to the views."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from footfall_analytics.clickhouse import Connection, connect, migrate, migrations, schema_statements
from footfall_analytics.clickhouse.feeds import feeds_of
from footfall_analytics.delivery import deliver
from footfall_analytics.journal import Journal
from tests.analytics.test_visits import MIDNIGHT, VISITOR, again, ask, sealed, seen

NOBODY = "00000000-0000-0000-0000-000000000000"
OTHER = "00000000-0000-4000-8000-000000000002"
OLD_SCHEMA = Path(__file__).parents[1] / "fixtures" / "schema_0002.sql"
EVENTS = (seen(0), seen(1, member_id="ada"), seen(2, member_id="ada", kind="document", name="a.pdf"))
FED = "SELECT sum(events), sum(page_views), (SELECT count() FROM footfall.member_log) FROM footfall.visit_states"
WHOLE = [(3, 2, 2)]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    with connect(f"chdb://{tmp_path_factory.mktemp('derived')}/clickhouse") as connection:
        yield connection


@pytest.fixture
def connection(engine: Connection) -> Connection:
    engine.client.command("DROP DATABASE IF EXISTS footfall SYNC")
    migrate(engine.client, engine.database)
    return engine


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal")


def test_a_batch_that_is_delivered_again_counts_once_in_every_table(connection: Connection, journal: Journal) -> None:
    deliver(connection, sealed(journal, *EVENTS))
    for _ in range(2):
        deliver(connection, again(journal))
    assert ask(connection, FED) == WHOLE
    assert ask(connection, "SELECT count() FROM footfall.events") == [(3,)]


def test_a_view_that_fails_is_completed_by_the_retry_once_it_works(connection: Connection, journal: Journal) -> None:
    """ClickHouse keeps the row of the base table when a view throws."""
    [feed] = [feed for feed in feeds_of(statements()) if feed.target.endswith("member_log")]
    connection.client.command(f"DROP VIEW {feed.view}")
    broken = feed.create.replace("member_id != ''", "throwIf(member_id = 'ada') = 0 AND member_id != ''")
    connection.client.command(broken)
    with pytest.raises(DatabaseError, match="throwIf"):
        deliver(connection, sealed(journal, *EVENTS))
    connection.client.command(f"DROP VIEW {feed.view}")
    connection.client.command(feed.create)
    deliver(connection, again(journal))
    assert ask(connection, FED) == WHOLE
    assert ask(connection, "SELECT count() FROM footfall.events") == [(3,)]


@pytest.mark.parametrize("table", ["visit_states", "member_log", "events"])
def test_a_table_that_lost_the_rows_and_knows_their_token_gets_them_back(
    connection: Connection, journal: Journal, table: str, caplog: pytest.LogCaptureFixture
) -> None:
    """What a kill in the middle of an insert can leave."""
    deliver(connection, sealed(journal, *EVENTS))
    connection.client.command(f"ALTER TABLE footfall.{table} DELETE WHERE 1", settings={"mutations_sync": 2})
    deliver(connection, again(journal))
    assert ask(connection, FED) == WHOLE
    assert ask(connection, "SELECT count() FROM footfall.events") == [(3,)]
    assert caplog.text


def test_other_batches_of_the_same_visit_survive_a_repair(connection: Connection, journal: Journal) -> None:
    first = sealed(journal, *EVENTS)
    deliver(connection, first)
    first.done()
    deliver(connection, sealed(journal, seen(9), seen(10, member_id="ada")))
    connection.client.command("ALTER TABLE footfall.visit_states DELETE WHERE 1", settings={"mutations_sync": 2})
    deliver(connection, again(journal))
    assert ask(connection, FED) == [(5, 4, 3)]


def statements() -> list[str]:
    return [sql for one in migrations() for sql in one.statements("footfall")]


@pytest.fixture
def old(engine: Connection) -> Connection:
    """A database as it was after the second schema file, with events in the order of that time."""
    engine.client.command("DROP DATABASE IF EXISTS footfall SYNC")
    foundation = schema_statements("footfall")[:2]
    text = OLD_SCHEMA.read_text(encoding="utf-8").replace("{database}", "footfall")
    for sql in (*foundation, *re.split(r";[ \t]*$", text, flags=re.MULTILINE)[:-1]):
        engine.client.command(sql)
    engine.client.command("INSERT INTO footfall.schema_versions VALUES (1, 'events', now()), (2, 'batches', now())")
    return engine


def insert_old(connection: Connection, batch: str, *rows: tuple[int, str, str, str]) -> None:
    """Rows of (second after midnight, kind, visitor, member), as a shipper of that time inserted them."""
    values = ", ".join(
        f"(fromUnixTimestamp64Milli({MIDNIGHT + at * 1000}), 'main', '{kind}', '/{at}', "
        f"'{visitor}', {int(visitor != NOBODY)}, '{member}', '{batch}')"
        for at, kind, visitor, member in rows
    )
    columns = "time, site, kind, path, visitor_id, visit_number, member_id, batch"
    connection.client.command(
        f"INSERT INTO footfall.events ({columns}) VALUES {values}", settings={"insert_deduplication_token": batch}
    )


def test_rows_of_an_older_schema_are_in_visits_and_copies_after_the_migration(old: Connection) -> None:
    insert_old(old, "a", (-9, "page_view", VISITOR, ""), (-5, "page_view", OTHER, ""), (-1, "request", NOBODY, ""))
    insert_old(
        old, "b", (3, "page_view", VISITOR, "ada"), (4, "document", VISITOR, "ada"), (5, "page_view", NOBODY, "")
    )
    told: list[tuple[str, float]] = []
    migrate(old.client, old.database, lambda what, done: told.append((what, done)))
    columns = f"toString(day), visitor_id = toUUID('{VISITOR}'), events, page_views"
    visits = ask(old, f"SELECT {columns}, entry_page, exit_page, first_member FROM footfall.visits ORDER BY events")
    assert visits == [
        ("2026-02-28", False, 1, 1, "/-5", "/-5", ""),
        ("2026-02-28", True, 3, 2, "/-9", "/3", "ada"),
    ]
    assert ask(old, "SELECT count(), uniq(batch) FROM footfall.member_log") == [(2, 1)]
    assert ("visit_states", 1.0) in told
    assert [done for _, done in told if not 0 <= done <= 1] == []


def test_rows_that_arrive_after_the_migration_are_added_to_those_before(old: Connection, journal: Journal) -> None:
    insert_old(old, "a", (-9, "page_view", VISITOR, ""))
    migrate(old.client, old.database)
    deliver(old, sealed(journal, seen(-5)))
    assert ask(old, "SELECT events FROM footfall.visits") == [(2,)]


def test_a_batch_inserted_before_the_migration_and_acknowledged_after_it_counts_once(
    old: Connection, journal: Journal
) -> None:
    """The segment was still pending: its rows were copied, and the late retry would pass them on once more."""
    batch = sealed(journal, *EVENTS)
    rows = [(0, "page_view", ""), (1, "page_view", "ada"), (2, "document", "ada")]
    insert_old(old, f"{batch.name}-0", *((at, kind, VISITOR, member) for at, kind, member in rows))
    migrate(old.client, old.database)
    assert ask(old, FED) == WHOLE
    deliver(old, again(journal))
    assert ask(old, FED) == WHOLE
    assert ask(old, "SELECT count() FROM footfall.events") == [(3,)]


def test_a_migration_that_was_interrupted_begins_anew(old: Connection) -> None:
    insert_old(old, "a", (-9, "page_view", VISITOR, ""), (3, "page_view", VISITOR, "ada"))

    def interrupted(what: str, done: float) -> None:
        if what == "member_log":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        migrate(old.client, old.database, interrupted)
    migrate(old.client, old.database)
    assert ask(old, "SELECT sum(events), (SELECT count() FROM footfall.member_log) FROM footfall.visit_states") == [
        (2, 1)
    ]
