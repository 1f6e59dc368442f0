"""The journal: where an event is safe before its response ends. One append-only file for each worker.

One ``write`` of one line; the page cache keeps it when the process is killed, and a group ``fsync`` once a
second bounds what a power cut can take. There is no second path: the journal is the queue, and an outage of
ClickHouse changes nothing for a request.

A line is eight hexadecimal digits of CRC-32, a space, the record as JSON, a newline. A file is locked by its
worker and named ``….open`` while it grows; sealed, it is ``….sealed`` and belongs to the shipper.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import logging
import os
import secrets
import threading
import time
import weakref
import zlib
from collections import Counter
from pathlib import Path

import msgspec

from footfall.event import Drop, DropReason, Event

log = logging.getLogger("footfall.journal")

OPEN, SEALED = ".open", ".sealed"

#: The keeper's round: how much a power cut can take, and how old an event is before the shipper may have it.
KEEP_EVERY = 1.0  # seconds

#: What the journal may hold before it drops the newest events: days of a long outage on an ordinary site.
DEFAULT_QUOTA = 4 * 1024 * 1024 * 1024  # bytes

_COMPLAIN_EVERY = 60.0  # seconds between two log lines of one kind

_encoder = msgspec.json.Encoder()


def encoded(record: Event | Drop) -> bytes:
    """The line of a record."""
    content = _encoder.encode(record)
    return b"%08x %b\n" % (zlib.crc32(content), content)


class Journal:
    """The journal of one worker process. ``append`` may be called from any thread and after a fork."""

    def __init__(self, directory: Path, *, quota: int = DEFAULT_QUOTA) -> None:
        if quota <= 0:
            raise ValueError(f"quota={quota}: how many bytes the journal may hold; a positive number")
        self.directory = directory
        self._quota = quota
        self._lock = threading.Lock()
        self._file: _OpenFile | None = None
        self._over_quota = False
        self._lost: Counter[tuple[str, DropReason]] = Counter()  # what could not be written, until it can
        self._complained = float("-inf")
        _journals.add(self)

    def append(self, record: Event | Drop) -> None:
        """Keep a record. Never raises: what cannot be kept is counted, and the count is kept as soon as it can."""
        line = encoded(record)
        with self._lock:
            if self._over_quota:
                self._lose(record, "quota")
            elif not self._write(line):
                self._lose(record, "failed")

    def _write(self, line: bytes) -> bool:
        try:
            if self._file is None:
                self._file = _OpenFile.create(self.directory)
                self._confess(self._file)
            self._file.write(line)
        except OSError as error:
            self._complain("the journal in %s cannot be written: %s; events are lost meanwhile", error.strerror)
            return False
        return True

    def _lose(self, record: Event | Drop, reason: DropReason) -> None:
        self._lost[record.site, reason] += record.count if isinstance(record, Drop) else 1

    def _confess(self, file: _OpenFile) -> None:
        """Write down how many records could not be, at the first opportunity."""
        while self._lost:
            (site, reason), count = self._lost.popitem()
            try:
                file.write(encoded(Drop(int(time.time() * 1000), site, reason, count)))
            except OSError:
                self._lost[site, reason] += count
                raise

    def keep(self) -> None:
        """What the keeper does once a second: put on disk, seal what is due, and look at the quota."""
        with self._lock:
            file = self._file
        if file is not None:
            file.sync()
        self.seal()
        used = directory_size(self.directory)
        if used > self._quota:
            self._complain("the journal in %s is full (%s); the newest events are dropped", f"{used} bytes")
        self._over_quota = used > self._quota

    def seal(self) -> None:
        """Give what was written to the shipper; the next record begins a new file."""
        with self._lock:
            file, self._file = self._file, None
            if self._lost and not self._over_quota and file is None:
                self._write(b"")
                file, self._file = self._file, None
        if file is not None:
            file.seal()

    def close(self) -> None:
        """Seal; a later ``append`` opens again."""
        self.seal()

    def _complain(self, message: str, detail: str | None) -> None:
        if time.monotonic() - self._complained > _COMPLAIN_EVERY:
            self._complained = time.monotonic()
            log.error(message, self.directory, detail)

    def _forget(self) -> None:
        """After a fork: the file is the parent's, and so is whatever the lock was doing."""
        self._lock = threading.Lock()
        self._file = None
        self._lost.clear()


class _OpenFile:
    """A file that is being written, locked for as long as its worker lives."""

    __slots__ = ("_descriptor", "_path", "_size", "_synced")

    def __init__(self, descriptor: int, path: Path) -> None:
        self._descriptor = descriptor
        self._path = path
        self._size = 0
        self._synced = 0

    @classmethod
    def create(cls, directory: Path) -> _OpenFile:
        """Made under another name and locked before it gets its own: an open file without a lock is a dead worker's."""
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = directory / f"{time.time_ns():020d}-{os.getpid()}-{secrets.token_hex(4)}{OPEN}"
        new = path.with_suffix(".new")
        descriptor = os.open(new, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            new.rename(path)
        except OSError:
            os.close(descriptor)
            raise
        return cls(descriptor, path)

    def write(self, line: bytes) -> None:
        if os.write(self._descriptor, line) != len(line):
            os.ftruncate(self._descriptor, self._size)  # the disk filled up in the middle of the line
            raise OSError(errno.ENOSPC, "no space left on the device")
        self._size += len(line)

    def sync(self) -> None:
        if self._synced != self._size:
            self._synced = self._size
            with contextlib.suppress(OSError):  # sealed by another thread meanwhile
                os.fsync(self._descriptor)

    def seal(self) -> None:
        with contextlib.suppress(OSError):
            self._path.rename(self._path.with_suffix(SEALED))
        os.close(self._descriptor)


def directory_size(directory: Path) -> int:
    """Bytes in the files of the journal."""
    try:
        with os.scandir(directory) as entries:
            return sum(entry.stat(follow_symlinks=False).st_size for entry in entries if entry.is_file())
    except OSError:
        return 0


#: Journals of this process, for the fork.
_journals: weakref.WeakSet[Journal] = weakref.WeakSet()


def _forget_in_child() -> None:
    for journal in _journals:
        journal._forget()


os.register_at_fork(after_in_child=_forget_in_child)
