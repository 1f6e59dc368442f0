"""What becomes of a chunk of lines: events to insert, and every line counted, by day and outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal

from footfall.event import Drop, DropReason, Event
from footfall_analytics.logevents import document_of, to_event
from footfall_analytics.logfile import LONGEST_LINE, LogLine, parse_line

Outcome = Literal["row"] | DropReason

_DAY_MS = 86_400_000
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass
class Batch:
    """One chunk, worked out. Its lines are the sum of ``outcomes``."""

    events: list[Event] = field(default_factory=list)  # requests, each with its document behind it
    documents: int = 0
    outcomes: Counter[tuple[date, Outcome]] = field(default_factory=Counter)
    malformed: list[tuple[int, str]] = field(default_factory=list)  # line number and why

    def totals(self) -> Counter[Outcome]:
        """The outcomes of all days together."""
        totals: Counter[Outcome] = Counter()
        for (_, outcome), count in self.outcomes.items():
            totals[outcome] += count
        return totals


def batch_of(lines: Iterable[bytes], first_line: int, *, site: str, host: str, today: date) -> Batch:
    """Work out the lines of a chunk. A malformed line has no day of its own: it counts on that of the next line
    which is well formed, or of the last one, or ``today`` where there is none."""
    batch = Batch()
    day, waiting = today, 0
    for number, raw in enumerate(lines, start=first_line):
        line = read_line(raw)
        if line is None:
            waiting += 1
            batch.malformed.append((number, why_malformed(raw)))
            continue
        day = _day(line.time_ms // _DAY_MS)
        batch.outcomes[day, _add(batch, line, site, host)] += 1
        if waiting:
            batch.outcomes[day, "malformed"] += waiting
            waiting = 0
    if waiting:
        batch.outcomes[day, "malformed"] += waiting
    return batch


def read_line(raw: bytes) -> LogLine | None:
    """A line as it is in the file, read; bytes that are no UTF-8 are replaced."""
    return parse_line(raw.decode("utf-8", "replace")) if len(raw) <= LONGEST_LINE else None


def why_malformed(raw: bytes) -> str:
    """In words that repeat nothing of the line: what is in it is somebody's."""
    if len(raw) > LONGEST_LINE:
        return f"longer than {LONGEST_LINE:,} bytes"
    return "not in the common or combined format" if raw.strip() else "empty"


def _add(batch: Batch, line: LogLine, site: str, host: str) -> Outcome:
    made = to_event(line, site, host)
    if isinstance(made, Drop):
        return made.reason
    batch.events.append(made)
    if document := document_of(made):
        batch.events.append(document)
        batch.documents += 1
    return "row"


@lru_cache(maxsize=4096)
def _day(number: int) -> date:
    return date.fromordinal(_EPOCH + number)
