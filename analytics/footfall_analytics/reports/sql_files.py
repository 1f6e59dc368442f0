"""The one place where a report's SQL meets ClickHouse: files in, rows out, times with their zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from clickhouse_connect.driver.client import Client

from footfall_analytics.reports.catalog import sql_of
from footfall_analytics.reports.period import Period

Row = tuple[object, ...]

#: The name of a view that takes a parameter cannot be one itself: this stands for the database before it.
DATABASE = "DATABASE"

#: "All of them" for a LIMIT, which is a UInt32.
NO_LIMIT = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Extent:
    """The first and the last row that there is."""

    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class SqlFiles:
    """Asks the SQL files of this package of one database."""

    client: Client
    database: str

    def ask(self, name: str, **parameters: object) -> list[Row]:
        """The rows that one SQL file gives for these parameters."""
        return self.ask_text(sql_of(name), parameters)

    def ask_text(self, text: str, parameters: Mapping[str, object]) -> list[Row]:
        """The rows that a SQL text gives for these parameters."""
        asked = {"database": self.database, **parameters}
        text = text.replace(DATABASE, _quoted(self.database))
        return [tuple(row) for row in self.client.query(text, parameters=asked).result_rows]

    def extent(self, site: str) -> Extent | None:
        """From the first to the last event; ``None`` where there is none."""
        return _extent(self.ask("extent", site=site))

    def member_extent(self, member: str, site: str) -> Extent | None:
        """From the first to the last event of a member."""
        return _extent(self.ask("timeline_extent", member=member, site=site))

    def counted_extent(self, site: str) -> Extent | None:
        """From the first to the last day that was accounted for, or has rows."""
        return _extent(self.ask("accounting_extent", site=site))


def in_period(period: Period) -> dict[str, object]:
    """The parameters that keep a question to a period."""
    return {"since": _parameter(period.since), "until": _parameter(period.until)}


def days_of(period: Period) -> tuple[date, date]:
    """The first and the last day, in UTC, that the period touches."""
    last = period.until.astimezone(UTC) - timedelta(milliseconds=1)
    return period.since.astimezone(UTC).date(), last.date()


def in_days(period: Period) -> dict[str, object]:
    """The parameters that keep a question to the days of a period, in UTC."""
    first, last = days_of(period)
    return {"first_day": first.isoformat(), "last_day": last.isoformat()}


def aware(moment: datetime) -> datetime:
    """clickhouse-connect gives times in UTC without their zone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def in_zone(row: Row, zone: ZoneInfo) -> Row:
    """The row with its times in the zone that the report was asked in."""
    return tuple(aware(value).astimezone(zone) if isinstance(value, datetime) else value for value in row)


def _quoted(name: str) -> str:
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def _parameter(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def _extent(rows: list[Row]) -> Extent | None:
    count, first, last = rows[0]
    if not count or not isinstance(first, date) or not isinstance(last, date):
        return None
    return Extent(_moment(first), _moment(last))


def _moment(value: date) -> datetime:
    return aware(value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=UTC))
