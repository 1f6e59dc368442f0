"""The journal: where an event is safe before its response ends. One append-only file for each worker.

One ``write`` of one line; the page cache keeps it when the process is killed, and a group ``fsync`` once a
second bounds what a power cut can take. There is no second path: the journal is the queue, and an outage of
ClickHouse changes nothing for a request.

A file is named ``….open`` while its worker writes it; sealed, it is ``….sealed`` and belongs to the shipper.
What is in it, ``footfall_analytics.journal_file`` tells.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
import weakref
from collections import Counter
from pathlib import Path

from footfall.event import REQUEST_KINDS, Drop, DropReason, Event
from footfall_analytics.journal_file import SEALED, OpenFile, encoded

log = logging.getLogger("footfall.journal")

#: The keeper's round: how much a power cut can take, and how old an event is before the shipper may have it.
KEEP_EVERY = 1.0  # seconds

#: What the journal may hold before it drops the newest events: days of a long outage on an ordinary site.
DEFAULT_QUOTA = 4 * 1024 * 1024 * 1024  # bytes

_COMPLAIN_EVERY = 60.0  # seconds between two log lines of one kind

#: Where segments pile up, because ClickHouse is away, they are sealed larger: thousands an hour would slow everybody.
_MANY_SEGMENTS = 100


class Journal:
    """The journal of one worker process. ``append`` may be called from any thread and after a fork.

    ``quota`` is how many bytes the directory may hold, of all workers: over it the newest records are dropped,
    and counted.
    """

    def __init__(self, directory: Path, *, quota: int = DEFAULT_QUOTA) -> None:
        if quota <= 0:
            raise ValueError(f"quota={quota}: how many bytes the journal may hold; a positive number")
        self.directory = directory.absolute()  # the process may go elsewhere
        self.quota = quota
        self._lock = threading.Lock()
        self._file: OpenFile | None = None
        self._over_quota = False
        self._lost: Counter[tuple[str, DropReason]] = Counter()  # what could not be written, until it can
        self._complaints: dict[str, float] = {}
        _journals.add(self)

    def append(self, record: Event | Drop) -> None:
        """Keep a record. Never raises: what cannot be kept is counted, and the count is kept as soon as it can."""
        try:
            line = encoded(record)
            with self._lock:
                if self._over_quota:
                    self._lose(record, "quota")
                else:
                    (self._file or self._begin()).write(line)
        except OSError as error:
            self._fail(record, "the journal in %s cannot be written: %s; events are lost meanwhile", error.strerror)
        except (TypeError, ValueError) as error:
            self._fail(record, "an event cannot be written into the journal in %s: %s", type(error).__name__)

    def count(self, drop: Drop) -> None:
        """Keep a drop as one more of its kind. Never raises, like ``append``."""
        try:
            with self._lock:
                if self._over_quota:
                    self._lose(drop, "quota")
                else:
                    (self._file or self._begin()).count(drop)
        except OSError as error:
            self._fail(drop, "the journal in %s cannot be written: %s; events are lost meanwhile", error.strerror)

    def _begin(self) -> OpenFile:
        """A new file, with the counts in it of what could not be written before."""
        self._file = OpenFile.create(self.directory)
        while self._lost:
            (site, reason), count = self._lost.popitem()
            try:
                self._file.write(encoded(Drop(int(time.time() * 1000), site, reason, count)))
            except OSError:
                self._lost[site, reason] += count
                raise
        return self._file

    def _fail(self, record: Event | Drop, message: str, detail: str | None) -> None:
        self._complain(message, detail)
        with self._lock:
            self._lose(record, "failed")

    def _lose(self, record: Event | Drop, reason: DropReason) -> None:
        """Count what is lost, as far as it was a request: nothing else is accounted for."""
        if isinstance(record, Drop):
            self._lost[record.site, record.reason] += record.count
        elif record.kind in REQUEST_KINDS:
            self._lost[record.site, reason] += 1

    def keep(self) -> None:
        """What the keeper does once a second: put on disk, seal what is due, and look at the quota."""
        used, waiting = directory_use(self.directory)
        with self._lock:
            file = self._file
            self._over_quota = used > self.quota
        if used > self.quota:
            self._complain("the journal in %s is full (%s); the newest events are dropped", f"{used} bytes")
        if waiting <= _MANY_SEGMENTS or (file is not None and file.is_due()):
            self.seal()
        elif file is not None:
            file.sync()
        else:
            self._write_lost()

    def _write_lost(self) -> None:
        """Over quota too: a count is small, and must survive the process."""
        with self._lock, contextlib.suppress(OSError):
            if self._lost and self._file is None:
                self._begin()

    def seal(self) -> None:
        """Give what was written to the shipper; the next record begins a new file."""
        self._write_lost()
        with self._lock:
            file, self._file = self._file, None
        if file is not None and not file.seal():
            self._complain("a segment of the journal in %s is gone: %s", "was the directory removed?")

    def close(self) -> None:
        """Seal; a later ``append`` opens again."""
        self.seal()

    def _complain(self, message: str, detail: str | None) -> None:
        now = time.monotonic()
        if now - self._complaints.get(message, -_COMPLAIN_EVERY) >= _COMPLAIN_EVERY:
            self._complaints[message] = now
            log.error(message, self.directory, detail)

    def _forget(self) -> None:
        """After a fork: the file is the parent's, and so is whatever the lock was doing."""
        self._lock = threading.Lock()
        file, self._file = self._file, None
        if file is not None:
            file.forget()
        self._lost.clear()


def directory_use(directory: Path) -> tuple[int, int]:
    """Bytes in the files of the journal, and how many of them wait for the shipper."""
    size = waiting = 0
    with contextlib.suppress(OSError), os.scandir(directory) as entries:
        for entry in entries:
            waiting += entry.name.endswith(SEALED)
            with contextlib.suppress(OSError):  # shipped meanwhile
                size += entry.stat(follow_symlinks=False).st_size if entry.is_file() else 0
    return size, waiting


def seal_here(directory: Path) -> None:
    """Seal what the journals of this process are writing into a directory."""
    for journal in list(_journals):
        if journal.directory == directory.absolute():
            journal.seal()


#: Journals of this process, for the fork.
_journals: weakref.WeakSet[Journal] = weakref.WeakSet()


def _forget_in_child() -> None:
    for journal in _journals:
        journal._forget()


os.register_at_fork(after_in_child=_forget_in_child)
