"""Import of access logs: lines into rows of ``events``, drops into ``accounting``, chunks into the ledger.

Each line ends as one row or one counted reason. Logs carry no consent, so all rows are anonymous: no address, no
query, times to the minute. A document that was fetched is a second row beside its request. What makes a second import
add nothing is told in ``ledger.py``.

Files flow through: at no time is more than a chunk of lines in memory.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path

from clickhouse_connect.driver.client import Client

from footfall_analytics.clickhouse.insert import insert
from footfall_analytics.clickhouse.native import Blocks
from footfall_analytics.enrich.rows import COLUMNS, columns_of
from footfall_analytics.ledger import Chunk, Ledger, checked_database, chunks_of, source_of_log, token_of, unfinished
from footfall_analytics.logbatch import Batch, batch_of, read_line
from footfall_analytics.logevents import own_host
from footfall_analytics.logfile import LogLine
from footfall_analytics.logreader import LogReader, NotALog, open_log

_SAMPLE = 1000
_MOST_SHOWN = 20
_ACCOUNTING = (
    ("day", "Date"),
    ("site", "LowCardinality(String)"),
    ("outcome", "LowCardinality(String)"),
    ("source", "LowCardinality(String)"),
    ("batch", "String"),
    ("requests", "UInt64"),
)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far an import is: called for after each chunk of lines."""

    file: str  # base name
    position: int  # bytes of this file read, as it lies on the disk
    size: int  # of this file in bytes; 0 where nobody knows
    lines: int  # of all files so far
    rows: int
    skipped: int
    seconds: float


@dataclass(kw_only=True)
class ImportReport:
    """What became of the lines: ``lines == rows + sum(drops.values()) + skipped``."""

    lines: int = 0
    rows: int = 0  # requests that are rows
    documents: int = 0  # rows beside them: documents that were used
    drops: Counter[str] = field(default_factory=Counter)  # by reason, "malformed" among them
    malformed: list[tuple[int, str]] = field(default_factory=list)  # line number and why: the first twenty
    skipped: int = 0  # lines that an earlier import had
    seconds: float = 0.0

    @property
    def malformed_count(self) -> int:
        """All malformed lines, shown or not."""
        return self.drops["malformed"]


def import_logs(
    client: Client,
    paths: Sequence[str],
    *,
    site: str,
    database: str = "footfall",
    batch: int = 20_000,
    host: str = "",
    progress: Callable[[Progress], None] | None = None,
) -> ImportReport:
    """Import access logs (plain or gzip; "-" is standard input) into the tables of ``database``.

    ``batch`` is the number of lines inserted at a time. ``host`` is the site's own, so that steps inside it are no
    referrals; where it is not given, it is read off the assets' referrers. Raises NotALog before anything is
    imported when one of the files is none, and in the middle where gzip data is damaged; OSError when a file cannot be
    read; ValueError for a setting that cannot hold. After any error the same call goes on where it stopped.
    """
    if not 1 <= len(site) <= 64:
        raise ValueError(f"site {site!r}: a name of 1 to 64 characters")
    if not 1 <= batch <= 1_000_000:
        raise ValueError(f"batch={batch}: 1 to 1,000,000 lines; 20,000 is a good number")
    run = _Run(Ledger(client, checked_database(database), site), batch, host, progress or (lambda _: None))
    for path in paths:
        if path != "-":
            _check(path)
    for path in paths:
        run.import_file(path)
    run.report.seconds = run.seconds
    return run.report


def _check(path: str) -> None:
    with open_log(path) as reader:
        _sample(path, list(islice(reader, _SAMPLE)))


def _sample(path: str, head: Sequence[bytes]) -> list[LogLine]:
    """The first lines of a file, read. Raises NotALog when most of them are none of a log."""
    lines = [line for raw in head if (line := read_line(raw))]
    if len(lines) * 2 < len(head):
        why = f"{len(head) - len(lines):,} of its first {len(head):,} lines are no lines of an access log"
        raise NotALog(path, f"{why} in the common or combined format")
    return lines


