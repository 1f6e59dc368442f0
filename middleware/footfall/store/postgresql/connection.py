"""A connection that keeps to a deadline on this side of the network too, and the store's statements on it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.rows import TupleRow

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))"
_SHARED_LOCK = "SELECT pg_advisory_xact_lock_shared(hashtextextended(?, 0))"

_CHECKED_EVERY_S = 0.1


class BoundedConnection(psycopg.Connection[TupleRow]):
    """Closes itself when the server has not answered at the deadline: a server that hangs, or a firewall that
    forgot the connection, says nothing at all, and the limits that the server knows do not help."""

    deadline = float("inf")  # monotonic
    overdue = False

    def wait(self, gen: PQGen[RV], interval: float = _CHECKED_EVERY_S, timeout: float | None = None) -> RV:
        remaining = max(0.0, self.deadline - time.monotonic())
        limit = remaining if timeout is None else min(timeout, remaining)
        try:
            return super().wait(gen, interval, limit if limit < float("inf") else None)
        except psycopg.OperationalError:
            if time.monotonic() >= self.deadline:
                self.overdue = True
                self.close()
            raise


class Statements:
    """The statements that both databases understand, on a connection of PostgreSQL: ``footfall.store.connection``."""

    def __init__(self, connection: psycopg.Connection[TupleRow]) -> None:
        self._connection = connection

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> psycopg.Cursor[TupleRow]:
        """One statement with parameters is prepared, and takes one round trip from its second time on; without
        parameters it may be a script."""
        if not parameters:
            return self._connection.execute(sql.encode())
        return self._connection.execute(_translated(sql), parameters, prepare=True)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> psycopg.Cursor[TupleRow]:
        cursor = self._connection.cursor()
        cursor.executemany(_translated(sql), rows)
        return cursor

    def lock(self, name: str, *, shared: bool = False) -> None:
        self.execute(_SHARED_LOCK if shared else _LOCK, (f"footfall {name}",))


@cache
def _translated(sql: str) -> bytes:
    return sql.replace("%", "%%").replace("?", "%s").encode()
