"""Rows as they come from ClickHouse, made into a result. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from footfall_analytics.reports.buckets import Start, starts_of
from footfall_analytics.reports.comparison import compared, compared_columns
from footfall_analytics.reports.question import Question
from footfall_analytics.reports.result import Result
from footfall_analytics.reports.sql_files import Row, in_zone

#: The column that is named after what the analyst divides by.
_GROUP = "group"


def listed(question: Question, rows: list[Row]) -> Result:
    """The rows of a report that is a list."""
    return Result(
        name=question.report.name,
        columns=_list_columns(question),
        rows=[_list_row(question, row) for row in rows[: question.limit]],
        period=question.period,
        purpose=question.purpose,
        more=len(rows) > question.limit,
    )


def _is_ungrouped(question: Question) -> bool:
    """Whether the column that a report divides by has nothing to say."""
    return _GROUP in question.report.columns and question.by == question.report.by[0]


def _list_columns(question: Question) -> tuple[str, ...]:
    if _is_ungrouped(question):
        return tuple(column for column in question.report.columns if column != _GROUP)
    return tuple(question.by if column == _GROUP else column for column in question.report.columns)


def _list_row(question: Question, row: Row) -> Row:
    place = question.report.columns.index(_GROUP) if _is_ungrouped(question) else len(row)
    return in_zone(row[:place] + row[place + 1 :], question.zone)


def over_time(question: Question, rows: list[Row]) -> Result:
    """The newest rows in the order of time; the SQL puts the total first, marked, and the newest next."""
    starts = _starts(question, rows)
    found = _by_instant(question, rows)
    buckets = [(start, *found.get(_instant(start), _nothing(question))) for start in starts]
    return Result(
        name=question.report.name,
        columns=_columns(question),
        rows=buckets[-question.limit :],
        period=question.period,
        purpose=question.purpose,
        total=_total(question, rows) if found else None,
        more=len(buckets) > question.limit,
        figures=_figures(question, rows),
    )


def beside(question: Question, result: Result, before: list[Row]) -> Result:
    """The result with what each measure was in the period before."""
    report, columns = question.report, result.columns
    if report.has_total:
        rows = _beside_in_order(question, result.rows, before)
    else:
        keys = report.keys - _is_ungrouped(question)
        earlier = {row[:keys]: row for row in (_list_row(question, row) for row in before)}
        rows = [compared(report, columns, row, earlier.get(row[:keys])) for row in result.rows]
    return replace(
        result,
        columns=compared_columns(columns, report.measures),
        rows=rows,
        total=compared(report, columns, result.total, _total(question, before)) if result.total else None,
        previous=question.before().period,
    )


def _beside_in_order(question: Question, rows: Sequence[Row], before: list[Row]) -> list[Row]:
    """The first day beside the first day: of rows over time, it is the place in the period that is compared."""
    found = _by_instant(question, before)
    then = starts_of(question.before().period, question.by)
    now = [_instant(start) for start in starts_of(question.period, question.by)]
    twins = dict(zip(now, then, strict=False))
    return [
        compared(question.report, _columns(question), row, _twin(question, twins.get(_instant(row[0])), found))
        for row in rows
    ]


def _twin(question: Question, start: Start | None, found: Mapping[object, Row]) -> Row:
    if start is None:  # a month of 31 days has one that the month before has not
        return (None,) * len(question.report.columns)
    return (start, *found.get(_instant(start), _nothing(question)))


def _starts(question: Question, rows: list[Row]) -> list[Start]:
    if question.fill or question.compare:
        return starts_of(question.period, question.by)
    return [_read(str(row[1]), question) for row in reversed(rows) if not row[0]]


def _columns(question: Question) -> tuple[str, ...]:
    return (question.by, *question.report.columns[1:])


def _by_instant(question: Question, rows: Sequence[Row]) -> dict[object, Row]:
    width = len(question.report.columns) + 1
    return {_instant(_read(str(row[1]), question)): row[2:width] for row in rows if not row[0]}


def _total(question: Question, rows: Sequence[Row]) -> Row | None:
    width = len(question.report.columns) + 1
    return next((("total", *row[2:width]) for row in rows if row[0]), None)


def _figures(question: Question, rows: Sequence[Row]) -> dict[str, object]:
    """What the SQL says of the whole period after its columns."""
    names = question.report.figures
    return next((dict(zip(names, row[-len(names) :], strict=True)) for row in rows if row[0] and names), {})


def _nothing(question: Question) -> Row:
    return tuple(None if column.endswith("share") else 0 for column in question.report.columns[1:])


def _instant(start: object) -> object:
    """What is equal for the same moment only: of two aware times in a repeated hour, Python says that they are."""
    return start.astimezone(UTC) if isinstance(start, datetime) else start


def _read(text: str, question: Question) -> Start:
    if question.by in ("hour", "minute"):
        return datetime.fromisoformat(text).astimezone(question.zone)
    return date.fromisoformat(text[:10])
