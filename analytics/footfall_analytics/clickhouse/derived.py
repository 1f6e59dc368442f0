"""What is derived from ``events`` holds exactly what ``events`` holds, whatever happened to an insert.

ClickHouse passes the rows of an insert on to the views' targets, each under the same token: a retry adds to none of
them twice, and completes those where a view failed. Two accidents remain. A server that is killed in the middle may
know the token in a target and have lost the rows. And rows that were inserted before a view was made, and copied
when it was, are passed on once more by a late retry. So after a retry the targets are compared with ``events``, and
what differs is made anew.
"""

from __future__ import annotations

import logging

from footfall_analytics.clickhouse.connection import Connection
from footfall_analytics.clickhouse.feeds import Feed, feeds_of
from footfall_analytics.clickhouse.migrations import schema_statements

log = logging.getLogger("footfall.clickhouse")

#: Others may be inserting events of the same visits meanwhile; then it is compared again.
_TRIES = 5

_VISITS_OF_BATCH = """(site, visitor_id, visit_number) IN (
    SELECT site, visitor_id, visit_number FROM {database:Identifier}.events
    WHERE batch = {batch:String} AND visit_number > 0
)"""

_ROWS_OF_BATCH = "batch = {batch:String}"

_SAME_VISITS = """
WITH
    there AS (
        SELECT site, visitor_id, visit_number, bot, count() AS number, min(time) AS first, max(time) AS last
        FROM {database:Identifier}.events
        WHERE (site, visitor_id, visit_number) IN (SELECT * FROM touched)
        GROUP BY site, visitor_id, visit_number, bot
    ),
    derived AS (
        SELECT site, visitor_id, visit_number, bot, sum(events) AS number, min(started) AS first, max(ended) AS last
        FROM {database:Identifier}.visit_states
        WHERE (site, visitor_id, visit_number) IN (SELECT * FROM touched)
        GROUP BY site, visitor_id, visit_number, bot
    ),
    touched AS (
        SELECT site, visitor_id, visit_number
        FROM {database:Identifier}.events
        WHERE batch = {batch:String} AND visit_number > 0
    )
SELECT
    (SELECT (count(), sum(cityHash64(*))) FROM there) = (SELECT (count(), sum(cityHash64(*))) FROM derived)
"""

_SAME_MEMBERS = """
WITH
    there AS (
        SELECT member_id, time FROM {database:Identifier}.events WHERE batch = {batch:String} AND member_id != ''
    ),
    derived AS (
        SELECT member_id, time FROM {database:Identifier}.member_log WHERE batch = {batch:String}
    )
SELECT
    (SELECT (count(), sum(cityHash64(*))) FROM there) = (SELECT (count(), sum(cityHash64(*))) FROM derived)
"""

#: Which rows belong to a batch, and whether a target has the same as ``events``, for each target.
_CHECKS = {
    "visit_states": (_VISITS_OF_BATCH, _SAME_VISITS),
    "member_log": (_ROWS_OF_BATCH, _SAME_MEMBERS),
}


def make_whole(connection: Connection, batch: str) -> None:
    """See to it that visits and members' rows have what the rows of a batch say, once. Raises the client's error."""
    for feed in feeds_of(schema_statements(connection.database)):
        table = feed.target.rpartition(".")[2]
        rows, same = _CHECKS[table]
        for _ in range(_TRIES):
            if _is_true(connection, same, batch):
                break
            log.warning("%s has not what events has of %s; it is made anew", table, batch)
            _make_anew(connection, feed, rows, batch)


def _make_anew(connection: Connection, feed: Feed, rows: str, batch: str) -> None:
    parameters = {"database": connection.database, "batch": batch}
    run = connection.client.command
    # a subquery in a mutation wants a word of its own on replicated tables
    settings = {"mutations_sync": 2, "allow_nondeterministic_mutations": 1}
    run(f"ALTER TABLE {feed.target} DELETE WHERE {rows}", parameters=parameters, settings=settings)
    again = feed.copy(connection.database, rows)
    run(again, parameters=parameters, settings={"insert_deduplicate": 0, "max_partitions_per_insert_block": 0})


def _is_true(connection: Connection, sql: str, batch: str) -> bool:
    parameters = {"database": connection.database, "batch": batch}
    return bool(connection.client.query(sql, parameters=parameters).result_rows[0][0])
