"""Comparison with the period before: the same rows, then and now. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from footfall_analytics.reports.report import Report

Row = tuple[object, ...]


def compared_columns(columns: Sequence[str], measures: Sequence[str]) -> tuple[str, ...]:
    """The columns, each measure followed by its value in the period before and the change since, as a share."""
    found: list[str] = []
    for column in columns:
        found += [column, f"{column}_previous", f"{column}_change"] if column in measures else [column]
    return tuple(found)


def compared(report: Report, columns: Sequence[str], row: Row, before: Row | None) -> Row:
    """The row with what each measure was; without a row before, it was nothing."""
    found: list[object] = []
    for index, (column, value) in enumerate(zip(columns, row, strict=True)):
        found.append(value)
        if column in report.measures:
            previous = before[index] if before else _nothing(value)
            found += [previous, change(value, previous)]
    return tuple(found)


def change(now: object, before: object) -> float | None:
    """0.25 is a quarter more, -1.0 is nothing left; ``None`` where there was nothing to compare with."""
    if not isinstance(now, int | float) or not isinstance(before, int | float) or not before:
        return None
    return now / before - 1


def _nothing(value: object) -> object:
    return 0 if isinstance(value, int) else None
