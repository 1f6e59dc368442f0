"""Which rows an erasure deletes, noted in ``erasure_rows`` before the first of them goes.

Of a member: every row made signed in; and, of the visits in which the member was signed in, the rows of nobody: what
was done before the sign-in and after the sign-out. Only what belongs to another member stays, who was the first to sign
in on the same browser in the same visit. Of a visitor: every row with the browser's identifier, whoever was signed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from footfall_analytics.clickhouse import Connection
from footfall_analytics.rights.notes import Subject

#: No row is later (year 2248): everything that is there.
EVER_MS = (1 << 43) - 1

_INTO = """
INSERT INTO {database:Identifier}.erasure_rows
    (receipt, site, visitor_id, visit_number, time, member, batch, events, requests)
SELECT {receipt:String}, site, visitor_id, visit_number, time, member, batch, sum(event), sum(request)
FROM
(
"""

_BY_ROW = """
)
GROUP BY site, visitor_id, visit_number, time, member, batch
SETTINGS max_partitions_per_insert_block = 0
"""

_ROW = "site, visitor_id, visit_number, time, cityHash64(member_id) AS member, batch"
_OF_EVENTS = f"{_ROW}, 1 AS event, kind IN ('page_view', 'request') AS request FROM {{database:Identifier}}.events"
_OF_LOG = f"{_ROW}, 0 AS event, 0 AS request FROM {{database:Identifier}}.member_log"
_OF_VISITS = """
SELECT
    site, visitor_id, visit_number, toDateTime64(0, 3, 'UTC') AS time, 0 AS member, '' AS batch,
    0 AS event, 0 AS request
FROM {database:Identifier}.visit_states
"""

_UNTIL = "time <= fromUnixTimestamp64Milli({until:Int64}, 'UTC')"

_VISITOR = f"""
    SELECT {_OF_EVENTS} WHERE visitor_id = {{id:UUID}} AND {_UNTIL}
    UNION ALL SELECT {_OF_LOG} WHERE visitor_id = {{id:UUID}} AND {_UNTIL}
    UNION ALL {_OF_VISITS}
    WHERE visitor_id = {{id:UUID}} AND started <= fromUnixTimestamp64Milli({{until:Int64}}, 'UTC')
"""

_NEVER = "toDateTime64('2248-01-01 00:00:00', 3, 'UTC')"

#: ``mine``: when the member was first signed in, ``theirs``: when somebody else was; of nobody the end of time.
_MEMBER = f"""
    SELECT {_OF_EVENTS} AS events
    INNER JOIN
    (
        SELECT site, visitor_id, visit_number, min(own) AS mine, min(other) AS theirs
        FROM
        (
            SELECT site, visitor_id, visit_number,
                if(member_id = {{id:String}}, time, {_NEVER}) AS own,
                if(member_id = {{id:String}}, {_NEVER}, time) AS other
            FROM {{database:Identifier}}.events
            WHERE member_id != '' AND visitor_id IN
            (
                SELECT visitor_id FROM {{database:Identifier}}.events WHERE member_id = {{id:String}}
                UNION DISTINCT
                SELECT visitor_id FROM {{database:Identifier}}.member_log WHERE member_id = {{id:String}}
                UNION DISTINCT
                SELECT arrayJoin({{visitors:Array(UUID)}})
            )
            UNION ALL
            SELECT site, visitor_id, visit_number, time, {_NEVER}
            FROM {{database:Identifier}}.member_log
            WHERE member_id = {{id:String}}
            UNION ALL
            SELECT one.1, one.2, one.3, fromUnixTimestamp64Milli(one.4, 'UTC'), {_NEVER}
            FROM
            (
                SELECT arrayJoin(arrayZip({{sites:Array(String)}}, {{visitors:Array(UUID)}},
                    {{numbers:Array(UInt32)}}, {{times:Array(Int64)}})) AS one
            )
        )
        GROUP BY site, visitor_id, visit_number
        HAVING mine < {_NEVER}
    ) AS signed USING (site, visitor_id, visit_number)
    WHERE {_UNTIL}
        AND (member_id = {{id:String}} OR (
            member_id = '' AND visit_number > 0 AND NOT (signed.theirs < signed.mine AND time < signed.theirs)
        ))
    UNION ALL SELECT {_OF_LOG} WHERE member_id = {{id:String}} AND {_UNTIL}
    UNION ALL {_OF_VISITS}
    WHERE has(members, {{id:String}}) AND started <= fromUnixTimestamp64Milli({{until:Int64}}, 'UTC')
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class SignedInVisits:
    """Visits in which the member was signed in, and from when on, though no row says so any more."""

    sites: list[str] = field(default_factory=list)
    visitors: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    times: list[int] = field(default_factory=list)  # Unix milliseconds

    def add(self, site: str, visitor: str, number: int, time_ms: int) -> None:
        self.sites.append(site)
        self.visitors.append(visitor)
        self.numbers.append(number)
        self.times.append(time_ms)


def plan(connection: Connection, receipt: str, subject: Subject, until_ms: int, known: SignedInVisits) -> None:
    """Note which rows shall go. Repeated, it notes the same ones again, and those that came meanwhile."""
    parameters = {
        "database": connection.database,
        "receipt": receipt,
        "id": subject.id,
        "until": until_ms,
        "sites": known.sites,
        "visitors": known.visitors,
        "numbers": known.numbers,
        "times": known.times,
    }
    chosen = _MEMBER if subject.kind == "member" else _VISITOR
    connection.client.command(_INTO + chosen + _BY_ROW, parameters=parameters)


def planned(receipt: str, *columns: str, database: str) -> str:
    """SQL: those columns of the plan, each row once; it may have been noted more than once, in parts."""
    listed = ", ".join(columns)
    return f"SELECT {listed} FROM `{database}`.erasure_rows WHERE receipt = '{receipt}'"  # noqa: S608


def totals(connection: Connection, receipt: str) -> list[tuple[object, ...]]:
    """Site, day, and how many events and requests the plan has of it."""
    asked = """
    SELECT site, toDate(time) AS day, sum(each_events), sum(each_requests)
    FROM
    (
        SELECT site, time, max(events) AS each_events, max(requests) AS each_requests
        FROM {database:Identifier}.erasure_rows
        WHERE receipt = {receipt:String}
        GROUP BY site, visitor_id, visit_number, time, member, batch
    )
    GROUP BY site, day
    ORDER BY site, day
    """
    return _rows(connection, asked, receipt)


def planned_visits(connection: Connection, receipt: str) -> set[tuple[str, str, int]]:
    """Site, visitor and number of the visits that the plan touches."""
    asked = """
    SELECT DISTINCT site, toString(visitor_id), visit_number FROM {database:Identifier}.erasure_rows
    WHERE receipt = {receipt:String} AND visit_number > 0
    """
    return {(str(site), str(visitor), int(str(number))) for site, visitor, number in _rows(connection, asked, receipt)}


def _rows(connection: Connection, asked: str, receipt: str) -> list[tuple[object, ...]]:
    parameters = {"database": connection.database, "receipt": receipt}
    found: Sequence[Iterable[object]] = connection.client.query(asked, parameters=parameters).result_rows
    return [tuple(row) for row in found]
