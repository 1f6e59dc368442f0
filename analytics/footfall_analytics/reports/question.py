"""What a report may be asked, checked, and turned into the parameters of its SQL. Pure: the clock is passed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypedDict
from zoneinfo import ZoneInfo

from footfall_analytics.reports.catalog import By
from footfall_analytics.reports.conditions import Conditions, conditions_of
from footfall_analytics.reports.filters import Filter, Where, filters_of
from footfall_analytics.reports.period import Period, When, period_of, zone_named
from footfall_analytics.reports.report import QuestionError, Report
from footfall_analytics.reports.special import special_parameters
from footfall_analytics.reports.sql_files import NO_LIMIT, Extent, in_period


class Asked(TypedDict, total=False):
    """What reports may be asked for."""

    since: When | None  # from the first row, where it is not given
    until: When | None  # to the last row; a date means its whole day, a date-time is exclusive
    site: str  # "" is all of them, added together
    limit: int | None  # rows at most; None is all
    bots: bool  # count robots too
    timezone: str  # IANA name; days are cut in it
    filters: Where  # {"country": "DE"}, or ["country=DE", "path=/docs/*", "browser!=Safari"]
    compare: bool  # beside each measure, what it was in the period before, and the change
    purpose: str | None  # only rows that may be used for it; None is what the report usually runs under
    by: By  # what a row is, of reports that let one choose
    fill: bool  # of reports over time: rows for hours or days without any, too
    dimension: str  # of breakdown: the name of a filter's dimension
    member: str  # of timeline
    steps: Sequence[str]  # of funnel: paths, or document:NAME, database:NAME, event:NAME
    path: str  # of journeys: where they lead from, or to
    direction: str  # of journeys: next, or previous
    kind: str  # of together: document, database or page_view
    item: str  # of together: the one that suggestions are wanted for


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One report, asked for one period."""

    report: Report
    period: Period
    zone: ZoneInfo
    site: str
    limit: int
    bots: bool
    by: str
    filters: tuple[Filter, ...]
    conditions: Conditions
    purpose: str
    compare: bool
    fill: bool
    more: dict[str, object]  # what this report takes beside the usual

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
            "purpose": self.purpose,
            **self.report.fixed,
            **self.more,
            **self.conditions.parameters,
        }

    def before(self) -> Question:
        """The same question of the period before, all of its rows."""
        return replace(self, period=self.period.before(), limit=NO_LIMIT)


def question_of(report: Report, asked: Asked, extent: Extent | None, now: datetime) -> Question:
    """The question; where no period was given it reaches over ``extent``. Raises QuestionError, naming what is bad."""
    zone = zone_named(asked.get("timezone", "UTC"))
    filters = filters_of(asked.get("filters", ()))
    return Question(
        report=report,
        period=_period(report, asked, extent, zone, now),
        zone=zone,
        site=asked.get("site", ""),
        limit=_limit(asked.get("limit")),
        bots=asked.get("bots", False),
        by=_by(report, asked.get("by")),
        filters=filters,
        conditions=conditions_of(filters),
        purpose=_purpose(report, asked.get("purpose")),
        compare=_compare(report, asked),
        fill=_fill(report, asked),
        more=special_parameters(report, asked),
    )


def _period(report: Report, asked: Asked, extent: Extent | None, zone: ZoneInfo, now: datetime) -> Period:
    since, until = asked.get("since"), asked.get("until")
    if report.last is not None:
        if since is not None or until is not None:
            raise QuestionError(f"{report.name} is always of the latest time; it takes no --since and no --until")
        end = (now + timedelta(minutes=1)).replace(second=0, microsecond=0)
        return Period((end - report.last).astimezone(zone), end.astimezone(zone))
    return period_of(
        since,
        until,
        zone=zone,
        now=now,
        first=extent.first if extent else None,
        last=extent.last if extent else None,
    )


def _fill(report: Report, asked: Asked) -> bool:
    if asked.get("fill") and not report.has_total:
        raise QuestionError(f"{report.name} has no hours or days to fill")
    return asked.get("fill", report.last is not None)


def _compare(report: Report, asked: Asked) -> bool:
    if not asked.get("compare"):
        return False
    if not report.measures:
        raise QuestionError(f"{report.name} is not compared with a period before")
    if asked.get("since") is None:
        raise QuestionError("nothing comes before everything; to compare, say from when: --since")
    return True


def _purpose(report: Report, purpose: str | None) -> str:
    if purpose is None or purpose == report.purpose:
        return report.purpose
    if not report.filters:
        raise QuestionError(f"{report.name} is for {report.purpose} and for no other purpose")
    if not purpose.strip() or len(purpose) > 100:
        raise QuestionError(f"purpose {purpose!r} is none; give the name of one in the policy, such as analytics")
    return purpose


def _limit(limit: int | None) -> int:
    if limit is None:
        return NO_LIMIT
    if not 1 <= limit <= NO_LIMIT:
        raise QuestionError(f"limit {limit} is no number of rows; give 1 or more")
    return limit


def _by(report: Report, by: str | None) -> str:
    if by is None:
        return report.by[0] if report.by else "day"
    if not report.by:
        raise QuestionError(f"by is for reports such as traffic; {report.name} has no days or hours")
    if by not in report.by:
        raise QuestionError(f"by {by!r} is no row of {report.name}; give one of {', '.join(report.by)}")
    return by
