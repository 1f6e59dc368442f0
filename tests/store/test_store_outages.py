"""What is said when the embedded store does not answer, and how it recovers."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest

from footfall.store import Store, StoreUnavailable, database_file
from footfall.store.errors import explain
from footfall.store.sqlite import SQLiteStore
from tests.store.rows import opened, session


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
