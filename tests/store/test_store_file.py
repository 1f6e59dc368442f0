"""The file of the embedded store: where it is, who may read it, and how it is brought up to date."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from footfall.store import StoreUnavailable, database_file, open_store, schema
from footfall.store.errors import StoreTooNew
from footfall.store.sqlite import SQLiteStore
from tests.store.rows import opened, session

DIALECTS: tuple[schema.Dialect, ...] = ("sqlite", "postgresql")


def test_a_relative_url_is_a_path_in_the_folder_where_the_app_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = open_store("sqlite:///data/store.db")
    monkeypatch.chdir("/")
    store.open()
    store.close()
    assert (tmp_path / "data" / "store.db").exists()


def test_an_absolute_url_has_four_slashes(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    store.open()
    store.close()
    assert (tmp_path / "store.db").exists()


def test_a_passing_store_is_gone_with_its_object() -> None:
    store = open_store("sqlite://:memory:")
    assert isinstance(store, SQLiteStore)
    asyncio.run(store.add_session(session("a")))
    assert asyncio.run(store.session("a")) is not None
    folder = store.path.parent
    store.close()
    del store
    assert not folder.exists()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+other://user:pw-of-somebody@host/db",
        "mysql://host/db",
        "store.db",
        "",
        "sqlite://store.db",
        "sqlite:///",
        "sqlite:///store.db?mode=ro",
        "sqlite:///nul\0",
    ],
)
def test_a_url_that_names_no_store_is_refused_and_told_which_do(url: str) -> None:
    with pytest.raises(ValueError, match=r"sqlite:///relative/path\.db, sqlite:////absolute/path\.db") as error:
        open_store(url)
    assert "pw-of-somebody" not in str(error.value)


def test_the_file_is_private_and_so_are_the_folders_made_for_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = opened(tmp_path / "a" / "b" / "store.db")
        asyncio.run(store.add_session(session("a")))
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "a").rglob("*")}
        store.close()
    finally:
        os.umask(before)
    files = {f"store.db{suffix}": 0o600 for suffix in ("", "-wal", "-shm", "-generation")}
    assert modes == {"b": 0o700, **files}
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700


def test_several_workers_that_start_at_once_apply_each_migration_once(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from footfall.store.sqlite import SQLiteStore; sys.stdin.read(1);"
        "store = SQLiteStore(Path(sys.argv[1])); store.open(); store.close()"
    )
    path = {"PYTHONPATH": ":".join(entry for entry in sys.path if entry)}
    command = [sys.executable, "-c", script, str(tmp_path / "store.db")]
    workers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=path) for _ in range(6)
    ]
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("x")
        worker.stdin.flush()
    assert [worker.communicate()[1] for worker in workers] == [""] * 6
    with sqlite3.connect(tmp_path / "store.db") as database:
        numbers = database.execute("SELECT number FROM schema_migrations ORDER BY number").fetchall()
    database.close()
    assert numbers == [(migration.number,) for migration in schema.migrations("sqlite")]


def test_a_worker_that_starts_while_another_one_prepares_the_file_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite's switch to WAL does not wait by itself."""
    monkeypatch.setattr(database_file, "WRITE_PATIENCE_S", 0.0)
    path = tmp_path / "store.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    release = threading.Timer(0.3, other.execute, ("COMMIT",))
    release.start()
    opened(path).close()
    release.join()
    other.close()


def test_migrations_are_the_same_for_both_databases_and_numbered_without_gaps() -> None:
    numbers = [[(one.number, one.name) for one in schema.migrations(dialect)] for dialect in DIALECTS]
    assert numbers[0] == numbers[1]
    assert [number for number, _ in numbers[0]] == list(range(1, len(numbers[0]) + 1))


def test_the_statements_of_a_migration_keep_a_trigger_whole() -> None:
    script = (
        "CREATE TABLE a (b TEXT);\nCREATE TRIGGER c BEFORE UPDATE ON a\nBEGIN\n    SELECT 1;\n    SELECT 2;\nEND;\n"
    )
    assert len(list(schema.statements(script, "sqlite"))) == 2


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE consent_records (of_another_program TEXT)")
    other.close()
    with pytest.raises(StoreUnavailable, match="not those of this version"):
        opened(path)
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("consent_records",)]
    other.close()


def test_a_store_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    opened(path).close()
    with sqlite3.connect(path) as later:
        later.execute("INSERT INTO schema_migrations VALUES (9999, 'of_the_future')")
    later.close()
    with pytest.raises(StoreTooNew, match="migration 9999"):
        opened(path)
