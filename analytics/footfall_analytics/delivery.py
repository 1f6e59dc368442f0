"""One batch into ClickHouse: its events as rows, and what became of its requests as counts.

Each part of a batch goes in under a name of its own, by which it is known when it is tried again. A part is of
one month, because ClickHouse takes an insert over several partitions in several steps.
"""

from __future__ import annotations

import logging
import math
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from footfall.event import Event
from footfall_analytics.clickhouse import Connection, insert_once
from footfall_analytics.enrich.rows import COLUMNS, columns_of
from footfall_analytics.segments import Batch
from footfall_analytics.tally import Tally, day_of

log = logging.getLogger("footfall.shipper")

#: Rows in one INSERT, at most.
PART_ROWS = 50_000

_EVENT_COLUMNS = dict((*COLUMNS, ("batch", "String")))
_ACCOUNTING_COLUMNS = {
    "day": "Date",
    "site": "String",
    "outcome": "String",
    "source": "String",
    "batch": "String",
    "requests": "UInt64",
}

_END_OF_TIME = 1 << 43  # milliseconds: the year 2248


@dataclass(frozen=True, slots=True)
class Shipped:
    """What was shipped. ``requests`` counts rows that are requests and drops of all reasons."""

    rows: int = 0
    requests: int = 0
    batches: int = 0

    def __add__(self, other: Shipped) -> Shipped:
        return Shipped(self.rows + other.rows, self.requests + other.requests, self.batches + other.batches)


def deliver(connection: Connection, batch: Batch) -> Shipped:
    """Insert the rows of a batch, then its accounting. Both are acknowledged when this returns.

    Raises the client's error; the same batch may then be delivered again, as often as it takes.
    """
    delivery = _Delivery(connection, batch)
    tally = Tally(batch.began_ms)
    rows = 0
    for number, events in enumerate(_parts(tally.events(batch.records()))):
        rows += delivery.events(events, f"{batch.name}-{number}", tally)
    delivery.accounting(tally)
    return Shipped(rows, tally.counts.total(), 1)


class _Delivery:
    def __init__(self, connection: Connection, batch: Batch) -> None:
        self._connection = connection
        self._batch = batch

    def events(self, events: list[Event], name: str, tally: Tally) -> int:
        """How many of the events are rows now: all but those that fit into no column."""
        try:
            self._insert("events", _EVENT_COLUMNS, _event_columns(events, name), name)
        except ValueError:  # raised before anything was sent; an answer of ClickHouse is another error
            kept = [event for event in events if _fits(event)]
            if len(kept) == len(events):
                raise
            self._set_aside([event for event in events if not _fits(event)], name, tally)
            if kept:
                self._insert("events", _EVENT_COLUMNS, _event_columns(kept, name), name)
            return len(kept)
        return len(events)

    def _set_aside(self, events: list[Event], name: str, tally: Tally) -> None:
        for event in events:
            tally.took_back(event, "failed")
        path = self._batch.set_aside(name, events)
        log.error("%d events fit into no row; they were set aside in %s", len(events), path)

    def accounting(self, tally: Tally) -> None:
        name = self._batch.name
        rows = [(day, site, outcome, "journal", name, count) for day, site, outcome, count in tally.rows()]
        if rows:
            columns = [list(column) for column in zip(*rows, strict=True)]
            self._insert("accounting", _ACCOUNTING_COLUMNS, columns, name)

    def _insert(self, table: str, kinds: dict[str, str], columns: Sequence[Sequence[object]], name: str) -> None:
        tried_at = self._batch.age() if self._batch.tried else None
        insert_once(self._connection, table, kinds, columns, name, tried=tried_at)


def _event_columns(events: list[Event], name: str) -> list[list[object]]:
    """Raises ValueError for times that ClickHouse takes, and no client can read."""
    if not all(0 <= event.time_ms < _END_OF_TIME for event in events):
        raise ValueError("a time before 1970 or after 2248")
    return [*columns_of(events), [name] * len(events)]


def _parts(events: Iterable[Event]) -> Iterator[list[Event]]:
    events = iter(events)
    while chunk := list(islice(events, PART_ROWS)):
        times = [event.time_ms for event in chunk]
        if _month(min(times)) == _month(max(times)):
            yield chunk
        else:
            yield from _by_month(chunk)


def _by_month(events: list[Event]) -> Iterable[list[Event]]:
    months: dict[date, list[Event]] = {}
    for event in events:
        months.setdefault(_month(event.time_ms), []).append(event)
    return months.values()


def _month(time_ms: int) -> date:
    return day_of(time_ms).replace(day=1)


def _fits(event: Event) -> bool:
    """Whether the columns of ``events`` can hold it."""
    sizes = (
        (event.time_ms, _END_OF_TIME),
        (event.status, math.inf),
        (event.duration_us, math.inf),
        (event.bytes, 1 << 64),
        (event.visit_number, 1 << 32),
        (event.policy_version, 1 << 16),
    )
    return all(0 <= number < end for number, end in sizes) and _is_uuid(event.visitor_id)


def _is_uuid(text: str) -> bool:
    try:
        return not text or bool(uuid.UUID(text))
    except ValueError:
        return False
