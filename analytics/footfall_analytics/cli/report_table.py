"""A report's rows as a table for people: what a number was in the period before stands beside it, in one cell. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from footfall_analytics.cli.cells import in_table
from footfall_analytics.reports import Result

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A number now, and what it was."""

    now: object
    before: object
    change: object

    def told(self, column: str) -> str:
        """``1,200 (1,000, +20.0%)``."""
        change = f", {self.change:+.1%}" if isinstance(self.change, float) else ""
        return f"{in_table(column, self.now)} ({in_table(column, self.before)}{change})"


def folded(result: Result) -> tuple[tuple[str, ...], list[Row], Row | None]:
    """Columns, rows and total, with the columns of a comparison folded into those that they belong to."""
    if result.previous is None:
        return result.columns, result.rows, result.total
    columns = tuple(column for column in result.columns if not column.endswith(("_previous", "_change")))
    rows = [_row(columns, result.columns, row) for row in result.rows]
    return columns, rows, _row(columns, result.columns, result.total) if result.total else None


def cell_of(column: str, value: object) -> str:
    """One cell of a report's table."""
    return value.told(column) if isinstance(value, Compared) else in_table(column, value)


def _row(shown: tuple[str, ...], columns: tuple[str, ...], row: Row) -> Row:
    values = dict(zip(columns, row, strict=True))
    return tuple(
        Compared(values[name], values[f"{name}_previous"], values[f"{name}_change"])
        if f"{name}_previous" in values
        else values[name]
        for name in shown
    )
