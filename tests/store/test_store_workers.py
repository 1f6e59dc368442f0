"""Readers, writers and forks of the embedded store do not get in each other's way."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from footfall.store import open_store
from footfall.store.sqlite import SQLiteStore
from tests.store.rows import opened, session


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
    now = [0.0]
    store = SQLiteStore(tmp_path / "store.db", clock=lambda: now[0])
    store.open()
    other = sqlite3.connect(store.path, isolation_level=None)

    async def read() -> None:
        await store.add_session(session("a"))
        other.execute("BEGIN EXCLUSIVE")
        other.execute("DELETE FROM sessions")
        assert await store.session("a") is not None
        other.execute("COMMIT")
        now[0] += 1.0
        assert await store.session("a") is None

    asyncio.run(read())
    other.close()
    store.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_worker_opens_for_itself(store_url: str) -> None:
    """Servers that load the app and fork: a connection must not be used on both sides."""
    path = {"PYTHONPATH": ":".join(entry for entry in sys.path if entry)}
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", _FORK, store_url]
    fork = subprocess.run(command, env=path, timeout=60, check=False, capture_output=True, text=True)
    assert (fork.returncode, fork.stderr) == (0, "")
    names = {"before", "child 1", "child 2", "parent 1", "parent 2"}
    with closing(open_store(store_url)) as store:
        assert {name for name in names if asyncio.run(store.session(name))} == names
    if store_url.startswith("sqlite:"):
        with closing(sqlite3.connect(store_url.removeprefix("sqlite:///"))) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


#: While the child has the file open, the parent closes it: believing to be the last, it would take the log away.
_FORK = """
import asyncio, os, sys
from footfall.store import open_store
from footfall.store.records import SessionRecord

store = open_store(sys.argv[1])

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
