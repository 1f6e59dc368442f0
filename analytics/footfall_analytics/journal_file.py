"""One file of the journal while its worker writes it. Locked for as long as the worker lives, sealed once.

A line is eight hexadecimal digits of CRC-32, a space, the record as JSON, a newline. Events are appended. Drops
are counted: all of one site, reason and day are one line, written anew in its place with each of them, by one
``pwrite`` within one sector, so that neither ``kill -9`` nor a power cut leaves half of it.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import secrets
import time
import zlib
from pathlib import Path

import msgspec

from footfall.event import Drop, Event

OPEN, SEALED, NEW = ".open", ".sealed", ".new"

#: No line is longer, written or read: an app may put anything into the properties of an event.
LONGEST_LINE = 256 * 1024

#: Where segments pile up, because ClickHouse is away, they are sealed larger: thousands an hour would slow everybody.
_PATIENCE = 60.0  # seconds
_LARGE = 8 * 1024 * 1024  # bytes

_LONGEST_CONTENT = LONGEST_LINE - 10
_DAY_MS = 86_400_000

#: What disks write as a whole, and pages of memory are multiples of.
_SECTOR = 512

_encode = msgspec.json.Encoder().encode
_crc32 = zlib.crc32
_pwrite = os.pwrite


def encoded(record: Event | Drop) -> bytes:
    """The line of a record. Raises ValueError for what cannot be written, UnicodeEncodeError among it."""
    content = _encode(record)
    if len(content) > _LONGEST_CONTENT:
        raise ValueError(f"a record of {len(content)} bytes; {LONGEST_LINE} at most")
    return b"%08x %b\n" % (_crc32(content), content)


class OpenFile:
    """A file that is being written. Its writers take turns; ``sync`` may come in between."""

    __slots__ = ("_began", "_counts", "_descriptor", "_dirty", "_path", "_size")

    def __init__(self, descriptor: int, path: Path) -> None:
        self._descriptor = descriptor
        self._path = path
        self._began = time.monotonic()
        self._size = 0
        self._dirty = False
        self._counts: dict[tuple[str, str, int], _Count] = {}

    @classmethod
    def create(cls, directory: Path) -> OpenFile:
        """Made under another name and locked before it gets its own: an open file without a lock is a dead worker's."""
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = directory / f"{time.time_ns():020d}-{os.getpid()}-{secrets.token_hex(4)}{OPEN}"
        new = path.with_suffix(NEW)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            new.rename(path)
        except OSError:
            os.close(descriptor)
            new.unlink(missing_ok=True)
            raise
        return cls(descriptor, path)

    def write(self, line: bytes) -> None:
        """Append a line. Raises OSError, and then nothing of it is there."""
        size = self._size
        if _pwrite(self._descriptor, line, size) != len(line):
            os.ftruncate(self._descriptor, size)  # the disk filled up in the middle of the line
            raise OSError(errno.ENOSPC, "no space left on the device")
        self._size = size + len(line)
        self._dirty = True

    def count(self, drop: Drop) -> None:
        """Add to the count of its site, reason and day. Raises OSError, and then it is not counted."""
        key = drop.site, drop.reason, drop.time_ms // _DAY_MS
        known = self._counts.get(key)
        if known is None:
            self._begin_count(key, drop)
            return
        total = known.total + drop.count
        _pwrite(self._descriptor, known.line(total), known.offset)
        known.total = total
        self._dirty = True

    def _begin_count(self, key: tuple[str, str, int], drop: Drop) -> None:
        """A line that would lie across two sectors could be torn: then this drop has a line of its own, and the
        next one tries again."""
        begun = _Count(drop, self._size)
        line = begun.line(drop.count)
        if begun.offset % _SECTOR + len(line) > _SECTOR:
            self.write(encoded(drop))
        else:
            self.write(line)
            begun.total = drop.count
            self._counts[key] = begun

    def is_due(self) -> bool:
        return self._size >= _LARGE or time.monotonic() - self._began >= _PATIENCE

    def sync(self) -> None:
        if self._dirty:
            self._dirty = False
            with contextlib.suppress(OSError):  # sealed by another thread meanwhile
                os.fsync(self._descriptor)

    def seal(self) -> bool:
        """Whether the file was still there."""
        self.sync()
        try:
            self._path.rename(self._path.with_suffix(SEALED))
        except OSError:
            return False
        finally:
            os.close(self._descriptor)
        return True

    def forget(self) -> None:
        """In a forked child: close the copy, or its lock would outlive the parent."""
        with contextlib.suppress(OSError):
            os.close(self._descriptor)


class _Count:
    """The line of a count: as long with any number, so that it can be written over."""

    __slots__ = ("_checksum", "_head", "offset", "total")

    def __init__(self, drop: Drop, offset: int) -> None:
        self._head = _encode(msgspec.structs.replace(drop, count=0)).removesuffix(b"0]")
        self._checksum = _crc32(self._head)
        self.offset = offset
        self.total = 0

    def line(self, total: int) -> bytes:
        """The line with this number in it."""
        number = b"%19d]" % total  # JSON lets a number have white space before it
        return b"%08x %b%b\n" % (_crc32(number, self._checksum), self._head, number)
