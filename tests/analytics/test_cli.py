"""The command as a whole: help, versions, the smaller commands."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from footfall import __version__
from footfall.event import Drop, Event
from footfall_analytics.cli import demo, footfall
from footfall_analytics.clickhouse import connect, schema_statements, version_statements
from footfall_analytics.journal import Journal
from tests.analytics.cli_runner import Run, runner
from tests.postgresql import PostgreSQL


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    return runner(capsys, monkeypatch)


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"chdb://{tmp_path}/clickhouse"
    monkeypatch.setenv("FOOTFALL_ANALYTICS", url)
    return url


def test_the_version_is_the_packages(run: Run) -> None:
    assert run("--version").out == f"footfall {__version__}\n"


@pytest.mark.parametrize("name", list(footfall.commands))
def test_every_command_has_help(run: Run, name: str) -> None:
    ran = run(name, "--help")
    assert (ran.code, ran.out.startswith(f"Usage: footfall {name}")) == (0, True)


def test_without_a_command_the_help_is_shown_as_misuse(run: Run) -> None:
    ran = run()
    assert (ran.code, ran.out, ran.err.startswith("Usage: footfall")) == (2, "", True)


def test_a_misspelt_command_is_answered_with_the_nearest(run: Run) -> None:
    ran = run("repot")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "footfall: No such command 'repot'. Did you mean 'report'?; see footfall --help\n"


def test_the_schema_is_shown_without_asking_anybody(run: Run) -> None:
    out = run("schema", "show", "--database", "other").out
    assert [piece.strip() for piece in out.split(";\n\n") if piece.strip()] == [
        statement.rstrip(";") for statement in (*schema_statements("other"), *version_statements("other"))
    ]


def test_a_database_name_that_is_none_is_misuse(run: Run) -> None:
    assert run("schema", "show", "--database", "a`; DROP").code == 2


def test_the_schema_is_applied_once(run: Run, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("schema", "apply").lines[0] == "applied 0001 events"
    assert run("schema", "apply").lines == ["database footfall is up to date"]
    assert not (tmp_path / "footfall-data").exists()


def test_the_schema_is_applied_to_the_store_that_is_named(run: Run, url: str, store_url: str, tmp_path: Path) -> None:
    """The tables are there already on PostgreSQL: they are the ones of all tests."""
    lines = run("schema", "apply", "--store", store_url).lines
    assert "applied 0001 sessions to the store" in lines or store_url.startswith("postgresql")
    assert run("schema", "apply", "--store", store_url).lines[-1].endswith("is up to date")


def test_the_schema_is_applied_to_a_new_database_on_a_server(run: Run, url: str, postgresql: PostgreSQL) -> None:
    lines = run("schema", "apply", "--store", postgresql.database(tables=False)).lines
    assert "applied 0003 append_only to the store" in lines


@pytest.mark.parametrize("of", ["sqlite", "postgresql"])
def test_the_stores_schema_is_shown_for_either_database(run: Run, of: str) -> None:
    out = run("schema", "show", "--of", of).out
    assert "CREATE TABLE sessions" in out
    assert ("plpgsql" in out) == (of == "postgresql")


def test_what_waits_in_the_journal_is_shipped(run: Run, url: str, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    journal.append(Event(time_ms=1_790_000_000_000, site="main", kind="page_view", path="/"))
    journal.append(Drop(1_790_000_000_000, "main", "static"))
    journal.close()
    assert run("ship", "--once").out == "shipped 1 row of 2 requests\n"
    assert run("ship", "--once").out == "shipped 0 rows of 0 requests\n"
    with connect(url) as connection:
        assert connection.client.command("SELECT count() FROM footfall.events") == 1


def test_where_no_journal_is_there_is_nothing_to_ship(run: Run, url: str, tmp_path: Path) -> None:
    ran = run("ship", "--once")
    assert (ran.code, ran.err.startswith("footfall: no journal here")) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_taken_ends_the_demo_in_one_line(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = run("demo", "--port", str(taken.getsockname()[1]))
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1)
    assert "choose another --port" in ran.err


def test_without_the_example_the_demo_says_where_it_is(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("footfall_analytics.__file__", str(tmp_path / "a" / "b" / "__init__.py"))
    ran = run("demo")
    assert (ran.code, "it comes with the source" in ran.err) == (1, True)


def test_without_its_packages_the_demo_says_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "_NEEDED", ("uvicorn", "no_such_package"))
    ran = run("demo")
    assert (ran.code, "no_such_package; install them with: pip install 'footfall[demo]'" in ran.err) == (1, True)
