"""What a report gives: its rows, and what has to be said beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from footfall_analytics.reports.period import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The answer to one question. Iterating gives a dictionary for each row."""

    name: str  # of the report
    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]
    period: Period
    total: tuple[object, ...] | None = None  # over the whole period, where a report has one; uniques are not summed
    more: bool = False  # there are more rows than the limit let through
    notes: tuple[str, ...] = ()  # what was left out, or added together
    problems: tuple[str, ...] = ()  # of accounting: where the numbers do not add up

    def __iter__(self) -> Iterator[dict[str, object]]:
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def as_dicts(self) -> list[dict[str, object]]:
        """The rows as dictionaries, ready for a data frame; without the total, so that columns can be summed."""
        return list(self)
