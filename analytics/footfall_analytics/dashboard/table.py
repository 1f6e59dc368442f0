"""One report as a table of links, and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from footfall_analytics.dashboard import figures
from footfall_analytics.dashboard.panels import FILTERS_BY
from footfall_analytics.dashboard.view import View
from footfall_analytics.reports import Result

#: What a spreadsheet would take for a formula, and run.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; ``url`` is where a click leads, ``shade`` 0 to 1 how dark a cell of shares is."""

    text: str
    number: bool = False
    url: str = ""
    shade: float = 0.0


@dataclass(frozen=True, slots=True)
class Table:
    """One report."""

    headings: tuple[tuple[str, bool], ...]  # and whether the column is of numbers
    rows: tuple[tuple[Cell, ...], ...]


def table_of(result: Result, view: View, link: Callable[[str], str]) -> Table:
    """The rows of a result; a click on a value filters by it, one on a member opens their page. Of a comparison only
    the change is shown: what the figures were before is in the CSV."""
    shown = [index for index, column in enumerate(result.columns) if not column.endswith("_previous")]
    columns = [result.columns[index] for index in shown]
    rows = [[row[index] for index in shown] for row in ([result.total] if result.total else []) + result.rows]
    numbers = [any(figures.is_number(row[index]) for row in rows) for index in range(len(columns))]
    return Table(
        tuple((figures.heading(column), number) for column, number in zip(columns, numbers, strict=True)),
        tuple(tuple(_cells(columns, row, numbers, view, link)) for row in rows),
    )


def _cells(
    columns: Sequence[str], row: Sequence[object], numbers: Sequence[bool], view: View, link: Callable[[str], str]
) -> Iterable[Cell]:
    for column, value, number in zip(columns, row, numbers, strict=True):
        shade = value if column.startswith("share_") and isinstance(value, float) else 0.0
        yield Cell(figures.cell(column, value), number, _url(column, value, view, link), shade)


def _url(column: str, value: object, view: View, link: Callable[[str], str]) -> str:
    if not value or not isinstance(value, str):
        return ""
    if column == "member":
        return view.url(link("member"), [("id", value)])
    dimension = FILTERS_BY.get(column)
    return view.filtered(dimension, value).url() if dimension else ""


def as_csv(result: Result) -> str:
    """The rows as CSV (RFC 4180), figures as they are. A text that a spreadsheet would run gets a ' before it."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(result.columns)
    writer.writerows([_harmless(value) for value in row] for row in result.rows)
    return file.getvalue()


def _harmless(value: object) -> object:
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
