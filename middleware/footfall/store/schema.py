"""Numbered migrations: applied in order, once, under a lock, however many workers start at the same time.

``0001_name.sql`` is for every database; ``0001_name.sqlite.sql`` for one alone.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from footfall.store.errors import StoreTooNew

_FILE = re.compile(r"(?P<number>\d{4})_(?P<name>\w+)(?:\.(?P<dialect>\w+))?\.sql")

_LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    number BIGINT PRIMARY KEY,
    name TEXT NOT NULL
)
"""


@dataclass(frozen=True, slots=True)
class Migration:
    number: int
    name: str
    sql: str


@cache
def migrations(dialect: str) -> tuple[Migration, ...]:
    """All migrations of one dialect, in their order."""
    found = []
    for file in (resources.files("footfall.store") / "migrations").iterdir():
        match = _FILE.fullmatch(file.name)
        if match and match["dialect"] in (None, dialect):
            found.append(Migration(int(match["number"]), match["name"], file.read_text("utf-8")))
    return tuple(sorted(found, key=lambda migration: migration.number))


def is_current(connection: sqlite3.Connection) -> bool:
    """Whether nothing is left to apply. Raises StoreTooNew for a store of a later version."""
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'schema_migrations'").fetchone()
    return known is not None and not _pending(connection)


def migrate(connection: sqlite3.Connection) -> None:
    """Apply what is missing, in one transaction: a migration that fails leaves the store as it was."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(_LEDGER)
        for migration in _pending(connection):
            for statement in statements(migration.sql):
                connection.execute(statement)
            connection.execute("INSERT INTO schema_migrations VALUES (?, ?)", (migration.number, migration.name))
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def statements(sql: str) -> Iterator[str]:
    """The statements of a script, whole triggers included (executescript would end the transaction)."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _pending(connection: sqlite3.Connection) -> list[Migration]:
    applied = {number for (number,) in connection.execute("SELECT number FROM schema_migrations")}
    known = migrations("sqlite")
    if applied and max(applied) > known[-1].number:
        raise StoreTooNew(
            f"the store has migration {max(applied)}, and this version of Footfall knows {known[-1].number} at most; "
            "install the version that wrote it, or a later one"
        )
    return [migration for migration in known if migration.number not in applied]
