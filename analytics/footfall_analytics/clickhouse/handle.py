"""One statement on the embedded engine, on a handle of its own: nothing of it is left for the next."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from footfall_analytics.clickhouse.statement import Statement

#: Each block of these stands by itself, so that a result can be sent while it is being worked out.
_STREAMED = frozenset(("Native", "TabSeparated", "TSV", "CSV", "JSONEachRow", "RowBinary"))

#: What can be streamed; the engine streams no SHOW, DESCRIBE or EXPLAIN.
_QUERIES = ("SELECT", "WITH")


#: Of one statement, in bytes, unless it asks for more: it runs beside the requests of a web worker.
_MOST_MEMORY = 4_000_000_000


@dataclass(slots=True)
class Progress:
    """What a statement did, known when its first block is there."""

    written_rows: int = 0
    written_bytes: int = 0


def run_on(handle: Any, statement: Statement, progress: Progress, *, readonly: bool) -> Iterator[bytes]:
    """The result of a statement, block by block. Raises the engine's own error, its code in the message."""
    _prepare(handle, statement, readonly=readonly)
    if statement.data is not None:
        yield _insert(handle, statement, statement.data, progress)
    elif statement.format in _STREAMED and statement.sql.lstrip()[:6].upper().startswith(_QUERIES):
        yield from _stream(handle, statement)
    else:
        yield handle.query(statement.sql, statement.format, params=dict(statement.parameters)).bytes()


def _prepare(handle: Any, statement: Statement, *, readonly: bool) -> None:
    if statement.database:
        handle.query(f"USE {_identifier(statement.database)}")
    handle.query(f"SET max_memory_usage = {_MOST_MEMORY}")
    if statement.settings:
        handle.query("SET " + ", ".join(f"{name} = {_literal(value)}" for name, value in statement.settings.items()))
    if readonly:
        # last, so that nothing takes it back; and 1, because 2 still reads files with file(…)
        handle.query("SET readonly = 1")


def _insert(handle: Any, statement: Statement, data: bytes, progress: Progress) -> bytes:
    """From a file, because the other ways lose data: in the text of a query they end at an empty line, and
    ``send_insert`` calls an insert finished that a constraint, a view or a full disk has refused."""
    with _file(data) as path:
        source = f"FROM INFILE {_literal(path)} COMPRESSION 'none'"
        sql = f"{statement.sql} {source} {statement.insert_settings} FORMAT {statement.format}"
        written = handle.query(sql, statement.format, params=dict(statement.parameters))
    progress.written_rows, progress.written_bytes = written.rows_read(), written.bytes_read()
    return b""


@contextmanager
def _file(data: bytes) -> Iterator[str]:
    """A file that is only in memory, so that nobody else sees it and nothing of it is left, whatever happens."""
    if hasattr(os, "memfd_create"):
        with open(os.memfd_create("footfall-insert", os.MFD_CLOEXEC), "wb") as file:
            file.write(data)
            file.flush()
            yield f"/proc/self/fd/{file.fileno()}"
    else:
        with tempfile.NamedTemporaryFile(prefix="footfall-insert-") as named:
            named.write(data)
            named.flush()
            yield named.name


def _stream(handle: Any, statement: Statement) -> Iterator[bytes]:
    with handle.send_query(statement.sql, statement.format, params=dict(statement.parameters)) as stream:
        for block in stream:
            yield block.bytes()


def _identifier(name: str) -> str:
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def _literal(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
