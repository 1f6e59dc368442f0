"""Whether anything was written since: a few bytes beside the database, which every writer changes after its commit.

Reading them costs a fiftieth of asking SQLite. They are random and not a counter, so that of two writers at once none
undoes what the other said. They are written through the file system, which answers an error with an error, and read
through a mapping, which costs no call of the system.
"""

from __future__ import annotations

import logging
import mmap
import os
from pathlib import Path

_BYTES = 16
_FLAGS = os.O_CREAT | os.O_RDWR | getattr(os, "O_CLOEXEC", 0)

_log = logging.getLogger("footfall.store")


class Generation:
    """The file ``<database>-generation``. May be used from any thread."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._path = database.with_name(f"{database.name}-generation")
        self._mapped: mmap.mmap | None = None

    def read(self) -> bytes | None:
        """What it is now; ``None`` where it cannot be known."""
        return None if self._mapped is None else self._mapped[:_BYTES]

    def look_again(self) -> None:
        """Map the file that has the name now: it may have come, gone or been replaced."""
        try:
            descriptor = self._open()
            try:
                self._mapped = mmap.mmap(descriptor, _BYTES, access=mmap.ACCESS_READ)
            finally:
                os.close(descriptor)
        except (OSError, ValueError):  # a folder or a file system that does not have it: everybody asks SQLite
            self._mapped = None

    def change(self) -> None:
        """Say that something was written. Where that fails, other workers find out when they ask the next time."""
        try:
            descriptor = self._open()
            try:
                os.pwrite(descriptor, os.urandom(_BYTES), 0)
            finally:
                os.close(descriptor)
        except OSError as error:
            _log.warning("other workers learn of a write up to a second late: %s", error.strerror)

    def _open(self) -> int:
        """The file, whole: a mapping of bytes that are not there would end the process."""
        descriptor = os.open(self._path, _FLAGS, 0o600)
        try:
            if os.fstat(descriptor).st_size < _BYTES:
                self._give_to_owner(descriptor)
                os.pwrite(descriptor, os.urandom(_BYTES), 0)
        except OSError:
            os.close(descriptor)
            raise
        return descriptor

    def _give_to_owner(self, descriptor: int) -> None:
        """Root on the command line must not take the file away from the user that runs the app."""
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            owner = self._database.stat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
