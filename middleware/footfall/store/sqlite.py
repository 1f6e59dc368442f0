"""The embedded store: one SQLite file, shared by all workers of a machine.

A read takes some microseconds and happens at once, on a connection of the thread that asks: in WAL mode no
writer keeps it waiting, and a hop to another thread would cost twenty times as much. Writes go through one
thread and are awaited. The file is private to the user that runs the app.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from threading import get_ident
from typing import TypeVar, cast

from footfall.store import session_rows
from footfall.store.connection import Connection
from footfall.store.database_file import DatabaseFile, SQLiteConnection, prepare
from footfall.store.generation import Generation
from footfall.store.kept_sessions import KeptSessions
from footfall.store.records import SessionRecord
from footfall.store.schema import Migration
from footfall.store.sql_store import SQLStore
from footfall.store.writer import Writer

T = TypeVar("T")


class SQLiteStore(SQLStore):
    """A store in the file at ``path``; opened at its first use, by each thread and process for itself.

    ``clock`` is monotonic, in seconds; tests move it.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._file = DatabaseFile(path)
        self._begin()

    def _begin(self) -> None:
        generation = Generation(self._file.path)
        self._cursors: dict[int, sqlite3.Cursor] = {}  # of the readers, by thread
        self._kept = KeptSessions(generation, self._clock)
        self._writer = Writer(self._file, generation.change)

    @property
    def path(self) -> Path:
        return self._file.path

    @property
    def place(self) -> str:
        return str(self.path)

    def open(self) -> None:
        self._file.preparation.try_again()
        self._open_cursor()

    def close(self) -> None:
        self._writer.close()
        self._kept.forget()
        cursors, self._cursors = self._cursors, {}
        for cursor in cursors.values():
            cursor.connection.close()

    def pending(self) -> list[Migration]:
        return self._file.pending()

    def try_to_write(self) -> None:
        self._file.try_to_write()

    def bring_up_to_date(self) -> list[Migration]:
        return prepare(self.path)

    async def session(self, token_hash: str) -> SessionRecord | None:
        # Written out, and not through _read: every request of a member comes this way.
        kept = self._kept.find(token_hash)
        if kept is not None:
            return kept
        moment = self._kept.moment()
        try:
            cursor = self._cursors.get(get_ident()) or self._open_cursor()
            row = cursor.execute(session_rows.SELECT, (token_hash,)).fetchone()
        except sqlite3.Error as error:
            raise self._failed(error) from error
        if row is None:
            return None
        record = session_rows.selected(token_hash, row)
        self._kept.keep(record, moment)
        return record

    def touch(self, token_hash: str, now: float) -> None:
        self._writer.touch(token_hash, now)

    async def _read(self, work: Callable[[Connection], T]) -> T:
        try:
            cursor = self._cursors.get(get_ident()) or self._open_cursor()
            return work(cast(SQLiteConnection, cursor.connection))
        except sqlite3.Error as error:
            raise self._failed(error) from error

    async def _write(self, work: Callable[[Connection], T], *, long: bool = False, single: bool = False) -> T:
        return await self._writer.run(work)

    def _open_cursor(self) -> sqlite3.Cursor:
        """The reader of this thread. A later thread may have the number again, and then the reader with it."""
        cursor = self._cursors[get_ident()] = self._file.connect(read_only=True).cursor()
        return cursor

    def _failed(self, error: sqlite3.Error) -> Exception:
        """Lets go of the connection, so that the next request sees a file that was mended meanwhile."""
        cursor = self._cursors.pop(get_ident(), None)
        if cursor is not None:
            cursor.connection.close()
        return self._file.explain(error)

    def _begin_anew(self) -> None:
        """In a forked child: a lock that another thread held is held for ever there."""
        self._file = DatabaseFile(self._file.path)
        self._begin()
