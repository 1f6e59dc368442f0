"""What a report gives: its rows, and what has to be said beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from footfall_analytics.reports import frames
from footfall_analytics.reports.period import Period

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The answer to one question. Iterating gives a dictionary for each row."""

    name: str  # of the report
    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]
    period: Period
    purpose: str  # that the rows were used for
    total: tuple[object, ...] | None = None  # over the whole period, where a report has one; uniques are not summed
    more: bool = False  # there are more rows than the limit let through
    previous: Period | None = None  # what the measures were compared with
    figures: Mapping[str, object] = field(default_factory=dict)  # single numbers, as ``visitors_now``
    notes: tuple[str, ...] = ()  # what was left out, or added together
    problems: tuple[str, ...] = ()  # of accounting: where the numbers do not add up

    def __iter__(self) -> Iterator[dict[str, object]]:
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def as_dicts(self) -> list[dict[str, object]]:
        """The rows as dictionaries, ready for a data frame; without the total, so that columns can be summed."""
        return list(self)

    def arrow(self) -> pyarrow.Table:
        """The rows as an Arrow table. Raises MissingPackage where pyarrow is not installed."""
        return frames.arrow(self.columns, self.rows)

    def pandas(self) -> pandas.DataFrame:
        """The rows as a pandas data frame. Raises MissingPackage where pandas is not installed."""
        return frames.pandas(self.columns, self.rows)

    def polars(self) -> polars.DataFrame:
        """The rows as a polars data frame. Raises MissingPackage where polars is not installed."""
        return frames.polars(self.columns, self.rows)
