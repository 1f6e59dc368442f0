"""One SQLite file: made private, opened, brought up to date."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

from footfall.store.errors import StoreUnavailable, explain, is_busy, unreachable
from footfall.store.preparation import Preparation
from footfall.store.schema import Migration, apply_pending, migrations, pending

#: How long a write waits for the writers of other processes.
WRITE_PATIENCE_S = 5.0

#: Readers wait in the event loop, and in WAL mode nobody keeps them waiting but a recovery.
READ_PATIENCE_S = 0.1

#: How long a worker waits while another one brings the tables up to date.
_START_PATIENCE_S = 20.0

#: A descriptor that we close drops the locks that SQLite holds on that file in this process (POSIX), so nobody
#: may open the file between its creation and our letting go of it.
_creating = threading.Lock()


class SQLiteConnection(sqlite3.Connection):
    """A connection to SQLite, whose transactions that write begin with the one lock there is."""

    def lock(self, name: str, *, shared: bool = False) -> None:
        """It is had already: BEGIN IMMEDIATE has taken it."""


class DatabaseFile:
    """The file and its connections. All of them may be asked for from any thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.preparation = Preparation(lambda: prepare(path))

    def connect(self, *, read_only: bool) -> SQLiteConnection:
        """A connection in autocommit mode to a file that is up to date. Raises StoreUnavailable."""
        if not self.path.exists():
            self.preparation.doubt()
        self.preparation.ensure(_START_PATIENCE_S)
        try:
            return connect(self.path, read_only=read_only)
        except sqlite3.Error as error:
            raise self.explain(error) from error

    def pending(self) -> list[Migration]:
        """The migrations that it lacks; nothing is created or changed. Raises StoreUnavailable."""
        if not self.path.exists():
            return list(migrations("sqlite"))
        try:
            with closing(connect(self.path, read_only=True)) as connection:
                return pending(connection, "sqlite")
        except sqlite3.Error as error:
            raise self.explain(error) from error

    def try_to_write(self) -> None:
        """Take the write lock and let it go. Raises StoreUnavailable."""
        try:
            with closing(connect(self.path, read_only=False)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise self.explain(error) from error

    def explain(self, error: sqlite3.Error) -> Exception:
        """The outage that an error means, or the error itself when it means a mistake of ours."""
        return explain(error, str(self.path)) or error


def prepare(path: Path) -> list[Migration]:
    """Create the file (0600, missing folders 0700), switch it to WAL, apply the migrations that it lacks, and say
    which. Several workers may do so at once. Raises StoreUnavailable."""
    try:
        _create(path)
    except OSError as error:
        raise unreachable(str(path), error) from error
    give_up = time.monotonic() + _START_PATIENCE_S
    while True:
        try:
            return _bring_up_to_date(path)
        except sqlite3.Error as error:
            # The switch to WAL does not wait for others by itself.
            if is_busy(error) and time.monotonic() < give_up:
                time.sleep(0.02)
                continue
            raise explain(error, str(path)) or error from error


def connect(path: Path, *, read_only: bool) -> SQLiteConnection:
    """A connection in autocommit mode. Raises sqlite3.Error."""
    patience = READ_PATIENCE_S if read_only else WRITE_PATIENCE_S
    connection = sqlite3.connect(
        path, timeout=patience, isolation_level=None, check_same_thread=False, factory=SQLiteConnection
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")  # WAL: no damage from a power cut, the last writes may go
        connection.execute(f"PRAGMA query_only = {int(read_only)}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _create(path: Path) -> None:
    for folder in reversed([folder for folder in path.parents if not folder.exists()]):
        folder.mkdir(mode=0o700, exist_ok=True)
    with _creating:
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR | getattr(os, "O_CLOEXEC", 0), 0o600))


def _bring_up_to_date(path: Path) -> list[Migration]:
    connection = connect(path, read_only=False)
    try:
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            raise StoreUnavailable(f"the store {path} is on a file system without WAL; put it on a local disk")
        return _migrate(connection) if pending(connection, "sqlite") else []
    finally:
        connection.close()


def _migrate(connection: SQLiteConnection) -> list[Migration]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        applied = apply_pending(connection, "sqlite")
        connection.execute("COMMIT")
        return applied
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
