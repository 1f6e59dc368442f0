"""The embedded engine of one directory: held by one process at a time, and shared by it with everybody else.

The engine itself allows one process for each path and one path for each process. A lock beside the data says
who holds it; the kernel takes it back when that process dies, however it dies.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import re
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from footfall_analytics.clickhouse.embedded import import_engine
from footfall_analytics.clickhouse.errors import ClickHouseUnavailable, DataDirectoryDamaged
from footfall_analytics.clickhouse.handle import Progress, run_on
from footfall_analytics.clickhouse.server import ShareServer
from footfall_analytics.clickhouse.share import Share, lock_path, remove_share, write_share
from footfall_analytics.clickhouse.statement import Statement

log = logging.getLogger("footfall.clickhouse")

#: Seconds that running statements have to end by themselves when the engine is closed, and again to be killed.
_PATIENCE = 5.0


class Engine:
    """The engine while this process holds it. Made by ``Engine.hold``; closed, it lets the next process in."""

    def __init__(self, directory: Path, lock: int, chdb: Any) -> None:
        self.directory = directory
        self._lock = lock
        self._chdb = chdb
        self._running = 0
        self._closing = False
        self._changed = threading.Condition()
        self._keep = self._open()  # an open handle keeps the engine alive between statements
        self._server = ShareServer(self)
        self.share = Share.new(self._server.port)
        self._server.start(self.share)
        self._announce()

    @classmethod
    def hold(cls, directory: Path) -> Engine | None:
        """Hold the engine of a directory, or ``None`` where another process does.

        Raises ``EngineMissing`` and ``DataDirectoryDamaged``.
        """
        lock = _take_lock(directory)
        if lock is None:
            return None  # and the library, which is large, is not even loaded
        remove_share(directory)  # of a holder that was killed
        try:
            return cls(directory, lock, import_engine())
        except BaseException:
            os.close(lock)
            raise

    def _announce(self) -> None:
        try:
            write_share(self.directory, self.share)
        except OSError as error:
            self._server.stop()
            self._keep.close()
            raise _not_writable(self.directory, error) from error

    def forget(self) -> None:
        """In a forked child: give back the copies of lock and port, or they would outlive the parent."""
        with contextlib.suppress(OSError):
            os.close(self._lock)
        self._server.forget()
        _close_files_of(self.directory)

    def close(self) -> None:
        """Stop sharing, wait for what runs, close the engine and let go of the lock, in this order."""
        remove_share(self.directory)
        self._server.stop()
        if not self._idle():
            # the engine lives on in that statement: another process must not open the directory beside it
            log.error("a statement does not end; %s stays locked until this process ends", self.directory)
            return
        self._keep.close()
        os.close(self._lock)

    # -- statements that came over the share

    def run(self, statement: Statement, progress: Progress, *, readonly: bool) -> Generator[bytes]:
        """The result of a statement, block by block. Raises the engine's own error, its code in the message."""
        with self._counted(), contextlib.closing(self._open()) as handle:
            yield from run_on(handle, statement, progress, readonly=readonly)

    @contextlib.contextmanager
    def _counted(self) -> Iterator[None]:
        with self._changed:
            if self._closing:
                raise ConnectionAbortedError("the engine is being closed; ask whoever holds it next")
            self._running += 1
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def _idle(self) -> bool:
        """Whether every statement has ended: by itself, or killed."""
        with self._changed:
            self._closing = True
            if self._changed.wait_for(lambda: not self._running, _PATIENCE):
                return True
        self._keep.query("KILL QUERY WHERE 1 ASYNC")
        self._server.cut_off()
        with self._changed:
            return self._changed.wait_for(lambda: not self._running, _PATIENCE)

    def _open(self) -> Any:
        try:
            return self._chdb.connect(str(self.directory))
        except RuntimeError as error:
            raise DataDirectoryDamaged(_why_not_opened(self.directory, error)) from error


def _take_lock(directory: Path) -> int | None:
    try:
        directory.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with contextlib.suppress(FileExistsError):
            directory.mkdir(mode=0o700)
        lock = os.open(lock_path(directory), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise _not_writable(directory, error) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def _close_files_of(directory: Path) -> None:
    """The engine has a lock of its own in there, which a child would keep as well. Where there is no /proc, it does."""
    with contextlib.suppress(OSError):
        for name in os.listdir("/proc/self/fd"):
            with contextlib.suppress(OSError):
                if os.readlink(f"/proc/self/fd/{name}").startswith(f"{directory}/"):
                    os.close(int(name))


def _not_writable(directory: Path, error: OSError) -> DataDirectoryDamaged:
    return DataDirectoryDamaged(
        f"{directory}: not writable ({error.strerror}); give a directory that this user may write to"
    )


def _why_not_opened(directory: Path, error: RuntimeError) -> str:
    reason = re.sub(r"^.*DB::Exception: |\(BAD_ARGUMENTS\)|Stack trace.*$|[\s:,.]+$", "", " ".join(str(error).split()))
    return (
        f"{directory}: the embedded ClickHouse engine cannot open it ({reason[:200]}; its own words are on standard "
        "error). If the directory is damaged, move it away: events that were not shipped are still in the journal"
    )


#: One engine for each process, however many ask for it.
_held: dict[Path, tuple[Engine, int]] = {}
_holding = threading.Lock()


def borrow(directory: Path) -> Engine | None:
    """This process's engine for the directory, held now if it can be. Each success wants one ``give_back``."""
    with _holding:
        engine, users = _held.get(directory, (None, 0))
        if engine is None:
            _refuse_a_second(directory)
            engine = Engine.hold(directory)
        if engine is not None:
            _held[directory] = (engine, users + 1)
        return engine


def _refuse_a_second(directory: Path) -> None:
    if other := next(iter(_held), None):
        raise ClickHouseUnavailable(
            f"{directory}: this process has the embedded engine open at {other}, and it can open one directory only; "
            "close that one first, or use another process"
        )


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
    for engine, _ in _held.values():
        engine.forget()
    _held.clear()
    _holding = threading.Lock()


os.register_at_fork(after_in_child=_forget_in_child)
