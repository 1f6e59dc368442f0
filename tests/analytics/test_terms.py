"""Terms: how long rows are kept, as set, by the tables' own TTL; and which policy stated a purpose."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from footfall_analytics.clickhouse import Connection, Term, connect, migrate, set_terms, terms
from tests.analytics.cli_runner import Run, runner
from tests.analytics.test_visits import ask

TABLES = ("events", "visit_states", "member_log")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    with connect(f"chdb://{tmp_path_factory.mktemp('terms')}/clickhouse") as connection:
        yield connection


@pytest.fixture
def connection(engine: Connection) -> Connection:
    engine.client.command("DROP DATABASE IF EXISTS footfall SYNC")
    migrate(engine.client, engine.database)
    columns = "time, site, visitor_id, visit_number, member_id, batch"
    person = "generateUUIDv4(), 1, 'ada'"
    nobody = "toUUID('00000000-0000-0000-0000-000000000000'), 0, ''"
    for months in (1, 14, 26, 61):
        for who in (person, nobody):
            at = f"subtractMonths(now(), {months})"
            engine.client.command(f"INSERT INTO footfall.events ({columns}) SELECT {at}, 'main', {who}, '{months}'")
    return engine


def kept(connection: Connection, table: str, where: str = "1") -> int:
    connection.client.command(f"OPTIMIZE TABLE footfall.{table} FINAL")
    [(count,)] = ask(connection, f"SELECT count() FROM footfall.{table} WHERE {where}")
    return int(count)


@pytest.mark.parametrize(("months", "left"), [(None, 2), (13, 1)])
def test_people_s_rows_are_gone_after_their_term_from_every_table(
    connection: Connection, months: int | None, left: int
) -> None:
    """CNIL 2020-091: 25 months, unless the site says otherwise."""
    if months:
        set_terms(connection.client, "footfall", retention={"analytics": months})
    assert [kept(connection, table, "visit_number > 0") for table in TABLES] == [left] * 3
    assert kept(connection, "events", "visit_number = 0") == 4


def test_anonymous_rows_stay_unless_they_have_a_term_too(connection: Connection) -> None:
    set_terms(connection.client, "footfall", retention={"anonymous": 24})
    assert kept(connection, "events", "visit_number = 0") == 2
    assert kept(connection, "events", "visit_number > 0") == 2


def test_a_term_that_is_set_leaves_the_others_as_they_are(connection: Connection) -> None:
    set_terms(connection.client, "footfall", retention={"analytics": 13}, stated={"suggestions": 3})
    set_terms(connection.client, "footfall", retention={"anonymous": 60, "suggestions": 6})
    assert terms(connection.client, "footfall") == {
        "analytics": Term(months=13),
        "anonymous": Term(months=60),
        "suggestions": Term(months=6, since_version=3),
    }
    assert [kept(connection, table, "visit_number > 0") for table in TABLES] == [1] * 3


@pytest.mark.parametrize("wrong", [{"analytics": 0}, {"analytics": 10_000}, {"x'; DROP": 3}], ids=str)
def test_a_term_that_is_none_is_refused(connection: Connection, wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="purpose"):
        set_terms(connection.client, "footfall", retention=wrong)
    assert terms(connection.client, "footfall") == {}


def test_the_command_sets_terms_and_says_them(
    tmp_path: Path, connection: Connection, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run: Run = runner(capsys, monkeypatch)
    url = str(connection.target)
    ran = run("schema", "apply", "--analytics", url, "--retention", "analytics=13", "--stated", "suggestions=2")
    assert (ran.code, ran.err) == (0, "")
    assert "analytics: 13 months" in ran.out
    assert "suggestions: as long as rows are kept, stated since policy version 2" in ran.out
    assert run("schema", "apply", "--analytics", url, "--retention", "analytics").code == 2
    assert run("schema", "apply", "--analytics", url, "--retention", "analytics=0").code == 2
