"""What a report is: one question, the SQL file that answers it, and what it may be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

#: What reports run under unless told otherwise: audience statistics, and keeping the site running.
ANALYTICS = "analytics"
NECESSARY = "necessary"


class QuestionError(ValueError):
    """What was asked cannot be answered; the message says what is wrong with it and what may be asked."""


class UnknownReportError(QuestionError):
    """There is no report of that name; the message names the nearest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One question, answered by one SQL file of the same name, or by ``sql`` with ``fixed`` parameters."""

    name: str
    question: str
    columns: tuple[str, ...]
    measures: tuple[str, ...] = ()  # the columns that are compared with the period before
    keys: int = 1  # how many columns, from the first, tell one row from another
    purpose: str = ANALYTICS  # what the rows are used for, unless the analyst names another purpose
    kinds: tuple[str, ...] = ("page_view",)  # what robots are counted by, in the note on what was left out
    robots: str = "page view"  # and one of them in words
    has_total: bool = False
    has_robots: bool = True  # whether robots can be left out of it
    by: tuple[str, ...] = ()  # what a row may be, the default first
    takes: tuple[str, ...] = ()  # what else it may be asked: a member, steps, …
    needs: tuple[str, ...] = ()  # and must be
    filters: bool = True  # whether its rows have dimensions to filter by
    last: timedelta | None = None  # of a report that is always of the latest time
    divided_by: tuple[str, ...] = ()  # the columns that the file groups by, where it serves several reports
    figures: tuple[str, ...] = ()  # single numbers of the whole period, which the SQL gives after the columns
    sql: str = ""
    fixed: Mapping[str, object] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """The name of its SQL file, without the ending."""
        return self.sql or self.name
