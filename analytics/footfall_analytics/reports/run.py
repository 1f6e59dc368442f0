"""The reports in Python: ``Reports("chdb:footfall-data/clickhouse").pages(since="7d")``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Protocol, Self, Unpack

from clickhouse_connect.driver.client import Client

from footfall_analytics.clickhouse import connect
from footfall_analytics.reports import accounting, answers
from footfall_analytics.reports.catalog import find_report, sql_of
from footfall_analytics.reports.methods import Methods
from footfall_analytics.reports.notes import notes
from footfall_analytics.reports.prepared import extra_parameters, prepared
from footfall_analytics.reports.question import Asked, Question, question_of
from footfall_analytics.reports.report import Report
from footfall_analytics.reports.result import Result
from footfall_analytics.reports.sql_files import NO_LIMIT, Extent, Row, SqlFiles, in_days


class Connected(Protocol):
    """What ``footfall_analytics.clickhouse.connect`` gives."""

    @property
    def client(self) -> Client: ...
    @property
    def database(self) -> str: ...
    def close(self) -> None: ...


def _now() -> datetime:
    return datetime.now(UTC)


class Reports(Methods):
    """Answers the questions of the catalogue, from a connection or a ClickHouse URL.

    A URL is connected to at once, and closed by ``close()`` or the end of a ``with`` block; a connection that
    was given stays its owner's. Raises ``ClickHouseUnavailable`` when there is nobody to ask, QuestionError for
    one that cannot be answered: an unknown report, a bad moment, zone, limit or filter.
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

    def sites(self) -> list[str]:
        """The sites that have rows, or requests that became none."""
        return [str(site) for (site,) in self._files.ask("sites")]

    def run(self, name: str, **asked: Unpack[Asked]) -> Result:
        """The answer of the report of that name."""
        report = find_report(name)
        if report.name == "accounting":
            return self._accounting(report, asked)
        question = question_of(report, asked, self._extent(report, asked), self._clock())
        rows = self._ask(question)
        result = answers.over_time(question, rows) if report.has_total else answers.listed(question, rows)
        if question.compare:
            result = answers.beside(question, result, self._ask(question.before()))
        if report.name == "consent":
            result = replace(result, figures=self._shares(question))
        return replace(result, notes=notes(self._files, question, bool(result.rows)))

    def _extent(self, report: Report, asked: Asked) -> Extent | None:
        """What there is, where the period depends on it."""
        if report.last is not None or (asked.get("since") is not None and asked.get("until") is not None):
            return None
        site = asked.get("site", "")
        if member := asked.get("member"):
            return self._files.member_extent(member, site)
        return self._files.extent(site)

    def _ask(self, question: Question) -> list[Row]:
        text = prepared(sql_of(question.report.file), question)
        return self._files.ask_text(text, {**question.parameters(), **extra_parameters(question.report)})

    def _shares(self, question: Question) -> dict[str, object]:
        text = prepared(sql_of("consent_figures"), question)
        [(blind, gpc)] = self._files.ask_text(text, question.parameters())
        return {"blind_share": blind, "gpc_share": gpc}

    def _accounting(self, report: Report, asked: Asked) -> Result:
        extent = self._files.counted_extent(asked.get("site", ""))
        now = self._clock()
        question = question_of(report, asked, extent, now)
        question = replace(question, period=accounting.whole_days(question.period))
        prepared("", question)
        days = in_days(question.period)
        rows = self._files.ask("accounting", site=question.site, limit=NO_LIMIT, **days)
        found = accounting.problems(self._files, question.period, question.site, now.astimezone(UTC).date())
        return replace(
            answers.listed(question, rows),
            notes=(*notes(self._files, question, bool(rows)), *accounting.balance(rows)),
            problems=tuple(found),
        )
