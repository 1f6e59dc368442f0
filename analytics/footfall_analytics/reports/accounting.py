"""Accounting: every request is a row, or a counted reason why it is none; and the rows are there."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from footfall_analytics.reports.amounts import amount
from footfall_analytics.reports.period import Period
from footfall_analytics.reports.sql_files import Row, SqlFiles, days_of, in_days

_UTC = ZoneInfo("UTC")
_SHOWN_DAYS = 10

#: A batch is inserted in two steps, rows and then their count: asked in between, they differ for a moment.
SETTLE = (0.5, 1.0, 2.0)  # seconds


def whole_days(period: Period) -> Period:
    """The period widened to whole days in UTC, by which requests are counted."""
    first, last = days_of(period)
    return Period(_midnight(first), _midnight(last + timedelta(days=1)))


def balance(rows: list[Row]) -> list[str]:
    """``12 requests = 10 rows + 2 counted by reason``, from rows of (outcome, requests, share)."""
    if not rows:
        return []
    kept = sum(_number(row[1]) for row in rows if row[0] == "row")
    dropped = sum(_number(row[1]) for row in rows if row[0] != "row")
    return [f"{amount(kept + dropped, 'request')} = {amount(kept, 'row')} + {dropped:,} counted by reason"]


def problems(files: SqlFiles, period: Period, site: str, today: date) -> list[str]:
    """The days on which the table holds other rows than were counted; asked again while a batch may be arriving."""
    asked = {**in_days(period), "site": site, "today": today.isoformat()}
    different = files.ask("accounting_differences", **asked)
    for pause in SETTLE:
        if not different:
            break
        time.sleep(pause)
        different = files.ask("accounting_differences", **asked)
    lines = [
        f"{day} {name}: {amount(counted, 'row')} counted, {amount(found, 'row')} in the table"
        for day, name, counted, found in different[:_SHOWN_DAYS]
    ]
    more = len(different) - _SHOWN_DAYS
    return [*lines, f"and {amount(more, 'day')} more"] if more > 0 else lines


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=_UTC)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
