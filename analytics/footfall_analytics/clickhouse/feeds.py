"""Tables that are fed from ``events`` by a view: how one begins on a table that has rows, and may be getting more.

A view passes on what is inserted after it was made; what was there before is copied. A row that arrives while the
view is made must be passed on or copied, and not both. So the parts of ``events`` are listed before and after: when
they are the same, nothing arrived in between, and the copy is of those parts. When they are not, the view is taken
away again and it begins anew. Merges are stopped meanwhile, because they would mix old rows with new ones.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from clickhouse_connect.driver.client import Client

#: What is being copied, and how much of it is done: 0 to 1.
Progress = Callable[[str, float], None]

_FEED = re.compile(r"CREATE MATERIALIZED VIEW IF NOT EXISTS (\S+) TO (\S+) AS\s+((?:SELECT|WITH)\s.*)", re.DOTALL)
_COMMENT = re.compile(r"^\s*--[^\n]*\n", re.MULTILINE)

#: A busy server may need a few tries until nothing arrives for some milliseconds.
_TRIES = 100
_PAUSE = 0.05  # seconds

#: Visitors are copied in so many portions, so that a copy of any size fits into memory.
_ROWS_AT_ONCE = 4_000_000


class SchemaBusy(RuntimeError):  # noqa: N818  (a state, not a defect)
    """Rows arrived in every moment in which a view was to begin."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One ``CREATE MATERIALIZED VIEW … TO … AS SELECT`` over ``events``."""

    view: str
    target: str
    select: str
    create: str

    def copy(self, database: str, condition: str) -> str:
        """The SQL that inserts into the target what the view makes of those rows of ``events``."""
        events = f"`{database}`.events"
        narrowed = f"FROM {events} WHERE ({condition}) AND "
        return f"INSERT INTO {self.target} " + re.sub(
            rf"FROM {re.escape(events)}\s+WHERE ", lambda _: narrowed, self.select
        )


def no_progress(what: str, done: float) -> None:
    """Nobody is waiting."""


def is_feed_statement(sql: str) -> bool:
    return _read(sql) is not None


def feeds_of(statements: Iterable[str]) -> list[Feed]:
    """The feeds among the statements."""
    return [feed for sql in statements if (feed := _read(sql))]


def begin_feeds(client: Client, database: str, statements: Sequence[str], progress: Progress = no_progress) -> None:
    """Make the views and fill their targets with what ``events`` has. Where an earlier call was interrupted, the
    targets are emptied first. Raises ``SchemaBusy`` and the client's error; it may then be called again."""
    feeds = feeds_of(statements)
    with _without_merges(client, database):
        parts = _begin(client, database, feeds)
        if parts:
            for feed in feeds:
                _copy(client, database, feed, parts, progress)


def _read(sql: str) -> Feed | None:
    found = _FEED.fullmatch(_COMMENT.sub("", sql).strip())
    return Feed(found[1], found[2], found[3], found[0]) if found else None


def _begin(client: Client, database: str, feeds: Sequence[Feed]) -> list[str]:
    """The parts whose rows the new views have not seen."""
    for _ in range(_TRIES):
        for feed in feeds:
            client.command(f"DROP VIEW IF EXISTS {feed.view} SYNC")
            client.command(f"TRUNCATE TABLE {feed.target}")
        before = _parts(client, database)
        for feed in feeds:
            client.command(feed.create)
        _wait_for_inserts(client)
        if before == _parts(client, database):
            return before
        time.sleep(_PAUSE)
    raise SchemaBusy(f"rows keep arriving in {database}.events; stop what ships or imports for a moment, and repeat")


def _copy(client: Client, database: str, feed: Feed, parts: Sequence[str], progress: Progress) -> None:
    what = feed.target.rpartition(".")[2]
    rows = _number(client, f"SELECT count() FROM `{database}`.events")  # noqa: S608
    portions = 1 + rows // _ROWS_AT_ONCE
    there = "_part IN ({})".format(", ".join(f"'{part}'" for part in parts))
    for number in range(portions):
        progress(what, number / portions)
        # an insert may by default reach over no more than 100 partitions
        settings = {"max_partitions_per_insert_block": 0, "insert_deduplicate": 0}
        portion = f"{there} AND cityHash64(visitor_id) % {portions} = {number}"
        client.command(feed.copy(database, portion), settings=settings)
    progress(what, 1.0)


def _parts(client: Client, database: str) -> list[str]:
    asked = "SELECT name FROM system.parts WHERE database = {database:String} AND table = 'events' AND active"
    return sorted(name for (name,) in client.query(asked, parameters={"database": database}).result_rows)


def _wait_for_inserts(client: Client) -> None:
    """Until what was being inserted without the views is there, and can be seen."""
    for _ in range(_TRIES):
        if not _number(client, "SELECT count() FROM system.processes WHERE query_kind = 'Insert'"):
            return
        time.sleep(_PAUSE)


@contextlib.contextmanager
def _without_merges(client: Client, database: str) -> Iterator[None]:
    client.command(f"SYSTEM STOP MERGES `{database}`.events")
    try:
        yield
    finally:
        client.command(f"SYSTEM START MERGES `{database}`.events")


def _number(client: Client, sql: str) -> int:
    return int(client.query(sql).result_rows[0][0])
