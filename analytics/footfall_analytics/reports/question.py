"""What a report may be asked, checked, and turned into the parameters of its SQL. Pure: the clock is passed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict
from zoneinfo import ZoneInfo

from footfall_analytics.reports.catalog import BY, By, QuestionError, Report
from footfall_analytics.reports.period import Period, When, period_of, zone_named
from footfall_analytics.reports.sql_files import NO_LIMIT, Extent, in_period


class Asked(TypedDict, total=False):
    """What every report may be asked for."""

    since: When | None  # from the first row, where it is not given
    until: When | None  # to the last row; a date means its whole day, a date-time is exclusive
    site: str  # "" is all of them, added together
    limit: int | None  # rows at most; None is all
    bots: bool  # count robots too
    timezone: str  # IANA name; days are cut in it
    by: By  # of traffic: what a row is


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One report, asked for one period."""

    report: Report
    period: Period
    zone: ZoneInfo
    site: str
    limit: int
    bots: bool
    by: By
    nothing_yet: bool  # the site, or the whole database, has no rows at all

    def parameters(self) -> dict[str, object]:
        """What the report's SQL takes. One row over the limit says whether there are more."""
        beyond = self.limit + (2 if self.report.has_total else 1)
        return {
            **in_period(self.period),
            "site": self.site,
            "bots": self.bots,
            "timezone": self.zone.key,
            "by": self.by,
            "limit": min(beyond, NO_LIMIT),
        }


def question_of(report: Report, asked: Asked, extent: Extent | None, now: datetime) -> Question:
    """The question; where no period was given it reaches over ``extent``. Raises QuestionError, naming what is bad."""
    zone = zone_named(asked.get("timezone", "UTC"))
    period = period_of(
        asked.get("since"),
        asked.get("until"),
        zone=zone,
        now=now,
        first=extent.first if extent else None,
        last=extent.last if extent else None,
    )
    return Question(
        report=report,
        period=period,
        zone=zone,
        site=asked.get("site", ""),
        limit=_limit(asked.get("limit")),
        bots=asked.get("bots", False),
        by=_by(asked.get("by", "day")),
        nothing_yet=extent is None,
    )


def _limit(limit: int | None) -> int:
    if limit is None:
        return NO_LIMIT
    if not 1 <= limit <= NO_LIMIT:
        raise QuestionError(f"limit {limit} is no number of rows; give 1 or more")
    return limit


def _by(by: By) -> By:
    if by not in BY:
        raise QuestionError(f"by {by!r} is no length of time; give one of {', '.join(BY)}")
    return by
