"""One batch into ClickHouse: its events as rows, and what became of its requests as counts.

Events are encoded some hundred at a time while they are read, which is when the processor still has them at hand,
and sent in parts. Each part goes in under a name of its own, by which it is known when it is tried again. A part is of
one month, because ClickHouse takes an insert over several partitions in several steps.
"""

from __future__ import annotations

import itertools
import logging
import math
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from clickhouse_connect.driver.exceptions import DatabaseError

from footfall.event import Event
from footfall_analytics.clickhouse import Blocks, ClickHouseUnavailable, Connection, insert_once, is_final, rows_there
from footfall_analytics.enrich.rows import COLUMNS, columns_of
from footfall_analytics.rights.notes import NO_NOTES, Notes
from footfall_analytics.segments import Batch
from footfall_analytics.shipped import Shipped
from footfall_analytics.tally import Tally, day_of

log = logging.getLogger("footfall.shipper")

#: Rows in one INSERT, at most.
PART_ROWS = 50_000

#: Events that are encoded together.
_CHUNK = 200

_EVENT_COLUMNS = dict((*COLUMNS, ("batch", "String")))
_ACCOUNTING_COLUMNS = {
    "day": "Date",
    "site": "String",
    "outcome": "String",
    "source": "String",
    "batch": "String",
    "requests": "UInt64",
}

_VIEW_FAILED = (
    "a view behind the table events refuses rows, which wait in the journal until it takes them; "
    "mend the view, or drop it"
)

_END_OF_TIME = 1 << 43  # milliseconds: the year 2248


def deliver(connection: Connection, batch: Batch, erased: Notes = NO_NOTES) -> Shipped:
    """Insert the rows of a batch, then its accounting. Both are acknowledged when this returns.

    Events that an erasure is about become no rows, and are counted.

    Rows that ClickHouse refuses for good are set aside, and their requests counted as ``failed``. Raises the client's
    error for the rest; the same batch may then be delivered again, as often as it takes.
    """
    delivery = _Delivery(connection, batch, erased)
    for share in parts_of(delivery.events(delivery.tally)):
        delivery.take(share)
    return delivery.finish()


@dataclass(slots=True)
class _Part:
    """Rows of one month on their way into one INSERT."""

    name: str
    month: int
    rows: int = 0
    blocks: list[bytes] = field(default_factory=list)
    unfit: list[Event] = field(default_factory=list)


class _Delivery:
    def __init__(self, connection: Connection, batch: Batch, erased: Notes) -> None:
        self.tally = Tally(batch.began_ms)
        self._connection = connection
        self._batch = batch
        self._encoder = Blocks(_EVENT_COLUMNS)
        self._parts: dict[int, _Part] = {}  # those that are being filled, by number
        self._rows = 0
        self._erased = erased

    def events(self, tally: Tally) -> Iterator[Event]:
        """The events that shall be rows, counted on the way."""
        events = tally.events(self._batch.records())
        return self._erased.others(events, tally) if self._erased else events

    def take(self, share: Share) -> None:
        part = self._parts.setdefault(share.part, _Part(f"{self._batch.name}-{share.part}", share.month))
        self._encode(part, share.events)
        if share.last:
            self._send(self._parts.pop(share.part), share.part)

    def finish(self) -> Shipped:
        for number, part in self._parts.items():
            self._send(part, number)
        self._accounting()
        return Shipped(self._rows, batches=1, outcomes=self.tally.outcomes())

    def _encode(self, part: _Part, events: list[Event]) -> None:
        """All of the events but those that fit into no column become rows."""
        try:
            block = self._encoder.block(_columns(events, part.name))
        except ValueError:
            kept = [event for event in events if _fits(event)]
            if len(kept) == len(events):
                raise
            part.unfit += [event for event in events if not _fits(event)]
            events, block = kept, self._encoder.block(_columns(kept, part.name))
        part.rows += len(events)
        part.blocks.append(block)

    def _send(self, part: _Part, number: int) -> None:
        self._set_aside(part.unfit, part.name, "fit into no row")
        if not part.rows:
            return
        try:
            self._insert("events", _EVENT_COLUMNS, b"".join(part.blocks), part.name, part.month)
            self._rows += part.rows
        except DatabaseError as error:
            if not is_final(error):
                raise
            if rows_there(self._connection, "events", part.name, part.month):
                raise ClickHouseUnavailable(_VIEW_FAILED) from error
            shares = parts_of(self.events(Tally(0)))
            refused = [event for share in shares if share.part == number for event in share.events if _fits(event)]
            self._set_aside(refused, f"{part.name}-refused", f"were refused by ClickHouse for good ({error.code})")

    def _set_aside(self, events: list[Event], name: str, why: str) -> None:
        if not events:
            return
        for event in events:
            self.tally.took_back(event, "failed")
        path = self._batch.set_aside(name, events)
        log.error("%d events %s; they were set aside in %s", len(events), why, path)

    def _accounting(self) -> None:
        name = self._batch.name
        rows = [(day, site, outcome, "journal", name, count) for day, site, outcome, count in self.tally.rows()]
        if rows:
            columns: list[Sequence[object]] = list(zip(*rows, strict=True))
            self._insert("accounting", _ACCOUNTING_COLUMNS, Blocks(_ACCOUNTING_COLUMNS).block(columns), name)

    def _insert(self, table: str, names: Iterable[str], blocks: bytes, name: str, month: int | None = None) -> None:
        tried_at = self._batch.age() if self._batch.tried else None
        insert_once(self._connection, table, tuple(names), blocks, name, tried=tried_at, month=month)


def _columns(events: list[Event], name: str) -> list[list[object]]:
    """Raises ValueError for times that ClickHouse takes, and no client can read."""
    if not all(0 <= event.time_ms < _END_OF_TIME for event in events):
        raise ValueError("a time before 1970 or after 2248")
    return [*columns_of(events), [name] * len(events)]


@dataclass(frozen=True, slots=True)
class Share:
    """Some events of a part, in their order. ``last``: the part is full."""

    part: int
    month: int  # 202611
    events: list[Event]
    last: bool


def parts_of(events: Iterable[Event]) -> Iterator[Share]:
    """Which part each event belongs to: the same ones again however often the same events are divided."""
    filling: dict[int, tuple[int, int]] = {}  # by month: number, and rows so far
    numbers = itertools.count()
    for chunk in _chunks(events):
        for month, of_month in _by_month(chunk):
            number, rows = filling.pop(month) if month in filling else (next(numbers), 0)
            rows += len(of_month)
            last = rows + _CHUNK > PART_ROWS
            if not last:
                filling[month] = (number, rows)
            yield Share(number, month, of_month, last)


def _chunks(events: Iterable[Event]) -> Iterator[list[Event]]:
    events = iter(events)
    while chunk := list(itertools.islice(events, _CHUNK)):
        yield chunk


def _by_month(events: list[Event]) -> Iterable[tuple[int, list[Event]]]:
    times = [event.time_ms for event in events]
    first = _month(min(times))
    if first == _month(max(times)):
        return ((first, events),)
    months: dict[int, list[Event]] = {}
    for event in events:
        months.setdefault(_month(event.time_ms), []).append(event)
    return months.items()


def _month(time_ms: int) -> int:
    day = day_of(time_ms)
    return day.year * 100 + day.month


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
