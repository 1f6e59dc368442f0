"""Session rows that a worker keeps for a second are given up at once when anybody writes (ASVS 7.4.1)."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from footfall.store import open_store
from footfall.store.generation import Generation
from footfall.store.kept_sessions import BELIEVED_S
from footfall.store.records import Limits, SessionRecord
from footfall.store.sqlite import SQLiteStore
from tests.store.rows import session


class Watched(SQLiteStore):
    """A store by a clock that stands, and how often it asked SQLite for a session."""

    def __init__(self, path: Path) -> None:
        self.now = 0.0
        super().__init__(path, clock=lambda: self.now)

    def find(self, token_hash: str) -> SessionRecord | None:
        return asyncio.run(self.session(token_hash))

    def asks(self, token_hash: str) -> bool:
        statements: list[str] = []
        cursor = self._open_cursor()
        cursor.connection.set_trace_callback(statements.append)
        self.find(token_hash)
        cursor.connection.close()
        self._cursors.clear()
        return bool(statements)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Watched]:
    store = Watched(tmp_path / "store.db")
    asyncio.run(store.add_session(session("a", member_id="ada")))
    yield store
    store.close()


def test_a_row_is_asked_for_once_a_second_while_nobody_writes(store: Watched) -> None:
    assert store.asks("a")
    assert not store.asks("a")
    store.now += BELIEVED_S
    assert store.asks("a")


def test_what_is_not_there_is_asked_for_each_time(store: Watched) -> None:
    assert store.asks("b")
    assert store.asks("b")


def test_long_data_is_not_kept(store: Watched) -> None:
    asyncio.run(store.save_data("a", '{"a":"' + "x" * 5000 + '"}'))
    assert store.asks("a")
    assert store.asks("a")


@pytest.mark.parametrize(
    "write",
    [
        lambda other: other.end_session("a"),
        lambda other: other.end_sessions("ada"),
        lambda other: other.sweep(1e9, Limits(idle=1.0, absolute=1.0, per_member=1)),
    ],
)
def test_v7_4_1_what_another_worker_ends_is_refused_at_once(store: Watched, write: object) -> None:
    with closing(SQLiteStore(store.path)) as other:
        assert store.find("a") is not None
        asyncio.run(write(other))  # type: ignore[operator]
        assert store.find("a") is None


def test_v8_3_2_roles_that_another_worker_gives_hold_at_once(store: Watched) -> None:
    assert store.find("a") is not None
    with closing(SQLiteStore(store.path)) as other:
        asyncio.run(other.set_roles("ada", frozenset(("editor",))))
    found = store.find("a")
    assert found is not None
    assert found.roles == {"editor"}


def test_v7_4_1_what_another_process_ends_is_refused_at_once_100_times(store: Watched) -> None:
    """ASVS 7.4.1: with the row kept, and the clock that would give it up standing still."""
    names = [f"s{number}" for number in range(100)]
    for name in names:
        asyncio.run(store.add_session(session(name)))
    command = [sys.executable, "-c", _ENDS, str(store.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for name in names:
            assert store.find(name) is not None
            assert not store.asks(name)
            process.stdin.write(name + "\n")
            process.stdin.flush()
            assert process.stdout.readline() == "ended\n"
            assert store.find(name) is None


_ENDS = """
import asyncio, sys
from footfall.store import open_store

store = open_store("sqlite:///" + sys.argv[1])
for name in sys.stdin:
    asyncio.run(store.end_session(name.strip()))
    print("ended", flush=True)
store.close()
"""


def test_a_writer_killed_before_it_could_tell_is_noticed_within_a_second(
    store: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store.find("a") is not None
    monkeypatch.setattr(Generation, "change", lambda self: None)
    with closing(SQLiteStore(store.path)) as other:
        asyncio.run(other.end_session("a"))
    store.now += BELIEVED_S / 2
    assert store.find("a") is not None
    store.now += BELIEVED_S / 2
    assert store.find("a") is None


def test_a_change_with_another_tool_is_noticed_within_a_second(store: Watched) -> None:
    assert store.find("a") is not None
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("DELETE FROM sessions")
    store.now += BELIEVED_S
    assert store.find("a") is None


def test_where_the_file_cannot_be_had_sqlite_is_asked_each_time(tmp_path: Path) -> None:
    (tmp_path / "store.db-generation").mkdir()
    store = Watched(tmp_path / "store.db")
    asyncio.run(store.add_session(session("a")))
    assert store.asks("a")
    assert store.asks("a")
    store.close()


def test_a_file_that_was_removed_or_cut_is_whole_again_within_a_second(store: Watched) -> None:
    generation = store.path.with_name("store.db-generation")
    for spoil in (generation.unlink, lambda: shutil.copy("/dev/null", generation)):
        store.now += BELIEVED_S
        store.find("a")
        spoil()
        store.now += BELIEVED_S
        assert store.asks("a")
        assert not store.asks("a")


def test_a_store_in_memory_keeps_rows_too() -> None:
    with closing(open_store("sqlite://:memory:")) as store:
        asyncio.run(store.add_session(session("a")))
        assert asyncio.run(store.session("a")) == asyncio.run(store.session("a"))
