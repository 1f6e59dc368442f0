"""What the statements of the store need of a connection: the part that SQLite's and PostgreSQL's have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol


class Rows(Protocol):
    """What a statement found, or did."""

    @property
    def rowcount(self) -> int: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """A connection within one transaction, or for one read. Parameters are written ``?``."""

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Rows: ...

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> Rows: ...

    def lock(self, name: str, *, shared: bool = False) -> None:
        """Until the transaction ends nobody else has the lock of that name; ``shared`` ones have it together. It
        comes before the reads that a write builds upon: under READ COMMITTED two transactions would read the
        same, and write after each other."""
