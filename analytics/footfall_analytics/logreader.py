"""Log files opened: plain or gzip, by their first bytes; "-" is standard input."""

from __future__ import annotations

import gzip
import os
import sys
import zlib
from collections.abc import Iterator
from io import BufferedReader, RawIOBase
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from footfall_analytics.logfile import LONGEST_LINE


class NotALog(ValueError):  # noqa: N818 - it names what the file is
    """A file that is refused. ``path`` is the file's, ``why`` says what is wrong with it."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path
        self.why = why


def open_log(path: str) -> LogReader:
    """Open a log file to be read line by line, with ``with``. Raises OSError where it cannot be read."""
    return LogReader(path)


class LogReader:
    """The lines of one log file, as they are, with their ends.

    Of a line that is too long only the first 65,537 bytes come, so that memory stays flat. Raises NotALog, with the
    number of the last good line, where gzip data is damaged or cut off.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._raw = _opened(path)
        #: Of the file as it lies there, in bytes; 0 where nobody knows.
        self.size = 0 if path == "-" else os.fstat(self._raw.fileno()).st_size

    @property
    def position(self) -> int:
        """How many bytes of the file have been read."""
        return self._raw.tell() if self.size else 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.path == "-":
            self._raw.detach()  # standard input is not ours to close
        else:
            self._raw.close()

    def __iter__(self) -> Iterator[bytes]:
        number = 0
        try:
            lines = self._unzipped()
            while line := lines.readline(LONGEST_LINE + 1):
                number += 1
                yield line
                while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
                    line = lines.readline(LONGEST_LINE + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            why = f"its gzip data is damaged or cut off after line {number:,}; import a whole copy"
            raise NotALog(self.path, f"{why}: what is in already will not count twice") from error

    def _unzipped(self) -> BufferedReader[Any]:
        if self._raw.peek(2)[:2] != b"\x1f\x8b":
            return self._raw
        return BufferedReader(gzip.GzipFile(fileobj=self._raw), 1 << 16)


def _opened(path: str) -> BufferedReader[Any]:
    return BufferedReader(cast("RawIOBase", sys.stdin.buffer)) if path == "-" else Path(path).open("rb")
