"""The one thread that writes: SQLite takes one writer at a time, and the event loop waits for none."""

from __future__ import annotations

import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from footfall.store.database_file import WRITE_PATIENCE_S, DatabaseFile, SQLiteConnection
from footfall.store.errors import StoreUnavailable
from footfall.store.handoff import Done, handed_over
from footfall.store.touches import TOUCH_DELAY_S, Touches

T = TypeVar("T")
Work = Callable[[SQLiteConnection], Any]

_TOUCH = "UPDATE sessions SET seen_at = ? WHERE token_hash = ? AND seen_at < ?"


@dataclass(frozen=True, slots=True)
class _Job:
    work: Work
    done: Done
    give_up: float  # monotonic


class Writer:
    """Runs pieces of work, each as one transaction, in a thread of its own that starts with the first. ``tell`` is
    called after each commit and before anybody is answered."""

    def __init__(self, file: DatabaseFile, tell: Callable[[], None]) -> None:
        self._file = file
        self._tell = tell
        self._lock = threading.Lock()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._touches = Touches()
        self._flush_at = _NEVER  # monotonic

    async def run(self, work: Callable[[SQLiteConnection], T]) -> T:
        """What ``work`` returns, once it is committed. Who stops waiting does not stop the work.
        Raises StoreUnavailable."""
        give_up = time.monotonic() + WRITE_PATIENCE_S
        result: T = await handed_over(lambda done: self._put(_Job(work, done, give_up)))
        return result

    def touch(self, token_hash: str, now: float) -> None:
        if self._touches.note(token_hash, now):
            self._flush_at = time.monotonic() + TOUCH_DELAY_S
            self._put(_WAKE)

    def close(self) -> None:
        """Write what is pending, and end the thread. A later use starts another."""
        with self._lock:
            thread, self._thread = self._thread, None
            jobs, self._jobs = self._jobs, queue.SimpleQueue()
        if thread is not None:
            jobs.put(None)
            thread.join()

    def _put(self, job: _Job) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                arguments = (self._jobs,)
                self._thread = threading.Thread(target=self._work, args=arguments, name="footfall-store", daemon=True)
                self._thread.start()
            self._jobs.put(job)

    def _work(self, jobs: queue.SimpleQueue[_Job | None]) -> None:
        desk = _Desk(self._file, self._tell)
        while (job := _next(jobs, self._flush_at)) is not None:
            if job is not _WAKE:
                desk.do(job)
            if time.monotonic() >= self._flush_at:
                self._flush(desk)
        self._flush(desk)
        desk.close()

    def _flush(self, desk: _Desk) -> None:
        self._flush_at = _NEVER
        touched = self._touches.take()
        if touched:
            rows = [(now, token_hash, now) for token_hash, now in touched.items()]
            desk.do(_Job(lambda connection: connection.executemany(_TOUCH, rows), _nobody, _NEVER))


class _Desk:
    """The writer's connection: opened when needed, dropped when it failed."""

    def __init__(self, file: DatabaseFile, tell: Callable[[], None]) -> None:
        self._file = file
        self._tell = tell
        self._connection: SQLiteConnection | None = None

    def do(self, job: _Job) -> None:
        try:
            if time.monotonic() > job.give_up:
                raise StoreUnavailable(
                    f"the store {self._file.path} does not answer: too many writes wait for its lock"
                )
            result = self._commit(job.work)
        except sqlite3.Error as error:
            job.done(None, self._file.explain(error))
        except Exception as error:
            job.done(None, error)
        else:
            job.done(result, None)

    def _commit(self, work: Work) -> Any:
        connection = self._connection = self._connection or self._file.connect(read_only=False)
        try:
            connection.execute("BEGIN IMMEDIATE")
            result = work(connection)
            try:
                connection.execute("COMMIT")
            finally:
                self._tell()
        except BaseException:
            self.close()  # which rolls back; a new connection sees a file that was replaced or mended
            raise
        return result

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _next(jobs: queue.SimpleQueue[_Job | None], flush_at: float) -> _Job | None:
    try:
        return jobs.get(timeout=None if flush_at == _NEVER else max(0.0, flush_at - time.monotonic()))
    except queue.Empty:
        return _WAKE


def _nobody(result: Any, error: BaseException | None) -> None:
    """Waits for a result: nobody."""


_NEVER = float("inf")
_WAKE = _Job(lambda connection: None, _nobody, _NEVER)
