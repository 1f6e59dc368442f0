"""Which lines of which log were imported, so that no line counts twice and none is forgotten.

A log is known by what is in it, never by its name: a copy, its gzip, and the same file grown by new lines are one log.
It is cut into chunks of lines, and each chunk has a digest: the SHA-256 of the digest before it and of its lines. So
a digest stands for everything from the first line on, and the chunks of a log form a chain. ``source``, the digest
of the first line alone, finds the chains that a file may continue.

To import a file is to walk its chain. A chunk whose digest is in the ledger as done is passed over. Where the chain
of the ledger ends, or goes on with other lines, the rest is new. Two logs with the same lines in other company have
other digests, and both count.

A chunk is written down twice: as planned (``imported_at`` 0) before its rows are inserted, and as done after. When
the process dies in between, the next import finds the plan and inserts that very chunk again, under the same
deduplication token, even if the file has grown meanwhile: the engine drops what it already has. That holds as long
as not more batches than the table's ``non_replicated_deduplication_window`` were inserted in between.

Not recognised: a shorter, older copy of a log that ends inside a chunk that was imported since.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Literal, NamedTuple

from clickhouse_connect.driver.client import Client

from footfall_analytics.clickhouse.insert import insert
from footfall_analytics.clickhouse.native import Blocks
from footfall_analytics.logfile import LONGEST_LINE

#: Of a chunk, in bytes: so that memory stays flat whatever the lines are.
LARGEST_CHUNK = 32 * 1024 * 1024

_IMPORTS = {
    "source": "String",
    "first_line": "UInt64",
    "lines": "UInt64",
    "bytes": "UInt64",
    "digest": "String",
    "file": "String",
    "site": "String",
    "imported_at": "DateTime('UTC')",
}
_PLANNED = datetime.fromtimestamp(0, UTC)


class Entry(NamedTuple):
    """A chunk as the ledger has it."""

    first_line: int
    lines: int
    digest: str
    done: bool


class Chunk(NamedTuple):
    """Lines of a file that belong together: they are inserted at once, or were."""

    first_line: int
    lines: Sequence[bytes]
    end: int  # where it ends in the unpacked file, in bytes
    digest: str
    state: Literal["new", "planned", "done"]


def source_of_log(first_line: bytes) -> str:
    """What a log is looked up by."""
    return _digest("", [first_line])


def chunks_of(lines: Iterable[bytes], known: Mapping[int, Sequence[Entry]], batch: int) -> Iterator[Chunk]:
    """Cut a log into chunks: as the ledger knows them as far as it does, then ``batch`` lines at a time."""
    source = iter(lines)
    taken: list[bytes] = []
    digest, first_line, end = "", 1, 0
    while True:
        entries = known.get(first_line, ())
        _fill(taken, source, max([batch, *(entry.lines for entry in entries)]))
        if not taken:
            return
        entry = next((entry for entry in entries if _digest(digest, taken[: entry.lines]) == entry.digest), None)
        size = entry.lines if entry else _new_size(taken[:batch])
        chunk, taken = taken[:size], taken[size:]
        digest = entry.digest if entry else _digest(digest, chunk)
        end += sum(map(len, chunk))
        yield Chunk(first_line, chunk, end, digest, "new" if entry is None else "done" if entry.done else "planned")
        first_line += size


def unfinished(line: bytes) -> bool:
    """Whether a line has no end, as the last one of a log that is being written."""
    return not line.endswith(b"\n") and len(line) <= LONGEST_LINE


def _fill(taken: list[bytes], source: Iterator[bytes], count: int) -> None:
    size = sum(map(len, taken))
    while len(taken) < count and size < LARGEST_CHUNK:
        line = next(source, None)
        if line is None:
            return
        taken.append(line)
        size += len(line)


def _new_size(lines: Sequence[bytes]) -> int:
    """An unfinished last line makes a chunk of its own: when it grows, only it is new again."""
    return len(lines) - 1 if len(lines) > 1 and unfinished(lines[-1]) else len(lines)


def _digest(before: str, lines: Iterable[bytes]) -> str:
    digest = hashlib.sha256(before.encode())
    for line in lines:
        digest.update(line.rstrip(b"\r\n") + b"\n")
    return digest.hexdigest()


@dataclass(frozen=True)
class Ledger:
    """The table ``imports`` of one site."""

    client: Client
    database: str
    site: str

    def known(self, source: str) -> dict[int, list[Entry]]:
        """What is written down of logs that begin with that line: by first line, the shortest chunk first."""
        found = self.client.query(
            f"SELECT first_line, lines, digest, max(imported_at) > 0 FROM {self.database}.imports"  # noqa: S608
            " WHERE source = {source:String} AND site = {site:String} GROUP BY first_line, lines, digest"
            " ORDER BY first_line, lines",
            parameters={"source": source, "site": self.site},
        )
        entries = [Entry(first, lines, digest, bool(done)) for first, lines, digest, done in found.result_rows]
        return {first: list(group) for first, group in groupby(entries, key=lambda entry: entry.first_line)}

    def plan(self, source: str, chunk: Chunk, file: str) -> None:
        """Write down that a chunk is about to be inserted."""
        self._write(source, chunk, file, _PLANNED, "plan")

    def finish(self, source: str, chunk: Chunk, file: str, now: datetime) -> None:
        """Write down that a chunk was inserted."""
        self._write(source, chunk, file, now, "done")

    def _write(self, source: str, chunk: Chunk, file: str, at: datetime, step: str) -> None:
        row = [
            source,
            chunk.first_line,
            len(chunk.lines),
            chunk.end,
            chunk.digest,
            file,
            self.site,
            int(at.timestamp()),
        ]
        token = f"{token_of(self.site, chunk)}:{step}"
        insert(
            self.client,
            f"{self.database}.imports",
            tuple(_IMPORTS),
            Blocks(_IMPORTS).block([[value] for value in row]),
            token,
        )


def token_of(site: str, chunk: Chunk) -> str:
    """What the engine knows a chunk by when it comes a second time."""
    return f"import:{site}:{chunk.digest}"


def checked_database(name: str) -> str:
    """The name of a database that may stand in SQL as it is. Raises ValueError for any other."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,63}", name):
        raise ValueError(f"database {name!r}: letters, digits and _ only, not beginning with a digit")
    return name
