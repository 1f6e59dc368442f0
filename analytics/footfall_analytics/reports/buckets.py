"""The hours, days, weeks and months of a period, in its zone: 23 or 25 hours on a day when clocks change. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from footfall_analytics.reports.period import Period
from footfall_analytics.reports.report import QuestionError

Start = date | datetime

#: More rows than anybody reads; a period of years is asked by the day.
MOST_BUCKETS = 20_000

_LENGTHS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}


def starts_of(period: Period, by: str) -> list[Start]:
    """The start of every bucket that the period touches, in order: aware times of hours, dates of the longer ones.
    Raises QuestionError where there would be too many."""
    starts: list[Start] = []
    for start in _moments(period, by) if by in _LENGTHS else _dates(period, by):
        starts.append(start)
        if len(starts) > MOST_BUCKETS:
            raise QuestionError(f"more than {MOST_BUCKETS:,} rows, one an {by}; give a shorter period or a longer --by")
    return starts


def start_of(day: date, by: str) -> date:
    """The first day of the day's week (Monday) or month; the day itself by the day."""
    if by == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if by == "month" else day


def _moments(period: Period, by: str) -> Iterator[datetime]:
    first = period.since.replace(second=0, microsecond=0)
    moment = (first if by == "minute" else first.replace(minute=0)).astimezone(UTC)
    while moment < period.until:
        yield moment.astimezone(period.since.tzinfo)
        moment += _LENGTHS[by]


def _dates(period: Period, by: str) -> Iterator[date]:
    last = (period.until.astimezone(UTC) - timedelta(milliseconds=1)).astimezone(period.since.tzinfo).date()
    day = start_of(period.since.date(), by)
    while day <= last:
        yield day
        day = _next(day, by)


def _next(day: date, by: str) -> date:
    if by == "month":
        return (day + timedelta(days=31)).replace(day=1)
    return day + timedelta(days=7 if by == "week" else 1)
