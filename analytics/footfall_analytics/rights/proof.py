"""The proof of an erasure: the tables are read with masks and projections off, part by part, merged or not."""

from __future__ import annotations

from footfall_analytics.clickhouse import Connection
from footfall_analytics.rights.notes import Subject

#: A row that ``DELETE FROM`` only hides is counted, too; and a projection answers for no part.
_BARE = {"apply_deleted_mask": 0, "optimize_use_projections": 0, "optimize_use_implicit_projections": 0}

_UNTIL = "<= fromUnixTimestamp64Milli({until:Int64}, 'UTC')"

_VISITOR = {
    "events": f"visitor_id = {{id:UUID}} AND time {_UNTIL}",
    "member_log": f"visitor_id = {{id:UUID}} AND time {_UNTIL}",
    "visit_states": f"visitor_id = {{id:UUID}} AND started {_UNTIL}",
}

_MEMBER = {
    "events": f"member_id = {{id:String}} AND time {_UNTIL}",
    "member_log": f"member_id = {{id:String}} AND time {_UNTIL}",
    # of a visit in which the member comes back after the erasure, the states are new
    "visit_states": f"first_member.id = {{id:String}} AND first_member.at {_UNTIL}",
}

_PLANNED = """
(site, visitor_id, visit_number, time, cityHash64(member_id)) IN
(
    SELECT site, visitor_id, visit_number, time, member FROM {database:Identifier}.erasure_rows
    WHERE receipt = {receipt:String}
)
"""


def left_over(connection: Connection, receipt: str, subject: Subject, until_ms: int) -> dict[str, int]:
    """How many rows of the person are left in each table, and how many of the plan; all zero when it is done."""
    parameters = {"database": connection.database, "id": subject.id, "until": until_ms, "receipt": receipt}

    def count(table: str, condition: str) -> int:
        asked = f"SELECT count() FROM {{database:Identifier}}.{table} WHERE {condition}"  # noqa: S608 - no input in it
        return int(connection.client.query(asked, parameters=parameters, settings=_BARE).result_rows[0][0])

    conditions = _MEMBER if subject.kind == "member" else _VISITOR
    found = {table: count(table, condition) for table, condition in conditions.items()}
    return {**found, "the plan": count("events", _PLANNED)}
