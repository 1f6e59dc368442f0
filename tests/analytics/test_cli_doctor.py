"""``footfall doctor``: what is well, what is not, and what to do."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from footfall.store import database_file, open_store
from footfall.store.sqlite import SQLiteStore
from footfall_analytics.cli.doctor import storage
from footfall_analytics.clickhouse import Connection, connect, migrate
from tests.analytics.cli_runner import Run, runner
from tests.analytics.report_world import Row, insert
from tests.postgresql import PostgreSQL, rows

KEY = "vJ3xqLr8TnWbYc2ZpKd5sHf7Gm9Qe4Ua"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("doctor")


@pytest.fixture(scope="module")
def connection(data: Path) -> Iterator[Connection]:
    with connect(f"chdb://{data}/clickhouse") as connection:
        yield connection


@pytest.fixture
def database(connection: Connection) -> Connection:
    connection.client.command("DROP DATABASE IF EXISTS footfall")
    migrate(connection.client, "footfall")
    return connection


@pytest.fixture
def store(data: Path) -> Path:
    for path in data.glob("store.db*"):
        path.unlink()
    with closing(open_store(f"sqlite:///{data}/store.db")) as store:
        assert isinstance(store, SQLiteStore)
        store.open()
        return store.path


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, data: Path) -> Run:
    monkeypatch.setenv("FOOTFALL_ANALYTICS", f"chdb://{data}/clickhouse")
    monkeypatch.setenv("FOOTFALL_STORE", f"sqlite:///{data}/store.db")
    monkeypatch.delenv("FOOTFALL_SECRET_KEYS", raising=False)
    return runner(capsys, monkeypatch)


def found(run: Run, *arguments: str) -> tuple[int, dict[str, tuple[object, str]]]:
    """The exit code, and of each check whether it is well and all that is said of it."""
    ran = run("doctor", "--format", "json", *arguments)
    return ran.code, {str(line["check"]): (line["ok"], f"{line['said']}; {line['todo']}") for line in ran.json}


def test_where_nothing_is_yet_nothing_is_wrong_and_nothing_is_made(run: Run, tmp_path: Path) -> None:
    place = ("--analytics", f"chdb://{tmp_path}/data/clickhouse", "--store", f"sqlite:///{tmp_path}/data/store.db")
    code, checks = found(run, *place)
    assert code == 0
    assert {name for name, (ok, _) in checks.items() if ok is None} == {"settings", "clickhouse", "journal", "store"}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("database", "store")
def test_what_is_well_has_a_mark_for_each_line(run: Run, monkeypatch: pytest.MonkeyPatch, journal: Path) -> None:
    monkeypatch.setenv("FOOTFALL_SECRET_KEYS", KEY)
    ran = run("doctor", "--journal", str(journal))
    assert ran.code == 0
    assert [line[:13].rstrip() for line in ran.lines] == [
        f"✓ {name}" for name in ("versions", "settings", "clickhouse", "schema", "clock", "journal", "store", "disk")
    ]
    assert KEY not in ran.out


@pytest.mark.parametrize("keys", ["short", "a" * 40, f"{KEY},abababababababababababababababababab"])
def test_a_weak_key_is_found_and_not_shown(run: Run, monkeypatch: pytest.MonkeyPatch, keys: str) -> None:
    monkeypatch.setenv("FOOTFALL_SECRET_KEYS", keys)
    code, checks = found(run)
    ok, said = checks["settings"]
    assert (code, ok) == (1, False)
    assert "make one with" in said
    assert not any(key in said for key in keys.split(",") if key != "short")


def test_a_missing_migration_names_the_command(run: Run, database: Connection) -> None:
    delete = "ALTER TABLE footfall.schema_versions DELETE WHERE version = 1 SETTINGS mutations_sync = 2"
    database.client.command(delete)
    code, checks = found(run)
    assert (code, checks["schema"][0]) == (1, False)
    assert "footfall schema apply" in checks["schema"][1]


def test_a_newer_schema_says_to_upgrade(run: Run, database: Connection) -> None:
    row = [[9999, "later", datetime.now(UTC)]]
    names = ["version", "name", "applied_at"]
    database.client.insert("schema_versions", row, column_names=names, database="footfall")
    assert "upgrade footfall here" in found(run)[1]["schema"][1]


def test_a_row_from_the_future_says_that_a_clock_is_wrong(run: Run, database: Connection) -> None:
    insert(database.client, "footfall", [Row(time=datetime.now(UTC) + timedelta(hours=2))])
    ok, said = found(run)[1]["clock"]
    assert (ok, "in the future" in said) == (False, True)


def test_a_server_that_does_not_answer_is_found_without_its_password(run: Run) -> None:
    code, checks = found(run, "--analytics", "clickhouse://me:hunter2@127.0.0.1:1/footfall")
    ok, said = checks["clickhouse"]
    assert (code, ok, "hunter2" in said) == (1, False, False)


def test_a_url_that_is_none_is_found(run: Run) -> None:
    code, checks = found(run, "--analytics", "mysql://x", "--store", "redis://x")
    assert (code, checks["clickhouse"][0], checks["store"][0]) == (1, False, False)


def test_a_batch_that_was_set_aside_is_found(run: Run, journal: Path) -> None:
    (journal / "rejected").mkdir()
    (journal / "rejected" / "1.batch").touch()
    assert found(run, "--journal", str(journal))[1]["journal"][0] is False


def test_events_that_wait_for_long_are_found(run: Run, journal: Path) -> None:
    segment = journal / "1.sealed"
    segment.touch()
    assert found(run, "--journal", str(journal))[1]["journal"][0] is True
    os.utime(segment, (time.time() - 600,) * 2)
    ok, said = found(run, "--journal", str(journal))[1]["journal"]
    assert (ok, "footfall ship --once" in said) == (False, True)


def test_a_damaged_store_is_found(run: Run, store: Path) -> None:
    for path in store.parent.glob("store.db*"):
        path.unlink()
    store.write_bytes(b"not a database at all" * 100)
    ok, said = found(run)[1]["store"]
    assert (ok, "damaged" in said) == (False, True)


def test_a_locked_store_is_found(run: Run, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_file, "WRITE_PATIENCE_S", 0.05)
    with closing(sqlite3.connect(store, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        ok, said = found(run)[1]["store"]
    assert (ok, "another process holds its lock" in said) == (False, True)


def test_a_store_on_postgresql_is_looked_at(run: Run, postgresql: PostgreSQL) -> None:
    ok, said = found(run, "--store", postgresql.database())[1]["store"]
    assert (ok, "is up to date and can be written" in said) == (True, True)
    ok, said = found(run, "--store", postgresql.database(tables=False))[1]["store"]
    assert (ok, "footfall schema apply" in said) == (False, True)
    ok, said = found(run, "--store", postgresql.url_of("nowhere"))[1]["store"]
    assert (ok, "createdb" in said) == (False, True)


def test_a_store_that_takes_no_writes_is_found(run: Run, postgresql: PostgreSQL) -> None:
    url = postgresql.database()
    rows(url, "CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA footfall TO reader")
    rows(url, "GRANT SELECT ON ALL TABLES IN SCHEMA footfall TO reader")
    ok, said = found(run, "--store", url.replace("postgres:", "reader:"))[1]["store"]
    assert (ok, "this role may not do so" in said) == (False, True)


def test_a_full_disk_is_found(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "_LEAST_FREE", 2**62)
    ok, said = found(run)[1]["disk"]
    assert (ok, "free some space" in said) == (False, True)
