"""The embedded engine of one directory: held by one process at a time, and shared by it with everybody else.

The engine itself allows one process for each path and one path for each process. A lock beside the data says
who holds it; the kernel takes it back when that process dies, however it dies.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from footfall_analytics.clickhouse.errors import DataDirectoryDamaged, EngineMissing
from footfall_analytics.clickhouse.server import ShareServer
from footfall_analytics.clickhouse.share import Share, lock_path, remove_share, write_share
from footfall_analytics.clickhouse.statement import Statement

#: Each block of these stands by itself, so that a result can be sent while it is being worked out.
_STREAMED = frozenset(("Native", "TabSeparated", "TSV", "CSV", "JSONEachRow", "RowBinary"))


class Engine:
    """The engine while this process holds it. Made by ``Engine.hold``; closed, it lets the next process in."""

    def __init__(self, directory: Path, lock: int, chdb: Any) -> None:
        self.directory = directory
        self._lock = lock
        self._chdb = chdb
        self._keep = self._open()  # an open handle keeps the engine alive between statements
        self._server = ShareServer(self)
        self.share = Share.new(self._server.port)
        self._server.start(self.share)
        write_share(directory, self.share)

    @classmethod
    def hold(cls, directory: Path) -> Engine | None:
        """Hold the engine of a directory, or ``None`` where another process does.

        Raises ``EngineMissing`` and ``DataDirectoryDamaged``.
        """
        chdb = _import_chdb()
        lock = _take_lock(directory)
        if lock is None:
            return None
        try:
            return cls(directory, lock, chdb)
        except BaseException:
            os.close(lock)
            raise

    def close(self) -> None:
        """Stop sharing, close the engine and let go of the lock, in this order."""
        remove_share(self.directory)
        self._server.stop()
        self._keep.close()
        os.close(self._lock)

    # -- statements that came over the share

    def run(self, statement: Statement, *, readonly: bool) -> Iterator[bytes]:
        """The result of a statement, block by block. Raises the engine's own error, its code in the message."""
        with contextlib.closing(self._open()) as handle:
            self._prepare(handle, statement, readonly)
            if statement.data is not None:
                yield from _insert(handle, statement)
            elif statement.format in _STREAMED and _is_query(statement.sql):
                yield from _stream(handle, statement)
            else:
                yield handle.query(statement.sql, statement.format, params=dict(statement.parameters) or None).bytes()

    def _open(self) -> Any:
        try:
            return self._chdb.connect(str(self.directory))
        except RuntimeError as error:
            raise DataDirectoryDamaged(_why_not_opened(self.directory, error)) from error

    def _prepare(self, handle: Any, statement: Statement, readonly: bool) -> None:
        if statement.database:
            handle.query(f"USE `{statement.database.replace('`', '')}`")
        for name, value in statement.settings.items():
            if name != "readonly":
                handle.query(f"SET {name} = {_quoted(value)}")
        if readonly:
            handle.query("SET readonly = 2")  # last: nothing after it can take it back


def _insert(handle: Any, statement: Statement) -> Iterator[bytes]:
    inserter = handle.send_insert(statement.sql, statement.format)
    inserter.append(statement.data)
    inserter.finish()
    yield b""


def _stream(handle: Any, statement: Statement) -> Iterator[bytes]:
    with handle.send_query(statement.sql, statement.format, params=dict(statement.parameters) or None) as stream:
        for block in stream:
            yield block.bytes()


_QUERY = re.compile(r"\s*(?:SELECT|WITH)\b", re.IGNORECASE)


def _is_query(sql: str) -> bool:
    return _QUERY.match(sql) is not None


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _import_chdb() -> Any:
    try:
        return importlib.import_module("chdb")
    except ImportError as error:
        raise EngineMissing(
            "the embedded ClickHouse engine is not installed; pip install 'footfall[embedded]', "
            "or give the URL of a server: clickhouses://user:password@host:8443/footfall"
        ) from error


def _take_lock(directory: Path) -> int | None:
    try:
        directory.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(lock_path(directory), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise DataDirectoryDamaged(
            f"{directory}: not writable ({error.strerror}); give a directory that this user may write to"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def _why_not_opened(directory: Path, error: RuntimeError) -> str:
    reason = " ".join(str(error).split())[:300]
    return (
        f"{directory}: the embedded ClickHouse engine cannot open it ({reason}). If the directory is damaged, move it "
        "away: events that were not shipped are still in the journal"
    )


#: One engine for each process, however many ask for it.
_held: dict[Path, tuple[Engine, int]] = {}
_holding = threading.Lock()


def borrow(directory: Path) -> Engine | None:
    """This process's engine for the directory, held now if it can be. Each success wants one ``give_back``."""
    with _holding:
        engine, users = _held.get(directory, (None, 0))
        if engine is None:
            engine = Engine.hold(directory)
        if engine is not None:
            _held[directory] = (engine, users + 1)
        return engine


def give_back(directory: Path) -> None:
    """The last one closes the engine."""
    with _holding:
        engine, users = _held.pop(directory)
        if users > 1:
            _held[directory] = (engine, users - 1)
        else:
            engine.close()


def _forget_in_child() -> None:
    """A forked child holds nothing: the engine's threads stayed behind, and the lock is the parent's."""
    global _holding
    _held.clear()
    _holding = threading.Lock()


os.register_at_fork(after_in_child=_forget_in_child)
