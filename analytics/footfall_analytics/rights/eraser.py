"""Somebody's rows out of ClickHouse: base, copy and visits; counted, proved, and safe to interrupt and repeat.

The rows are noted in a plan first. Then they are deleted by mutation, which rewrites every part that has one; the
visits they belonged to are worked out anew from the rows that are left; the accounting says ``erased`` where it said
``row``. The plan goes last: as long as it is there, a repetition goes on where this stopped.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

from footfall_analytics.clickhouse import Blocks, Connection, insert_once
from footfall_analytics.clickhouse.feeds import feeds_of
from footfall_analytics.clickhouse.migrations import schema_statements
from footfall_analytics.rights import plan as plans
from footfall_analytics.rights.notes import Subject
from footfall_analytics.rights.proof import left_over
from footfall_analytics.rights.tables import checked_receipt, delete, drop_hidden, forget_plan, layout_of

log = logging.getLogger("footfall.rights")

#: What is being done, and how much of it is done: 0 to 1.
Progress = Callable[[str, float], None]

#: Others may be inserting rows of the same people and visits meanwhile; then it is done again.
_TRIES = 5

_KEYS = "site, visitor_id, visit_number, time"
_ACCOUNTING = {
    "day": "Date",
    "site": "String",
    "outcome": "String",
    "source": "String",
    "batch": "String",
    "requests": "Int64",
}

_SAME_VISITS = """
SELECT (SELECT (count(), sum(cityHash64(*))) FROM
(
    SELECT site, visitor_id, visit_number, bot, count() AS number, min(time) AS first, max(time) AS last,
        arraySort(groupUniqArrayIf(member_id, member_id != '')) AS members
    FROM {database:Identifier}.events WHERE TOUCHED GROUP BY site, visitor_id, visit_number, bot
)) = (SELECT (count(), sum(cityHash64(*))) FROM
(
    SELECT site, visitor_id, visit_number, bot, sum(events) AS number, min(started) AS first, max(ended) AS last,
        arraySort(groupUniqArrayArray(members)) AS members
    FROM {database:Identifier}.visit_states WHERE TOUCHED GROUP BY site, visitor_id, visit_number, bot
))
"""


class ErasureIncomplete(RuntimeError):  # noqa: N818 - a state, which a repetition changes
    """Rows of the person kept arriving while they were erased."""


class Eraser:
    """Erases the rows of one person in one database, under the id of a receipt."""

    def __init__(self, connection: Connection, receipt: str, subject: Subject, until_ms: int) -> None:
        self._connection = connection
        self._receipt = checked_receipt(receipt)
        self._subject = subject
        self._until_ms = until_ms
        self._layout = layout_of(connection)

    def erase(self, progress: Progress, known: plans.SignedInVisits | None = None) -> dict[str, int]:
        """Erase, and say how much that was. Raises ``ErasureIncomplete``, or the client's error; repeat it then."""
        for _ in range(_TRIES):
            self._round(progress, known or plans.SignedInVisits())
            progress("proving that nothing is left", 0.0)
            left = left_over(self._connection, self._receipt, self._subject, self._until_ms)
            if not any(left.values()):
                break
        else:
            where = ", ".join(f"{count} in {table}" for table, count in left.items() if count)
            raise ErasureIncomplete(f"rows of the person keep arriving ({where}); repeat the erasure")
        progress("proving that nothing is left", 1.0)
        return self._counted()

    def finish(self) -> None:
        """Forget the plan: nothing is left to go on with."""
        forget_plan(self._connection, self._layout, self._receipt)

    def _round(self, progress: Progress, known: plans.SignedInVisits) -> None:
        database, receipt = self._connection.database, self._receipt
        progress("finding the rows", 0.0)
        for table in ("events", "member_log", "visit_states"):
            drop_hidden(self._connection, self._layout, table)
        plans.plan(self._connection, receipt, self._subject, self._until_ms, known)
        keys = plans.planned(receipt, _KEYS, "member", database=database)
        for number, table in enumerate(("events", "member_log")):
            progress("erasing rows and their copies", number / 2)
            delete(self._connection, self._layout, table, f"({_KEYS}, cityHash64(member_id)) IN ({keys})")
        progress("working out the visits anew", 0.0)
        self._visits_anew()
        progress("working out the visits anew", 1.0)

    def _visits_anew(self) -> None:
        """What is known of a visit comes from the rows that are left of it, and from no others."""
        database = self._connection.database
        visit = "site, visitor_id, visit_number"
        touched = f"({visit}) IN ({plans.planned(self._receipt, visit, database=database)})"
        [feed] = [one for one in feeds_of(schema_statements(database)) if one.target.endswith(".visit_states")]
        for _ in range(_TRIES):
            delete(self._connection, self._layout, "visit_states", touched)
            settings = {"insert_deduplicate": 0, "max_partitions_per_insert_block": 0}
            self._connection.client.command(feed.copy(database, touched), settings=settings)
            if self._is_true(_SAME_VISITS.replace("TOUCHED", f"visit_number > 0 AND {touched}")):
                return
            log.warning("rows of the same visits arrive while these are worked out anew; it is done again")
        raise ErasureIncomplete("rows of the same visits keep arriving; repeat the erasure")

    def _counted(self) -> dict[str, int]:
        """The rows are counted as erased, once."""
        name = f"erased:{self._receipt}"
        totals = plans.totals(self._connection, self._receipt)
        rows = [
            (day, site, outcome, "journal", name, sign * int(str(requests)))
            for site, day, _, requests in totals
            for outcome, sign in (("row", -1), ("erased", 1))
            if requests
        ]
        if rows:
            block = Blocks(_ACCOUNTING).block(list(zip(*rows, strict=True)))
            insert_once(self._connection, "accounting", tuple(_ACCOUNTING), block, name, tried=0.0)
        return {
            "events": sum(int(str(events)) for _, _, events, _ in totals),
            "requests": sum(int(str(requests)) for _, _, _, requests in totals),
            "visits": len(plans.planned_visits(self._connection, self._receipt)),
        }

    def _is_true(self, sql: str) -> bool:
        parameters = {"database": self._connection.database}
        return bool(self._connection.client.query(sql, parameters=parameters).result_rows[0][0])


def now_ms() -> int:
    return int(time.time() * 1000)


def now() -> datetime:
    return datetime.now(UTC)
