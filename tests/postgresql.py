"""The PostgreSQL server of the tests, and a database for each of them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from footfall.store import open_store
from footfall.store.schema import migrations

_TEMPLATE = "footfall_template"

TABLES = re.findall(r"^CREATE TABLE (\w+)", "".join(one.sql for one in migrations("postgresql")), re.MULTILINE)

#: Consent records are kept by triggers, which a replica's session does not fire.
_EMPTY = "".join(["SET session_replication_role = replica;", *(f"DELETE FROM {table};" for table in TABLES)])


class PostgreSQL:
    """A server. Its databases are copies of one that has the tables already."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._shared: str | None = None
        self._names = (f"test_{number}" for number in count())

    def database(self, *, tables: bool = True) -> str:
        """The URL of a new database."""
        name = next(self._names)
        self.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {_TEMPLATE}" if tables else ""))
        return self.url_of(name)

    def url_of(self, database: str) -> str:
        return self.url.replace("/postgres?", f"/{database}?")

    def emptied(self) -> str:
        """The URL of a database with empty tables: always the same one, which takes a tenth of the time."""
        if self._shared is None:
            self._shared = self.database()
        rows(self._shared, _EMPTY)
        return self._shared

    def execute(self, statement: str, *parameters: Any) -> list[Any]:
        return rows(self.url, statement, *parameters)


def rows(url: str, statement: str, *parameters: Any) -> list[Any]:
    """What a statement finds in the database of that URL."""
    with psycopg.connect(url, autocommit=True, options="-c search_path=footfall") as connection:
        cursor = connection.execute(statement.encode(), parameters or None)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def served() -> Iterator[PostgreSQL]:
    """A server that runs as long as this does."""
    command = [sys.executable, str(Path(__file__).with_name("serve_postgresql.py"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None or not (url := process.stdout.readline().strip()):
                raise RuntimeError("the PostgreSQL server of the tests did not start; see its output above")
            server = PostgreSQL(url)
            server.execute(f"CREATE DATABASE {_TEMPLATE}")
            store = open_store(server.url_of(_TEMPLATE))
            store.bring_up_to_date()
            store.close()
            yield server
        finally:
            process.communicate()
