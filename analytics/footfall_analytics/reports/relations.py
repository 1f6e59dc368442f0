"""The tables that reports ask, and what stands for them where rows may be used for one purpose only. Pure."""

from __future__ import annotations

import re

_TABLE = re.compile(r"\{database:Identifier\}\.(events|member_events|visits)\b")

_VISITS = """(
    SELECT
        site, visitor_id, visit_number,
        min(time) AS start,
        max(time) AS end,
        argMinIf(path, time, kind = 'page_view') AS entry_path,
        argMaxIf(path, time, kind = 'page_view') AS exit_path,
        countIf(kind = 'page_view') AS pages,
        min((indexOf(['page_view', 'request'], kind) = 0, kind != 'page_view', time)) AS entry,
        argMin(source, (indexOf(['page_view', 'request'], kind) = 0, kind != 'page_view', time)) AS source,
        argMin(channel, (indexOf(['page_view', 'request'], kind) = 0, kind != 'page_view', time)) AS channel
    FROM {database:Identifier}.events
    WHERE visit_number > 0
    GROUP BY site, visitor_id, visit_number
)"""


def bound(text: str, purpose: str) -> str:
    """The SQL with its tables, for the purpose that is usual for it; with ``purpose``, only rows granted for that."""
    return _TABLE.sub(lambda table: _VISITS if table[1] == "visits" else table[0], text)
