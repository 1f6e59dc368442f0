"""Outages of a store, on either database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from footfall.store import database_file
from footfall.store.postgresql import store as postgresql_store
from tests.postgresql import rows

#: What a write that hangs would wait for.
_WRITTEN = "sessions, remember_series, remember_tokens, member_notices"


@contextmanager
def away(url: str) -> Iterator[None]:
    """Nobody can open the store."""
    if url.startswith("sqlite:"):
        path = Path(url.removeprefix("sqlite:///"))
        path.rename(path.with_suffix(".away"))
        path.mkdir()
        try:
            yield
        finally:
            path.rmdir()
            path.with_suffix(".away").rename(path)
        return
    name = str(conninfo_to_dict(url)["dbname"])
    maintenance = url.replace(f"/{name}?", "/postgres?")
    rows(maintenance, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    rows(maintenance, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", name)
    try:
        yield
    finally:
        rows(maintenance, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


@contextmanager
def writes_hang(url: str) -> Iterator[None]:
    """Somebody keeps the locks that writes need, and the store is not patient; reads go on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database_file, "WRITE_PATIENCE_S", 0.05)
        patch.setattr(postgresql_store, "WRITE_PATIENCE_S", 0.2)
        if url.startswith("sqlite:"):
            other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
            with closing(other):
                other.execute("BEGIN IMMEDIATE")
                yield
            return
        with psycopg.connect(url, options="-c search_path=footfall") as connection:
            connection.execute(f"LOCK TABLE {_WRITTEN} IN EXCLUSIVE MODE".encode())
            yield
