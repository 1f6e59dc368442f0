"""The members: a small SQLite file of the library's own, safe for several workers at once."""

from __future__ import annotations

import base64
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from examples.reading_room.passwords import hashed, matches

_TABLE = """
CREATE TABLE IF NOT EXISTS members (
    id TEXT PRIMARY KEY COLLATE NOCASE,
    name TEXT NOT NULL,
    password TEXT NOT NULL,
    roles TEXT NOT NULL,
    joined_at REAL NOT NULL
)
"""


@dataclass(frozen=True, slots=True)
class Reader:
    """One member of the library."""

    id: str  # the reader's name: what they sign in with
    name: str
    roles: tuple[str, ...]
    joined_at: float  # Unix time, seconds


@dataclass(frozen=True, slots=True)
class NewMember:
    """What it takes to add a member."""

    id: str
    password: str
    name: str
    roles: tuple[str, ...] = ()


#: Members who are there from the start, so that whoever tries the demonstration can sign in.
DEMO_MEMBERS = (
    NewMember("ada", "Analytical Engine 1843", "Ada Lovelace"),
    NewMember("borges", "Library of Babel 1941", "Jorge Luis Borges", ("librarian",)),
)


class Members:
    """Finds, checks and adds members. Its methods block: those that hash belong in a thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._connection() as connection:
            connection.execute(_TABLE)
            for one in DEMO_MEMBERS:
                if self._row(connection, one.id) is None:
                    self._insert(connection, one)
        path.chmod(0o600)

    def find(self, member_id: str) -> Reader | None:
        with self._connection(write=False) as connection:
            row = self._row(connection, member_id)
        return Reader(row[0], row[1], tuple(row[3].split()), row[4]) if row else None

    def check(self, member_id: str, password: str) -> Reader | None:
        """The member, if that is the password. An unknown name costs as much time as a known one."""
        with self._connection(write=False) as connection:
            row = self._row(connection, member_id)
        fits = matches(password, row[2] if row else _nobodys_password())
        return Reader(row[0], row[1], tuple(row[3].split()), row[4]) if row and fits else None

    def join(self, name: str, password: str) -> Reader:
        """Add a member. The library gives the reader's name, so a sign-up reveals nothing about other members."""
        with self._connection() as connection:
            member_id = _unused(name, lambda candidate: self._row(connection, candidate) is not None)
            self._insert(connection, NewMember(member_id, password, name))
        return Reader(member_id, name, (), time.time())

    def change_password(self, member_id: str, password: str) -> None:
        with self._connection() as connection:
            connection.execute("UPDATE members SET password = ? WHERE id = ?", (hashed(password), member_id))

    @contextmanager
    def _connection(self, *, write: bool = True) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=10, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            yield connection
            connection.execute("COMMIT")
        finally:
            connection.close()  # which rolls back what was not committed

    @staticmethod
    def _row(connection: sqlite3.Connection, member_id: str) -> tuple[str, str, str, str, float] | None:
        query = "SELECT id, name, password, roles, joined_at FROM members WHERE id = ?"
        row: tuple[str, str, str, str, float] | None = connection.execute(query, (member_id,)).fetchone()
        return row

    @staticmethod
    def _insert(connection: sqlite3.Connection, one: NewMember) -> None:
        row = (one.id, one.name, hashed(one.password), " ".join(one.roles), time.time())
        connection.execute("INSERT INTO members VALUES (?, ?, ?, ?, ?)", row)


def _unused(name: str, is_taken: Callable[[str], bool]) -> str:
    """``Grace Hopper`` → ``grace-4821``; longer numbers once the short ones run out."""
    first = "".join(letter for letter in name.lower().partition(" ")[0] if letter.isascii() and letter.isalnum())
    lowest = 1000
    while is_taken(candidate := f"{first[:20] or 'reader'}-{secrets.randbelow(9 * lowest) + lowest}"):
        lowest *= 10
    return candidate


def _nobodys_password() -> str:
    """A hash that no password has, so that an unknown name is looked at as long as a known one."""
    return "$".join(base64.b64encode(secrets.token_bytes(size)).decode("ascii") for size in (16, 32))
