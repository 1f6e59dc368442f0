"""One batch into ClickHouse, so that each of its rows is there once, whatever happened to earlier tries.

Each part of a batch goes in under its own name: as the token by which ClickHouse knows a repetition, and in the
column ``batch``. The token alone is not enough. ClickHouse writes it down *before* it puts the rows in place; a
server that is killed between the two knows the token, has no rows, and acknowledges every repetition (seen with
chDB 26.9 in 2 of 60 kills in the middle of an insert). So where an earlier try may have got as far as that, the
rows are looked for after the acknowledgement, and go in under another token when they are missing.

A part is of one month, because ClickHouse takes an insert over several partitions in several steps.
"""

from __future__ import annotations

import logging
import math
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from clickhouse_connect.driver.exceptions import DataError

from footfall.event import Event
from footfall_analytics.clickhouse import Connection
from footfall_analytics.enrich.rows import COLUMNS, columns_of
from footfall_analytics.segments import Batch
from footfall_analytics.tally import Tally, day_of

log = logging.getLogger("footfall.shipper")

#: Rows in one INSERT, at most.
PART_ROWS = 50_000

#: A token for the first time, and others where the rows were not there after all.
_MOST_TOKENS = 4

#: Seconds after which ClickHouse may have forgotten a token (it keeps so many, and others insert too): then rows
#: that are found are believed, without another try.
_TOKENS_LAST = 3600.0

_EVENT_COLUMNS = [*(name for name, _ in COLUMNS), "batch"]
_ACCOUNTING_COLUMNS = ["day", "site", "outcome", "source", "batch", "requests"]

_END_OF_TIME = 1 << 43  # milliseconds: the year 2248

_Columns = Sequence[Sequence[object]]


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
        except (ValueError, DataError):  # raised before anything was sent; an answer of ClickHouse is another error
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

    def _insert(self, table: str, names: list[str], columns: _Columns, name: str) -> None:
        if self._batch.tried and self._batch.age() > _TOKENS_LAST and self._is_there(table, name):
            return
        for number in range(_MOST_TOKENS):
            self._send(table, names, columns, f"{name}~{number}" if number else name)
            if not self._batch.tried or self._is_there(table, name):
                return
            log.warning("ClickHouse had the token of %s and not its rows; they are inserted again", name)
        log.error("the rows of %s are gone from %s as soon as they are inserted; see its TTL", name, table)

    def _send(self, table: str, names: list[str], columns: _Columns, token: str) -> None:
        self._connection.client.insert(
            table,
            columns,
            column_names=names,
            database=self._connection.database,
            column_oriented=True,
            settings={"insert_deduplication_token": token},
        )

    def _is_there(self, table: str, name: str) -> bool:
        """Rows of this name go in together or not at all, so one is enough to know."""
        asked = "SELECT count() FROM {database:Identifier}.{table:Identifier} WHERE batch = {name:String}"
        found = self._connection.client.query(
            asked, parameters={"database": self._connection.database, "table": table, "name": name}
        )
        return bool(found.result_rows[0][0])


def _event_columns(events: list[Event], name: str) -> list[list[object]]:
    """Raises ValueError for times that ClickHouse takes, and no client can read."""
    if not all(0 <= event.time_ms < _END_OF_TIME for event in events):
        raise ValueError("a time before 1970 or after 2248")
    return [*columns_of(events), [name] * len(events)]


def _parts(events: Iterable[Event]) -> Iterator[list[Event]]:
    events = iter(events)
    while chunk := list(islice(events, PART_ROWS)):
        months: dict[date, list[Event]] = {}
        for event in chunk:
            months.setdefault(day_of(event.time_ms).replace(day=1), []).append(event)
        yield from months.values()


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
