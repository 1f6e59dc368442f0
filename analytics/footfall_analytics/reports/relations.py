"""The tables that reports ask, and what stands for them where rows may be used for one purpose only. Pure.

Statistics, and keeping the site running, are what all rows are collected for. For any other purpose a report sees only
the rows that were granted for it; members and visits are then worked out from those rows alone.
"""

from __future__ import annotations

import re

from footfall_analytics.reports.report import ANALYTICS, NECESSARY
from footfall_analytics.reports.sql_files import DATABASE

_TABLE = re.compile(r"\{database:Identifier\}\.(events|member_events|visits)\b")

_ROWS = DATABASE + ".usage_for(purpose={purpose:String})"

_MEMBER_ROWS = f"""(
    SELECT
        events.*,
        multiIf(
            events.member_id != '', events.member_id, events.time < signed.since, signed.member, ''
        ) AS linked_member_id
    FROM {_ROWS} AS events
    LEFT JOIN
    (
        SELECT site, visitor_id, visit_number, argMin(member_id, time) AS member, min(time) AS since
        FROM {_ROWS}
        WHERE member_id != '' AND visit_number > 0
        GROUP BY site, visitor_id, visit_number
    ) AS signed USING (site, visitor_id, visit_number)
)"""  # noqa: S608  (made of constants)

#: As in the feed of the visits: the choice that a visit began with tells where it came from.
_RANK = (
    "(multiIf(kind = 'page_view' OR kind = 'consent' AND mapContains(props, 'entry'), 0, kind = 'request', 1, 2), time)"
)
_OF_ENTRY = (
    "source", "channel", "referrer_host", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content",
)  # fmt: skip
_OF_VISITOR = ("browser", "os", "device", "country", "language")
_COLUMNS = ", ".join(
    [*(f"argMin({name}, {_RANK}) AS {name}" for name in _OF_ENTRY), *(f"min({name}) AS {name}" for name in _OF_VISITOR)]
)

_VISITS = f"""(
    SELECT
        site, visitor_id, visit_number, bot,
        min(time) AS started,
        max(time) AS ended,
        dateDiff('second', started, ended) AS seconds,
        countIf(kind = 'page_view') AS page_views,
        page_views = 1 AS bounced,
        argMinIf(path, time, kind = 'page_view') AS entry_page,
        argMaxIf(path, time, kind = 'page_view') AS exit_page,
        groupUniqArrayIf(member_id, member_id != '') AS members,
        {_COLUMNS}
    FROM {_ROWS}
    WHERE visit_number > 0
    GROUP BY site, visitor_id, visit_number, bot
)"""  # noqa: S608  (made of constants)

_FOR_PURPOSE = {"events": _ROWS, "member_events": _MEMBER_ROWS, "visits": _VISITS}


def bound(text: str, purpose: str) -> str:
    """The SQL, its tables replaced by what may be used for the purpose."""
    if purpose in (ANALYTICS, NECESSARY):
        return text
    return _TABLE.sub(lambda table: _FOR_PURPOSE[table[1]], text)
