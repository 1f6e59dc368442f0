"""Numbered migrations: applied in order, once, under a lock, however many workers start at the same time.

One story for both databases. ``0001_name.sql`` is for both; what only one of them understands (a trigger) has
the same number and name in two files, ``0003_name.sqlite.sql`` and ``0003_name.postgresql.sql``. Both know the
types TEXT, BIGINT and DOUBLE PRECISION (Unix seconds), keys, CHECK and partial indexes, and in statements
``INSERT … ON CONFLICT … DO`` and ``RETURNING``; parameters are written ``?`` for both.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from footfall.store.connection import Connection
from footfall.store.errors import StoreTooNew

Dialect = Literal["sqlite", "postgresql"]

_FILE = re.compile(r"(?P<number>\d{4})_(?P<name>\w+)(?:\.(?P<dialect>\w+))?\.sql")

_LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    number BIGINT PRIMARY KEY,
    name TEXT NOT NULL
)
"""

_CATALOGUE = {
    "sqlite": "SELECT 1 FROM sqlite_master WHERE name = 'schema_migrations'",
    "postgresql": "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_migrations'",
}


@dataclass(frozen=True, slots=True)
class Migration:
    number: int
    name: str
    sql: str


@cache
def migrations(dialect: Dialect) -> tuple[Migration, ...]:
    """All migrations of one dialect, in their order."""
    found = []
    for file in (resources.files("footfall.store") / "migrations").iterdir():
        match = _FILE.fullmatch(file.name)
        if match and match["dialect"] in (None, dialect):
            found.append(Migration(int(match["number"]), match["name"], file.read_text("utf-8")))
    return tuple(sorted(found, key=lambda migration: migration.number))


def pending(connection: Connection, dialect: Dialect) -> list[Migration]:
    """What is left to apply. Raises StoreTooNew for a store of a later version."""
    known = migrations(dialect)
    if connection.execute(_CATALOGUE[dialect]).fetchone() is None:
        return list(known)
    applied = {number for (number,) in connection.execute("SELECT number FROM schema_migrations")}
    if applied and max(applied) > known[-1].number:
        raise StoreTooNew(
            f"the store has migration {max(applied)}, and this version of Footfall knows {known[-1].number} at most; "
            "install the version that wrote it, or a later one"
        )
    return [migration for migration in known if migration.number not in applied]


def apply_pending(connection: Connection, dialect: Dialect) -> list[Migration]:
    """Apply what is missing, within the transaction that the caller has begun and under its lock: a migration
    that fails leaves the store as it was. Raises StoreTooNew."""
    applied = pending(connection, dialect)
    if applied:
        connection.execute(_LEDGER)
    for migration in applied:
        for statement in statements(migration.sql, dialect):
            connection.execute(statement)
        connection.execute("INSERT INTO schema_migrations VALUES (?, ?)", (migration.number, migration.name))
    return applied


def statements(sql: str, dialect: Dialect) -> Iterator[str]:
    """The statements of a script, whole triggers included. PostgreSQL takes a script as it is; SQLite's way to do
    so would end the transaction."""
    if dialect == "postgresql":
        yield sql
        return
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
