"""Periods: what ``--since`` and ``--until`` say, as two instants. Pure: the clock is passed in.

Both take a date (``2026-11-24``, ``today``, ``yesterday``), a date-time (``2026-11-24T10:00+01:00``; without an
offset it is in the report's time zone), or how long ago (``90d``, ``24h``, ``30m``). The end is exclusive, and a
bare date means the whole day: ``--since yesterday --until yesterday`` is yesterday.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from footfall_analytics.reports.report import QuestionError

#: How a moment may be given.
When = str | date | datetime | timedelta

HOW_TO_SAY_WHEN = "a date (2026-11-24, today, yesterday), a date-time (2026-11-24T10:00+01:00), or 7d, 24h, 30m ago"

#: ClickHouse's Date begins and ends here; nobody's traffic lies outside.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)

_MILLISECOND = timedelta(milliseconds=1)
_AGO = re.compile(r"([0-9]{1,6})(m|h|d)")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class Period:
    """From ``since`` until just before ``until``, both aware and in the zone that the days were cut in."""

    since: datetime
    until: datetime

    def __str__(self) -> str:
        """``2026-11-01 – 2026-11-30`` for whole days, else with the time of day; the zone's name follows."""
        zone = str(self.since.tzinfo)
        if self.whole_days:
            first, last = self.since.date(), (self.until - _MILLISECOND).date()
            return f"{first} ({zone})" if first == last else f"{first} – {last} ({zone})"
        return f"{_minute(self.since)} – {_minute(self.until)} ({zone})"

    @property
    def between(self) -> str:
        """``2026-11-01 00:00 and 2026-12-01 00:00 (UTC)``: the two moments."""
        return f"{_minute(self.since)} and {_minute(self.until)} ({self.since.tzinfo})"

    def before(self) -> Period:
        """The period of the same length that ends where this one begins; as many days where this is of whole days."""
        zone = self.since.tzinfo
        if isinstance(zone, ZoneInfo) and self.whole_days:
            days = (self.until - _MILLISECOND).date() - self.since.date() + timedelta(days=1)
            return Period(start_of_day(self.since.date() - days, zone), self.since)
        length = self.until.astimezone(UTC) - self.since.astimezone(UTC)
        return Period((self.since.astimezone(UTC) - length).astimezone(zone), self.since)

    @property
    def whole_days(self) -> bool:
        """Whether both ends are midnights."""
        return _is_start_of_day(self.since) and _is_start_of_day(self.until)


def zone_named(name: str) -> ZoneInfo:
    """The time zone; raises QuestionError for a name that is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise QuestionError(f"timezone {name!r} is none; give an IANA name such as Europe/Berlin or UTC") from None


def period_of(
    since: When | None,
    until: When | None,
    *,
    zone: ZoneInfo,
    now: datetime,
    first: datetime | None = None,
    last: datetime | None = None,
) -> Period:
    """The period asked for; ``first`` and ``last`` are the first and the last row that there is.

    What is not given reaches as far as the rows do: without either, a report is of everything, so that a log
    of some years ago shows as well as a live site. With only ``since``, the end is now, or the newest row
    where a clock ran ahead. Raises QuestionError, naming the option, for what is no moment and for an end that
    does not come after the start.
    """
    now = now.astimezone(zone)
    start = instant("since", since, zone=zone, now=now) if since is not None else (first or now)
    end = instant("until", until, zone=zone, now=now, end=True) if until is not None else _open_end(since, last, now)
    if since is None and end <= start:
        start = end - timedelta(days=1)  # everything before a moment that is before everything
    if end <= start and until is None:
        raise QuestionError(f"since {_minute(start)} comes after now and after every row; give an earlier --since")
    if end <= start:
        raise QuestionError(f"until {_minute(end)} does not come after since {_minute(start)}; give a later --until")
    return Period(start.astimezone(zone), end.astimezone(zone))


def instant(option: str, when: When, *, zone: ZoneInfo, now: datetime, end: bool = False) -> datetime:
    """The moment that an option names; with ``end``, that at which a bare date is over."""
    try:
        day = _day(when, now)
        days = timedelta(days=1) if end else timedelta(0)
        moment = start_of_day(day + days, zone) if day is not None else _moment(option, when, zone, now)
        if EARLIEST <= moment <= LATEST:
            return moment
    except OverflowError:
        pass  # further away than a date can say
    raise QuestionError(f"{option} {when!s} is outside 1970–2099; give {HOW_TO_SAY_WHEN}")


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The day's first moment. Where clocks skip midnight that is the first hour that exists."""
    local = datetime.combine(day, time.min, tzinfo=zone)
    return local.astimezone(UTC).astimezone(zone)


def _day(when: When, now: datetime) -> date | None:
    if isinstance(when, str):
        return _day_in_words(when.strip(), now)
    if isinstance(when, date) and not isinstance(when, datetime):
        return when
    return None


def _day_in_words(text: str, now: datetime) -> date | None:
    if text in ("today", "yesterday"):
        return now.date() - timedelta(days=text == "yesterday")
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _moment(option: str, when: When, zone: ZoneInfo, now: datetime) -> datetime:
    if isinstance(when, str):
        return _moment_in_words(option, when.strip(), zone, now)
    if isinstance(when, timedelta):
        return _ago(now, when)
    if isinstance(when, datetime):
        return when if when.tzinfo else when.replace(tzinfo=zone)
    raise QuestionError(f"{option} {when!r} is no moment; give {HOW_TO_SAY_WHEN}")


def _moment_in_words(option: str, text: str, zone: ZoneInfo, now: datetime) -> datetime:
    if ago := _AGO.fullmatch(text):
        return _ago(now, int(ago[1]) * _UNITS[ago[2]])
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise QuestionError(f"{option} {text!r} is no moment; give {HOW_TO_SAY_WHEN}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _ago(now: datetime, span: timedelta) -> datetime:
    return (now.astimezone(UTC) - span).astimezone(now.tzinfo)  # in UTC: 24h is 24 hours on any day


def _open_end(since: When | None, last: datetime | None, now: datetime) -> datetime:
    newest = last + _MILLISECOND if last else now
    return newest if since is None else max(newest, now)


def _is_start_of_day(moment: datetime) -> bool:
    zone = moment.tzinfo
    return isinstance(zone, ZoneInfo) and moment == start_of_day(moment.date(), zone)


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")
