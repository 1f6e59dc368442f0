"""What is SQLite's own: the file, its migrations, its triggers, and what is said when it does not answer."""

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

from footfall.store import Store, StoreUnavailable, database_file, open_store, schema
from footfall.store.errors import StoreTooNew, explain
from footfall.store.records import SessionRecord
from footfall.store.sqlite import SQLiteStore


def session(name: str) -> SessionRecord:
    return SessionRecord(token_hash=name, created_at=1.0, seen_at=1.0)


def opened(path: Path) -> SQLiteStore:
    store = SQLiteStore(path)
    store.open()
    return store


# -- where it is


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
        "postgresql://user:pw-of-somebody@host/db",
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
    assert modes == {"b": 0o700, "store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600}
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700


# -- migrations


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


def test_migrations_are_numbered_without_gaps_and_apply_to_the_dialect_alone() -> None:
    numbers = [migration.number for migration in schema.migrations("sqlite")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert "append_only" not in [migration.name for migration in schema.migrations("postgresql")]


def test_the_statements_of_a_migration_keep_a_trigger_whole() -> None:
    script = (
        "CREATE TABLE a (b TEXT);\nCREATE TRIGGER c BEFORE UPDATE ON a\nBEGIN\n    SELECT 1;\n    SELECT 2;\nEND;\n"
    )
    assert len(list(schema.statements(script))) == 2


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


# -- consent records are evidence


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE consent_records SET purposes = '[]'",
        "DELETE FROM consent_records",
        "INSERT INTO consent_retention VALUES (0.0); DELETE FROM consent_records",
    ],
)
def test_a_consent_record_cannot_be_changed_or_deleted(tmp_path: Path, statement: str) -> None:
    """GDPR 7(1): who shows a record must be able to trust it."""
    database = with_one_record(tmp_path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        database.executescript(statement)
    database.close()


def test_a_consent_record_cannot_be_replaced_by_another_of_its_id(tmp_path: Path) -> None:
    database = with_one_record(tmp_path)
    database.execute(_RECORD.replace("INSERT", "INSERT OR REPLACE").replace("custom", "accept_all"))
    assert database.execute("SELECT method FROM consent_records").fetchall() == [("custom",)]
    database.close()


def test_retention_leaves_no_door_open(tmp_path: Path) -> None:
    store = opened(tmp_path / "store.db")
    asyncio.run(store.delete_consent_records(1.0, now=1e9))
    database = with_one_record(tmp_path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        database.execute("DELETE FROM consent_records")
    database.close()
    store.close()


_RECORD = (
    "INSERT INTO consent_records VALUES "
    "('id', 'visitor', '', 0.0, 'custom', '[]', '[]', 1, 'text', 'en', 'notice', 'main', '')"
)


def with_one_record(folder: Path) -> sqlite3.Connection:
    opened(folder / "store.db").close()
    database = sqlite3.connect(folder / "store.db")
    database.execute(_RECORD)
    return database


# -- reading does not hold anything up


def test_a_read_leaves_no_transaction_open(tmp_path: Path) -> None:
    """A reader that kept one would see old rows for ever, and the write-ahead log would grow without end."""
    store = opened(tmp_path / "store.db")
    other = sqlite3.connect(store.path)

    async def read() -> None:
        await store.add_session(session("a"))
        assert await store.session("a") is not None
        assert await store.session("b") is None
        assert await store.sessions_of("ada") == []
        assert not await store.knows_token("series", "hash")
        assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() == (0, 0, 0)

    asyncio.run(read())
    other.close()
    store.close()


def test_a_writer_of_another_process_keeps_no_reader_waiting(tmp_path: Path) -> None:
    store = opened(tmp_path / "store.db")
    other = sqlite3.connect(store.path, isolation_level=None)

    async def read() -> None:
        await store.add_session(session("a"))
        other.execute("BEGIN EXCLUSIVE")
        other.execute("DELETE FROM sessions")
        assert await store.session("a") is not None
        other.execute("COMMIT")
        assert await store.session("a") is None

    asyncio.run(read())
    other.close()
    store.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_worker_opens_for_itself(tmp_path: Path) -> None:
    """Servers that load the app and fork: a connection must not be used on both sides."""
    path = {"PYTHONPATH": ":".join(entry for entry in sys.path if entry)}
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", _FORK, str(tmp_path / "store.db")]
    fork = subprocess.run(command, env=path, timeout=60, check=False, capture_output=True, text=True)
    assert (fork.returncode, fork.stderr) == (0, "")
    with sqlite3.connect(tmp_path / "store.db") as database:
        names = [name for (name,) in database.execute("SELECT token_hash FROM sessions ORDER BY token_hash")]
        assert names == ["before", "child 1", "child 2", "parent 1", "parent 2"]
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


#: While the child has the file open, the parent closes it: believing to be the last, it would take the log away.
_FORK = """
import asyncio, os, sys
from pathlib import Path
from footfall.store.records import SessionRecord
from footfall.store.sqlite import SQLiteStore

store = SQLiteStore(Path(sys.argv[1]))

def add(name):
    asyncio.run(store.add_session(SessionRecord(token_hash=name, created_at=1.0, seen_at=1.0)))
    assert asyncio.run(store.session("before")) is not None

to_child, to_parent = os.pipe(), os.pipe()
add("before")
store.touch("before", 2.0)
child = os.fork()
if child == 0:
    add("child 1")
    os.write(to_parent[1], b"x")
    os.read(to_child[0], 1)
    add("child 2")
    store.close()
    os._exit(0)
add("parent 1")
os.read(to_parent[0], 1)
store.close()
add("parent 2")
store.close()
os.write(to_child[1], b"x")
assert os.waitpid(child, 0)[1] == 0
"""


# -- when it does not answer


def unavailable(store: Store) -> str:
    with pytest.raises(StoreUnavailable) as error:
        asyncio.run(store.add_session(session("x")))
    return str(error.value)


def test_a_lock_that_is_not_released_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_file, "WRITE_PATIENCE_S", 0.05)
    store = opened(tmp_path / "store.db")
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert "another process holds its lock" in unavailable(store)
    other.execute("ROLLBACK")
    asyncio.run(store.add_session(session("x")))
    other.close()
    store.close()


def test_a_damaged_file_is_named_and_its_replacement_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(b"this is no database, and it is longer than a header would be" * 100)
    store = SQLiteStore(path)
    assert "damaged, or no SQLite database" in unavailable(store)
    with pytest.raises(StoreUnavailable):
        asyncio.run(store.session("x"))
    path.unlink()
    store.open()
    asyncio.run(store.add_session(session("x")))
    store.close()


def test_a_page_that_is_damaged_while_the_app_runs_is_named(tmp_path: Path) -> None:
    store = opened(tmp_path / "store.db")
    asyncio.run(store.add_session(session("x")))
    store.close()
    size = store.path.stat().st_size
    with store.path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    with pytest.raises(StoreUnavailable, match="damaged"):
        asyncio.run(store.session("x"))
    store.close()


def test_a_folder_in_the_files_place_is_named(tmp_path: Path) -> None:
    assert "cannot be opened" in unavailable(SQLiteStore(tmp_path))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot be opened" in unavailable(SQLiteStore(tmp_path / "file" / "store.db"))


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "small.db")
    database.execute("CREATE TABLE a (b TEXT)")
    database.execute("PRAGMA max_page_count = 3")
    with pytest.raises(sqlite3.OperationalError) as error:
        database.execute("INSERT INTO a VALUES (?)", ("x" * 100_000,))
    database.close()
    assert "the disk is full" in str(explain(error.value, "small.db"))


