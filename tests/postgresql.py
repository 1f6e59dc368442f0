"""The PostgreSQL server of the tests, and a database for each of them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from footfall.store import open_store

_TEMPLATE = "footfall_template"


class PostgreSQL:
    """A server. Its databases are copies of one that has the tables already."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._names = (f"test_{number}" for number in count())

    def database(self, *, tables: bool = True) -> str:
        """The URL of a new database."""
        name = next(self._names)
        self.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {_TEMPLATE}" if tables else ""))
        return self.url_of(name)

    def url_of(self, database: str) -> str:
        return self.url.replace("/postgres?", f"/{database}?")

    def drop(self, url: str) -> None:
        self.execute(f"DROP DATABASE {_database(url)} WITH (FORCE)")

    def execute(self, statement: str, *parameters: Any) -> list[Any]:
        return rows(self.url, statement, *parameters)


def rows(url: str, statement: str, *parameters: Any) -> list[Any]:
    """What a statement finds in the database of that URL."""
    with psycopg.connect(url, autocommit=True, options="-c search_path=footfall") as connection:
        cursor = connection.execute(statement.encode(), parameters or None)
        return cursor.fetchall() if cursor.description else []


def _database(url: str) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])


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
