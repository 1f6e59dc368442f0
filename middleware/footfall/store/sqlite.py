"""The embedded store: one SQLite file, shared by all workers of a machine.

A read takes some microseconds and happens at once, on a connection of the thread that asks: in WAL mode no
writer keeps it waiting, and a hop to another thread would cost twenty times as much. Writes go through one
thread and are awaited. The file is private to the user that runs the app.
"""

from __future__ import annotations

import os
import sqlite3
import weakref
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import get_ident
from typing import TypeVar, cast

from footfall.consent.records import ConsentRecord
from footfall.store import consent_rows, remember_rows, session_rows
from footfall.store.database_file import DatabaseFile, SQLiteConnection
from footfall.store.records import (
    AccountChoice,
    Exchange,
    Limits,
    Presented,
    SeriesRecord,
    SessionRecord,
    SignInChange,
)
from footfall.store.writer import Writer

T = TypeVar("T")

#: CPNI records: 47 CFR 64.2007(a)(3), 64.2008(a).
_CONSENT_RECORDS_STAY_S = 366 * 24 * 3600.0

_stores: weakref.WeakSet[SQLiteStore] = weakref.WeakSet()


class SQLiteStore:
    """A store in the file at ``path``; opened at its first use, by each thread and process for itself."""

    def __init__(self, path: Path) -> None:
        self._file = DatabaseFile(path)
        self._cursors: dict[int, sqlite3.Cursor] = {}  # of the readers, by thread
        self._writer = Writer(self._file)
        _stores.add(self)

    @property
    def path(self) -> Path:
        return self._file.path

    def open(self) -> None:
        self._file.try_again()
        self._open_cursor()

    def close(self) -> None:
        self._writer.close()
        cursors, self._cursors = self._cursors, {}
        for cursor in cursors.values():
            cursor.connection.close()

    # -- sessions

    async def session(self, token_hash: str) -> SessionRecord | None:
        # Written out, and not through _read: every request of a member comes this way.
        try:
            cursor = self._cursors.get(get_ident()) or self._open_cursor()
            row = cursor.execute(session_rows.SELECT, (token_hash,)).fetchone()
        except sqlite3.Error as error:
            raise self._failed(error) from error
        return session_rows.selected(token_hash, row) if row is not None else None

    async def sessions_of(self, member_id: str) -> list[SessionRecord]:
        return self._read(lambda reader: session_rows.of_member(reader, member_id))

    async def add_session(self, session: SessionRecord) -> None:
        await self._writer.run(lambda connection: session_rows.insert(connection, session))

    async def save_data(self, token_hash: str, data: str) -> bool:
        return await self._writer.run(lambda connection: session_rows.save_data(connection, token_hash, data))

    def touch(self, token_hash: str, now: float) -> None:
        self._writer.touch(token_hash, now)

    async def sign_in(self, change: SignInChange, limits: Limits) -> SessionRecord:
        return await self._writer.run(lambda connection: remember_rows.sign_in(connection, change, limits))

    async def dismiss_notices(self, member_id: str) -> None:
        await self._writer.run(lambda connection: session_rows.dismiss_notices(connection, member_id))

    async def end_session(self, token_hash: str, series: Iterable[str] = ()) -> None:
        await self._writer.run(lambda connection: session_rows.end(connection, token_hash, series))

    async def end_sessions(self, member_id: str, *, but: str | None = None, but_series: str | None = None) -> int:
        return await self._writer.run(lambda connection: session_rows.end_all(connection, member_id, but, but_series))

    async def set_roles(self, member_id: str, roles: frozenset[str]) -> None:
        await self._writer.run(lambda connection: session_rows.set_roles(connection, member_id, roles))

    # -- remember-me

    async def exchange(self, presented: Presented, limits: Limits) -> Exchange:
        # Who invents tokens does not keep the writer busy.
        if not await self.knows_token(presented.series, presented.token_hash):
            return Exchange(outcome="unknown")
        return await self._writer.run(lambda connection: remember_rows.exchange(connection, presented, limits))

    async def knows_token(self, series: str, token_hash: str) -> bool:
        return self._read(lambda reader: remember_rows.knows(reader, series, token_hash))

    async def series_of(self, member_id: str) -> list[SeriesRecord]:
        return self._read(lambda reader: remember_rows.series_of(reader, member_id))

    async def sweep(self, now: float, limits: Limits) -> int:
        return await self._writer.run(lambda connection: session_rows.sweep(connection, now, limits))

    # -- consent

    async def add_consent_record(self, record: ConsentRecord) -> None:
        await self._writer.run(lambda connection: consent_rows.add(connection, record))

    async def consent_records(self, *, visitor_id: str = "", member_id: str = "") -> list[ConsentRecord]:
        if bool(visitor_id) == bool(member_id):
            raise ValueError("consent_records wants a visitor_id or a member_id, and not both")
        if visitor_id:
            return self._read(lambda reader: consent_rows.of_visitor(reader, visitor_id))
        return self._read(lambda reader: consent_rows.of_member(reader, member_id))

    async def delete_consent_records(self, before: float, *, now: float) -> int:
        if before > now - _CONSENT_RECORDS_STAY_S:
            raise ValueError("consent records stay for a year at least (47 CFR 64.2007(a)(3)); give an earlier time")
        return await self._writer.run(lambda connection: consent_rows.delete(connection, before))

    async def supersede_consent(self, consent_id: str, at: float) -> None:
        await self._writer.run(lambda connection: consent_rows.supersede(connection, consent_id, at))

    async def superseded_since(self, number: int, *, after: float = 0.0) -> tuple[int, list[str]]:
        return self._read(lambda reader: consent_rows.superseded_since(reader, number, after))

    async def account_choice(self, member_id: str) -> AccountChoice | None:
        return self._read(lambda reader: consent_rows.choice(reader, member_id))

    async def set_account_choice(self, choice: AccountChoice) -> None:
        await self._writer.run(lambda connection: consent_rows.choose(connection, choice))

    # -- connections

    def _read(self, work: Callable[[SQLiteConnection], T]) -> T:
        try:
            cursor = self._cursors.get(get_ident()) or self._open_cursor()
            return work(cast(SQLiteConnection, cursor.connection))
        except sqlite3.Error as error:
            raise self._failed(error) from error

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
        self._cursors, self._writer = {}, Writer(self._file)


def _close_all() -> None:
    for store in list(_stores):
        store.close()


def _begin_all_anew() -> None:
    for store in list(_stores):
        store._begin_anew()


# SQLite keeps its locks in tables of the process: a child that inherits them believes in locks which it does not
# have, and damages the file (sqlite.org/howtocorrupt.html §2.6). So nothing is open while a process forks.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_close_all, after_in_child=_begin_all_anew)