def test_a_read_only_file_is_named(tmp_path: Path) -> None:
    store = opened(tmp_path / "store.db")
    database = database_file.connect(store.path, read_only=True)
    with pytest.raises(sqlite3.OperationalError) as error:
        database.execute("DELETE FROM sessions")
    database.close()
    store.close()
    assert "may not be written" in str(explain(error.value, "store.db"))


def test_a_store_that_would_not_open_is_not_tried_with_every_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def prepare(path: Path) -> None:
        tried.append(path)
        raise StoreUnavailable("down")

    monkeypatch.setattr(database_file, "prepare", prepare)
    store = SQLiteStore(tmp_path / "store.db")
    for _ in range(20):
        with pytest.raises(StoreUnavailable):
            asyncio.run(store.session("x"))
    assert len(tried) == 1


def test_a_writer_thread_that_died_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened(tmp_path / "store.db")

    async def write_twice() -> None:
        with monkeypatch.context() as patch:
            patch.setattr(threading, "excepthook", lambda arguments: None)
            patch.setattr("footfall.store.writer._Desk.do", _die)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(store.add_session(session("a")), 0.2)
        await asyncio.wait_for(store.add_session(session("b")), 5)

    asyncio.run(write_twice())
    assert asyncio.run(store.session("b")) is not None
    store.close()


def _die(desk: object, job: object) -> None:
    raise MemoryError


def test_writes_that_waited_too_long_for_the_lock_give_up_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind one lock the requests do not queue up for five seconds each."""
    monkeypatch.setattr(database_file, "WRITE_PATIENCE_S", 0.2)
    monkeypatch.setattr("footfall.store.writer.WRITE_PATIENCE_S", 0.2)
    store = opened(tmp_path / "store.db")
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def write_many() -> list[object]:
        writes = (store.add_session(session(str(number))) for number in range(50))
        return await asyncio.wait_for(asyncio.gather(*writes, return_exceptions=True), 5)

    results = asyncio.run(write_many())
    assert {type(result) for result in results} == {StoreUnavailable}
    other.close()
    store.close()