class _Run:
    """One call of ``import_logs``: the files one after the other, and what became of them."""

    def __init__(self, ledger: Ledger, batch: int, host: str, progress: Callable[[Progress], None]) -> None:
        self._ledger = ledger
        self._batch = batch
        self._host = host
        self._progress = progress
        self._began = time.perf_counter()
        self._quoted = False  # whether the lines of this file end with a quoted field
        self.report = ImportReport()

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self._began

    def import_file(self, path: str) -> None:
        with open_log(path) as reader:
            lines = iter(reader)
            head = list(islice(lines, _SAMPLE))
            if not head:
                return
            host = self._host or own_host(_sample(path, head))
            self._quoted = sum(line.rstrip().endswith(b'"') for line in head) * 2 > len(head)
            source = source_of_log(head[0])
            for chunk in chunks_of(chain(head, lines), self._ledger.known(source), self._batch):
                self._take(chunk, source, host, Path(path).name)
                self._tell(reader)

    def _take(self, chunk: Chunk, source: str, host: str, file: str) -> None:
        if chunk.state == "done":
            self.report.lines += len(chunk.lines)
            self.report.skipped += len(chunk.lines)
            return
        now = datetime.now(UTC)
        batch = batch_of(chunk.lines, chunk.first_line, site=self._ledger.site, host=host, today=now.date())
        if unfinished(chunk.lines[0]) and (batch.malformed or self._is_cut(chunk.lines[0])):
            self._show(file, chunk.first_line, "the last line has no end: it is left for the next import")
            return
        if chunk.state == "new":
            self._ledger.plan(source, chunk, file)
        self._insert(chunk, batch)
        self._ledger.finish(source, chunk, file, now)
        self._count(batch, file)

    def _is_cut(self, line: bytes) -> bool:
        """Whether an unfinished line ends before its last field: in the combined format that is in quotes."""
        return self._quoted and not line.endswith(b'"')

    def _insert(self, chunk: Chunk, batch: Batch) -> None:
        again = chunk.state == "planned"
        name = token_of(self._ledger.site, chunk)
        if batch.events:
            events: list[Sequence[object]] = [*columns_of(batch.events), [name] * len(batch.events)]
            self._write_once("events", (*COLUMNS, ("batch", "String")), events, name, again=again)
        days, outcomes = zip(*batch.outcomes, strict=True)
        rows = len(days)
        columns = [days, [self._ledger.site] * rows, outcomes, ["import"] * rows, [name] * rows]
        counts: list[Sequence[object]] = [*columns, list(batch.outcomes.values())]
        self._write_once("accounting", _ACCOUNTING, counts, name, again=again)

    def _write_once(
        self,
        table: str,
        columns: Sequence[tuple[str, str]],
        data: Sequence[Sequence[object]],
        name: str,
        *,
        again: bool,
    ) -> None:
        """Insert rows of which ``batch`` is ``name``. A killed engine may remember the token of rows that it has lost
        (see ``insert_once``): when they are sent again and none is there, it is under another token."""
        there = self._count_of(table, name) if again else 0
        if there < len(data[0]):
            self._write(table, columns, data, f"{name}~1" if again and not there else name)

    def _count_of(self, table: str, name: str) -> int:
        asked = f"SELECT count() FROM {self._ledger.database}.{table} WHERE batch = {{name:String}}"  # noqa: S608
        return int(self._ledger.client.query(asked, parameters={"name": name}).result_rows[0][0])

    def _write(
        self, table: str, columns: Sequence[tuple[str, str]], data: Sequence[Sequence[object]], token: str
    ) -> None:
        # an old log may reach over more months than an insert may by default
        target = f"{self._ledger.database}.{table}"
        kinds = dict(columns)
        blocks = Blocks(kinds).block(data)
        insert(self._ledger.client, target, tuple(kinds), blocks, token, max_partitions_per_insert_block=0)

    def _count(self, batch: Batch, file: str) -> None:
        report, totals = self.report, batch.totals()
        report.lines += totals.total()
        report.rows += totals.pop("row", 0)
        report.documents += batch.documents
        report.drops.update(totals)
        for number, why in batch.malformed:
            self._show(file, number, why)

    def _show(self, file: str, number: int, why: str) -> None:
        if len(self.report.malformed) < _MOST_SHOWN:
            self.report.malformed.append((number, f"{file}: {why}"))

    def _tell(self, reader: LogReader) -> None:
        report = self.report
        self._progress(
            Progress(
                file=Path(reader.path).name,
                position=reader.position,
                size=reader.size,
                lines=report.lines,
                rows=report.rows,
                skipped=report.skipped,
                seconds=self.seconds,
            )
        )
