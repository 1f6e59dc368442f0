"""The analysts' guide: its SQL and Python run, its commands exist, and its tables are those that there are."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from footfall.event import DropReason, Kind
from footfall_analytics.cli import footfall
from footfall_analytics.clickhouse import Connection, connect, migrate
from footfall_analytics.reports import CATALOG
from tests.analytics.cli_runner import Run, runner
from tests.analytics.report_world import Row, insert, world

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "analysts.md").read_text(encoding="utf-8")
VALUES = {"document": "a.pdf", "member": "ada", "path": "/"}


def code(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def table(heading: str) -> list[list[str]]:
    """The cells of the first table after a text, without its head."""
    lines = GUIDE[GUIDE.index(heading) :].splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("|"))
    rows = []
    for line in lines[first + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("analysts")


@pytest.fixture(scope="module")
def connection(place: Path) -> Iterator[Connection]:
    rows = world()
    for row in rows[:20]:
        rows += [replace(row, kind="consent", name="accept_all"), replace(row, kind="cookie", name="_ga")]
    with connect(f"chdb://{place}/footfall-data/clickhouse") as connection:
        migrate(connection.client, "footfall")
        insert(connection.client, "footfall", rows)
        yield connection


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, connection: Connection, place: Path
) -> Run:
    monkeypatch.chdir(place)
    monkeypatch.delenv("FOOTFALL_ANALYTICS", raising=False)
    return runner(capsys, monkeypatch)


@pytest.mark.parametrize("query", code("sql"), ids=lambda query: query.split("\n")[1].strip()[:40])
def test_a_query_of_the_guide_has_an_answer(run: Run, query: str) -> None:
    params = [f"--param={name}={value}" for name, value in VALUES.items() if f"{{{name}:" in query]
    ran = run("sql", query, *params, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.json


@pytest.mark.parametrize("program", code("python"), ids=lambda program: program.split("\n")[0])
@pytest.mark.usefixtures("connection")
def test_the_python_of_the_guide_runs(place: Path, program: str) -> None:
    paths = os.pathsep.join(str(ROOT / part) for part in ("middleware", "analytics"))
    environment = {**os.environ, "PYTHONPATH": paths}
    command = [sys.executable, "-W", "error", "-c", program]
    ran = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout


@pytest.mark.parametrize("line", [line for block in code("sh") for line in block.splitlines()])
def test_a_command_of_the_guide_is_understood(run: Run, place: Path, line: str) -> None:
    (place / "query.sql").write_text("SELECT 1")
    line = line.replace("Parquet", "TSV")  # the same, but text
    command, *arguments = shlex.split(line.partition(" > ")[0], comments=True)
    assert (command, arguments[0] in footfall.commands) == ("footfall", True)
    if arguments[0] == "import":
        arguments = ["import", "--help"]
    ran = run(*arguments)
    assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize("name", re.findall(r"^### `(\w+)`(?=.*\n\n\| column)", GUIDE, re.MULTILINE))
def test_the_columns_of_a_table_are_those_of_the_guide(connection: Connection, name: str) -> None:
    asked = "SELECT name, type, comment FROM system.columns WHERE database = 'footfall' AND table = {name:String}"
    there = connection.client.query(f"{asked} ORDER BY position", parameters={"name": name}).result_rows
    assert table(f"### `{name}`") == [[f"`{column}`", f"`{kind}`", comment] for column, kind, comment in there]


def test_the_tables_are_those_of_the_guide(connection: Connection) -> None:
    asked = "SELECT name FROM system.tables WHERE database = 'footfall'"
    there = {name for (name,) in connection.client.query(asked).result_rows}
    described = set(re.findall(r"^### `(\w+)`", GUIDE, re.MULTILINE))
    assert (
        described | {name for row in table("### The others") for cell in row for name in names(cell)} & there == there
    )
    assert described <= there


def test_the_kinds_are_those_of_the_guide() -> None:
    assert [name for row in table("| `kind` | is |") for name in names(row[0])] == list(Kind.__args__)


def test_the_reasons_are_those_of_the_guide() -> None:
    [row] = [row for row in table("### The others") if row[0] == "`accounting`"]
    assert set(DropReason.__args__) <= set(names(row[1]))


def test_the_reports_and_their_columns_are_those_of_the_guide() -> None:
    rows = table("| report | a row is |")
    assert [names(row[0])[0] for row in rows] == list(CATALOG)
    for name, key, columns in rows:
        told = re.sub(r"`share_1` … `share_8`", " ".join(f"`share_{n}`" for n in range(1, 9)), columns)
        asked = set(CATALOG[names(name)[0]].columns)
        assert set(names(told)) <= asked
        assert set(CATALOG[names(name)[0]].measures) <= set(names(told + key))


def test_the_world_of_these_tests_has_every_kind_that_is_asked_for(connection: Connection) -> None:
    kinds = connection.client.query("SELECT DISTINCT kind FROM footfall.events").result_columns[0]
    assert {"page_view", "request", "document", "database", "consent", "cookie"} <= set(kinds)
    assert isinstance(world()[0], Row)
