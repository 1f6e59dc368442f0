"""One set of templates: what it renders for a server and for a cluster is SQL that ClickHouse reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from footfall_analytics.clickhouse import Connection, Layout, connect, role_statements, schema_statements
from footfall_analytics.clickhouse.roles import PERSONAL
from tests.analytics.cli_runner import Run, runner

CLUSTER = Layout(cluster="eu")
LAYOUTS = {"one place": Layout(), "cluster": CLUSTER}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    with connect(f"chdb://{tmp_path_factory.mktemp('layouts')}/clickhouse") as connection:
        yield connection


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    return runner(capsys, monkeypatch)


def statements(layout: Layout) -> list[str]:
    return [*schema_statements("footfall", layout), *role_statements("footfall", layout)]


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_every_statement_is_read_by_the_engine(engine: Connection, layout: Layout) -> None:
    for sql in statements(layout):
        assert "{local}" not in sql
        assert engine.client.query("SELECT formatQuery({sql:String})", parameters={"sql": sql}).result_rows


@pytest.mark.parametrize("option", [["--cluster", "eu"], ["--server"], []], ids=str)
def test_what_the_command_prints_is_read_by_the_engine(engine: Connection, run: Run, option: list[str]) -> None:
    ran = run("schema", "show", *option)
    assert ran.code == 0
    printed = [sql for sql in re.split(r";\n\n", ran.out) if sql.strip()]
    assert len(printed) > 15
    for sql in printed:
        assert engine.client.query("SELECT formatQuery({sql:String})", parameters={"sql": sql}).result_rows


def test_on_a_cluster_every_statement_is_for_all_hosts_and_every_table_is_replicated() -> None:
    for sql in statements(CLUSTER):
        assert "ON CLUSTER `eu`" in sql, sql
        if "MergeTree" in sql:
            assert re.search(r"ENGINE = Replicated\w*MergeTree", sql), sql


def test_on_a_cluster_each_local_table_has_one_that_distributes_by_visitor() -> None:
    text = "\n".join(statements(CLUSTER))
    local = set(re.findall(r"CREATE TABLE IF NOT EXISTS `footfall`\.(\w+)_local", text))
    assert {"events", "visit_states", "member_log", "accounting", "imports", "purpose_terms"} <= local
    assert set(re.findall(r"Distributed\(`eu`, `footfall`, (\w+)_local", text)) == local
    for table in ("events", "visit_states", "member_log"):
        assert re.search(rf"{table}_local, .*cityHash64\(visitor_id\)", text)


def test_on_a_cluster_a_new_column_is_in_both_tables() -> None:
    altered = [sql for sql in statements(CLUSTER) if "ADD COLUMN" in sql]
    assert sum("events_local" in sql for sql in altered) == sum("events ON" in sql for sql in altered) > 0


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_analysts_are_granted_no_table_with_members(layout: Layout) -> None:
    """ASVS 8.2.2: few can see members' data."""
    granted = re.findall(
        r"SELECT ON `footfall`\.(\S+) TO footfall_analyst", "\n".join(role_statements("footfall", layout))
    )
    assert set(granted) & {"*", "events", "visits", "visit_states", "member_log", "member_events", "timeline"} == set()
    assert {"analyst_events", "analyst_visits"} <= set(granted)


def test_what_analysts_see_has_no_column_that_tells_who_somebody_is(engine: Connection) -> None:
    for sql in schema_statements("footfall"):
        engine.client.command(sql)
    views = [sql for sql in role_statements("footfall") if " VIEW " in sql]
    for sql in views:  # the embedded engine has no users, so nobody to be the definer
        engine.client.command(sql.replace(" DEFINER = CURRENT_USER SQL SECURITY DEFINER", ""))
    asked = "SELECT table, name FROM system.columns WHERE database = 'footfall' AND table LIKE 'analyst%'"
    seen = {(table, name) for table, name in engine.client.query(asked).result_rows}
    assert {("analyst_events", "path"), ("analyst_visits", "entry_page")} <= seen
    assert not {name for _, name in seen} & {*PERSONAL, "members", "first_member", "first_member_at"}


def test_every_column_and_table_says_what_it_is(engine: Connection) -> None:
    """Comments in the DDL: an analyst reads them in ``footfall schema show`` and in every client."""
    for sql in schema_statements("footfall"):
        engine.client.command(sql)
    asked = """
        SELECT table, name FROM system.columns
        WHERE database = 'footfall' AND comment = '' AND table IN (
            SELECT name FROM system.tables WHERE database = 'footfall' AND engine LIKE '%MergeTree')"""
    assert engine.client.query(asked).result_rows == []
    asked = "SELECT name FROM system.tables WHERE database = 'footfall' AND engine LIKE '%MergeTree' AND comment = ''"
    assert engine.client.query(asked).result_rows == []
