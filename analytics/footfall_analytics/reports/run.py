"""The reports in Python: ``Reports("chdb:footfall-data/clickhouse").pages(since="7d")``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Protocol, Self, Unpack

from clickhouse_connect.driver.client import Client

from footfall_analytics.clickhouse import connect
from footfall_analytics.reports import accounting
from footfall_analytics.reports.catalog import Report, find_report
from footfall_analytics.reports.notes import notes
from footfall_analytics.reports.question import Asked, Question, question_of
from footfall_analytics.reports.result import Result
from footfall_analytics.reports.sql_files import NO_LIMIT, Row, SqlFiles, in_zone


class Connected(Protocol):
    """What ``footfall_analytics.clickhouse.connect`` gives."""

    @property
    def client(self) -> Client: ...
    @property
    def database(self) -> str: ...
    def close(self) -> None: ...


def _now() -> datetime:
    return datetime.now(UTC)


class Reports:
    """Answers the questions of the catalogue, from a connection or a ClickHouse URL.

    A URL is connected to at once, and closed by ``close()`` or the end of a ``with`` block; a connection that
    was given stays its owner's. Raises ``ClickHouseUnavailable`` when there is nobody to ask, QuestionError for
    one that cannot be answered: an unknown report, a bad moment, zone or limit.
    """

    def __init__(self, source: Connected | str, *, clock: Callable[[], datetime] = _now) -> None:
        self._connection: Connected = connect(source) if isinstance(source, str) else source
        self._owned = isinstance(source, str)
        self._files = SqlFiles(self._connection.client, self._connection.database)
        self._clock = clock

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection, where a URL was given."""
        if self._owned:
            self._connection.close()

    def traffic(self, **asked: Unpack[Asked]) -> Result:
        """Page views, requests, visits, visitors, members and bytes for each day, hour, week or month."""
        return self.run("traffic", **asked)

    def pages(self, **asked: Unpack[Asked]) -> Result:
        """Views, visits, visitors, members and the median time to serve (ms) of each path."""
        return self.run("pages", **asked)

    def documents(self, **asked: Unpack[Asked]) -> Result:
        """Reads and readers of each document; double-clicks within 30 s fold into one read."""
        return self.run("documents", **asked)

    def databases(self, **asked: Unpack[Asked]) -> Result:
        """Uses and users of each database; double-clicks within 30 s fold into one use."""
        return self.run("databases", **asked)

    def members(self, **asked: Unpack[Asked]) -> Result:
        """What each member used, what they did before the sign-in in the same visit included."""
        return self.run("members", **asked)

    def sources(self, **asked: Unpack[Asked]) -> Result:
        """Visits and page views by the source and channel of each visit's entry."""
        return self.run("sources", **asked)

    def devices(self, **asked: Unpack[Asked]) -> Result:
        """Page views and visitors by device, browser and operating system."""
        return self.run("devices", **asked)

    def cookies(self, **asked: Unpack[Asked]) -> Result:
        """Cookies that the guard did not let pass: name, route, how often, why, and whether they are declared."""
        return self.run("cookies", **asked)

    def accounting(self, **asked: Unpack[Asked]) -> Result:
        """Requests by outcome, and in ``problems`` the days whose rows are not those that were counted."""
        return self.run("accounting", **asked)

    def run(self, name: str, **asked: Unpack[Asked]) -> Result:
        """The answer of the report of that name."""
        report = find_report(name)
        if report.name == "accounting":
            return self._accounting(report, asked)
        question = question_of(report, asked, self._files.extent(asked.get("site", "")), self._clock())
        rows = self._files.ask(report.name, **question.parameters())
        result = _with_total(question, rows) if report.has_total else _listed(question, rows)
        return replace(result, notes=notes(self._files, question))

    def _accounting(self, report: Report, asked: Asked) -> Result:
        extent = self._files.counted_extent(asked.get("site", ""))
        now = self._clock()
        question = question_of(report, asked, extent, now)
        question = replace(question, period=accounting.whole_days(question.period))
        days = accounting.as_parameters(question.period)
        rows = self._files.ask("accounting", site=question.site, limit=NO_LIMIT, **days)
        found = accounting.problems(self._files, question.period, question.site, now.astimezone(UTC).date())
        return replace(
            _listed(question, rows),
            notes=(*notes(self._files, question), *accounting.balance(rows)),
            problems=tuple(found),
        )


def _listed(question: Question, rows: list[Row]) -> Result:
    return Result(
        name=question.report.name,
        columns=question.report.columns,
        rows=[in_zone(row, question.zone) for row in rows[: question.limit]],
        period=question.period,
        more=len(rows) > question.limit,
    )


def _with_total(question: Question, rows: list[Row]) -> Result:
    """The newest rows in the order of time; the SQL puts the total first, marked, and the newest next."""
    buckets = [(_start(str(start), question), *numbers) for is_total, start, *numbers in rows if not is_total]
    totals: list[Row] = [("total", *numbers) for is_total, _, *numbers in rows if is_total]
    return Result(
        name=question.report.name,
        columns=(question.by, *question.report.columns[1:]),
        rows=buckets[: question.limit][::-1],
        period=question.period,
        total=totals[0] if buckets else None,
        more=len(buckets) > question.limit,
    )


def _start(text: str, question: Question) -> date | datetime:
    if question.by == "hour":
        return datetime.fromisoformat(text).astimezone(question.zone)
    return date.fromisoformat(text[:10])
