"""What the store says when it cannot answer: what, why and what to do, and never anybody's data."""

from __future__ import annotations

import sqlite3


class StoreUnavailable(Exception):  # noqa: N818 - a state of the store, as 503 Service Unavailable is
    """The store did not answer. Nothing was read or changed, and no cookie may change because of it (ASVS 16.5.2)."""


class StoreTooNew(StoreUnavailable):
    """The store was written by a later version of Footfall."""


_BUSY = ("another process holds its lock", "find it (fuser FILE), let it finish or stop it")
_READ_ONLY = ("it may not be written", "give this process the right to write the file and its folder")
_DAMAGED = ("it is damaged, or no SQLite database", "move it away to start anew, or put a backup in its place")
_FULL = ("the disk is full", "free some space; nothing else needs doing")
_UNREACHABLE = ("it cannot be opened", "check that the folder exists and that this process may enter and write it")
_DISK = ("the disk or its file system failed", "look into the system's log")
_TABLES = ("its tables are not those of this version", "was it replaced while the app ran? start the app again")

#: By SQLite's primary result code (sqlite.org/rescode.html).
_REASONS = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_AUTH: _READ_ONLY,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_CANTOPEN: _UNREACHABLE,
    sqlite3.SQLITE_IOERR: _DISK,
    sqlite3.SQLITE_ERROR: _TABLES,
}


def is_busy(error: sqlite3.Error) -> bool:
    return _primary_code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def explain(error: sqlite3.Error, place: str) -> StoreUnavailable | None:
    """The outage that an error of SQLite means, or ``None`` for a mistake in our own statements."""
    reason = _REASONS.get(_primary_code(error))
    if reason is None:
        return None
    why, remedy = reason
    return StoreUnavailable(f"the store {place} does not answer: {why}; {remedy}")


def unreachable(place: str, error: OSError) -> StoreUnavailable:
    return StoreUnavailable(f"the store {place} cannot be opened: {error.strerror}; {_UNREACHABLE[1]}")


def _primary_code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF  # the extended codes keep it in the low byte
