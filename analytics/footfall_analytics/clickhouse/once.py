"""Rows that are inserted once, whatever happened to earlier tries.

They go in under a name: as the token by which ClickHouse knows a repetition, and in their column ``batch``. The
token alone is not enough. ClickHouse writes it down *before* it puts the rows in place; a server that is killed
between the two knows the token, has no rows, and acknowledges every repetition (seen with chDB 26.9 in 2 of 60
kills in the middle of an insert). So where an earlier try may have got as far as that, the rows are looked for
after the acknowledgement, and go in under another token when they are missing.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from clickhouse_connect.driver.exceptions import DatabaseError, DataError

from footfall_analytics.clickhouse.connection import Connection
from footfall_analytics.clickhouse.derived import make_whole
from footfall_analytics.clickhouse.insert import insert

log = logging.getLogger("footfall.clickhouse")

#: A token for the first time, and others where the rows were not there after all.
_MOST_TOKENS = 4

#: Seconds after which ClickHouse may have forgotten a token (it keeps so many, and others insert too): then rows
#: that are found are believed, without another try.
_TOKENS_LAST = 3600.0


def insert_once(
    connection: Connection,
    table: str,
    names: Sequence[str],
    blocks: bytes,
    name: str,
    *,
    tried: float | None,
    month: int | None = None,
) -> None:
    """Insert rows of which ``batch`` is ``name``. They belong to one partition, so that they go in as a whole.

    ``blocks`` are their Native blocks, ``names`` the columns of these. ``tried`` says how many seconds ago the same
    rows were first sent under this name without an acknowledgement, ``None`` that they never were. ``month`` (202611)
    saves looking for them in all others. Raises the client's error; then it is tried again.
    """
    if tried is not None and tried > _TOKENS_LAST and rows_there(connection, table, name, month):
        _see_to_derived(connection, table, name)
        return
    target = f"{connection.database}.{table}"
    for number in range(_MOST_TOKENS):
        insert(connection.client, target, names, blocks, f"{name}~{number}" if number else name)
        if tried is None:
            return
        if rows_there(connection, table, name, month):
            _see_to_derived(connection, table, name)
            return
        log.warning("ClickHouse had the token of %s and not its rows; they are inserted again", name)
    log.error("the rows of %s are gone from %s as soon as they are inserted; see its TTL", name, table)


def _see_to_derived(connection: Connection, table: str, name: str) -> None:
    if table == "events":
        make_whole(connection, name)


def rows_there(connection: Connection, table: str, name: str, month: int | None = None) -> bool:
    """Whether the rows of a batch are there: all of them or none, so one is enough to know."""
    asked = "SELECT count() FROM {database:Identifier}.{table:Identifier} WHERE batch = {name:String}"
    parameters: dict[str, object] = {"database": connection.database, "table": table, "name": name}
    if month is not None:
        asked += " AND toYYYYMM(time) = {month:UInt32}"
        parameters["month"] = month
    return bool(connection.client.query(asked, parameters=parameters).result_rows[0][0])


#: ClickHouse's codes for data that it will never take: not parseable, not convertible, out of range, a constraint.
_FINAL = frozenset((6, 26, 27, 33, 53, 69, 70, 117, 131, 321, 349, 469))


def is_final(error: DatabaseError) -> bool:
    """Whether ClickHouse refuses the rows themselves, so that no repetition will help."""
    return isinstance(error, DataError) or error.code in _FINAL
