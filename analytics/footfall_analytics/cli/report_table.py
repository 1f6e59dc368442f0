"""A report's rows as a table for people: what a number was in the period before stands beside it, in one cell. Pure."""

from __future__ import annotations

from footfall_analytics.cli.cells import Compared
from footfall_analytics.reports import Result

Row = tuple[object, ...]


def folded(result: Result) -> tuple[tuple[str, ...], list[Row], Row | None]:
    """Columns, rows and total, with the columns of a comparison folded into those that they belong to."""
    if result.previous is None:
        return result.columns, result.rows, result.total
    columns = tuple(column for column in result.columns if not column.endswith(("_previous", "_change")))
    rows = [_row(columns, result.columns, row) for row in result.rows]
    return columns, rows, _row(columns, result.columns, result.total) if result.total else None


def _row(shown: tuple[str, ...], columns: tuple[str, ...], row: Row) -> Row:
    values = dict(zip(columns, row, strict=True))
    return tuple(
        Compared(values[name], values[f"{name}_previous"], values[f"{name}_change"])
        if f"{name}_previous" in values
        else values[name]
        for name in shown
    )
