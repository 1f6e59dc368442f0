"""What is held of a person in ClickHouse: what ``show`` says, and all that ``export`` hands over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from footfall_analytics.clickhouse import Connection
from footfall_analytics.rights.notes import Subject


@dataclass(frozen=True, slots=True)
class Table:
    """Some rows with the names of their columns."""

    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]

    def dicts(self) -> list[dict[str, object]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


#: Done signed in, or before the first sign-in of a visit in which this member was the first to sign in.
_OF_MEMBER = """
    SELECT events.* EXCEPT (batch)
    FROM {database:Identifier}.events AS events
    INNER JOIN
    (
        SELECT site, visitor_id, visit_number, min((time, member_id)) AS first
        FROM {database:Identifier}.events
        WHERE member_id != ''
            AND visitor_id IN (SELECT visitor_id FROM {database:Identifier}.events WHERE member_id = {id:String})
        GROUP BY site, visitor_id, visit_number
        HAVING countIf(member_id = {id:String}) > 0
    ) AS signed USING (site, visitor_id, visit_number)
    WHERE member_id = {id:String}
        OR (member_id = '' AND visit_number > 0 AND time < signed.first.1 AND signed.first.2 = {id:String})
"""

_OF_VISITOR = "SELECT * EXCEPT (batch) FROM {database:Identifier}.events WHERE visitor_id = {id:UUID}"

#: Worked out from the person's own events: what another member did in the same visit is not theirs.
_VISITS = """
SELECT
    site, visitor_id, visit_number, min(time) AS started, max(time) AS ended, count() AS events,
    countIf(kind = 'page_view') AS page_views,
    argMinIf(path, time, kind = 'page_view') AS entry_page,
    argMaxIf(path, time, kind = 'page_view') AS exit_page,
    argMin(source, time) AS source,
    any(browser) AS browser, any(os) AS os, any(device) AS device, any(country) AS country
FROM (EVENTS)
GROUP BY site, visitor_id, visit_number
ORDER BY started, site, visitor_id, visit_number
"""

_SUMMARY = """
SELECT
    count() AS events, uniqExact(site, visitor_id, visit_number) AS visits, uniqExact(visitor_id) AS browsers,
    min(time) AS first_seen, max(time) AS last_seen, arraySort(groupUniqArray(site)) AS sites
FROM (EVENTS)
"""

_KINDS = "SELECT kind, count() AS events FROM (EVENTS) GROUP BY kind ORDER BY events DESC, kind"

_DEVICES = """
SELECT visitor_id, any(browser) AS browser, any(os) AS os, any(device) AS device, uniqExact(visit_number) AS visits,
    max(time) AS last_seen
FROM (EVENTS)
GROUP BY visitor_id
ORDER BY last_seen DESC
"""


class Held:
    """Asks for the rows of one person. Every method raises the client's error."""

    def __init__(self, connection: Connection, subject: Subject) -> None:
        self._connection = connection
        self._events = _OF_MEMBER if subject.kind == "member" else _OF_VISITOR
        self._parameters = {"database": connection.database, "id": subject.id}

    def events(self) -> Table:
        return self._ask(f"{self._events} ORDER BY time, kind, path")

    def visits(self) -> Table:
        return self._ask(_VISITS)

    def devices(self) -> Table:
        return self._ask(_DEVICES)

    def kinds(self) -> Mapping[str, int]:
        return {str(kind): int(str(count)) for kind, count in self._ask(_KINDS).rows}

    def summary(self) -> Mapping[str, object]:
        return self._ask(_SUMMARY).dicts()[0]

    def _ask(self, sql: str) -> Table:
        found = self._connection.client.query(sql.replace("EVENTS", self._events), parameters=self._parameters)
        return Table(tuple(found.column_names), [tuple(row) for row in found.result_rows])
