"""What has to be said beside a report's rows, so that nobody reads more into them than they say."""

from __future__ import annotations

from footfall_analytics.reports.amounts import amount
from footfall_analytics.reports.question import Question
from footfall_analytics.reports.sql_files import Row, SqlFiles, in_days, in_period

_SHOWN_SITES = 10


def notes(files: SqlFiles, question: Question, answered: bool) -> tuple[str, ...]:
    """The sites that were added together, the robots that were left out, or that there is nothing yet."""
    if not answered and (nothing := _nothing_yet(files, question)):
        return (nothing,)
    told = (_purpose(question), *_filters(question))
    if question.report.name == "timeline":  # each row names its site, and members are no robots
        return ()
    [(sites, robots)] = _surroundings(files, question)
    found = [_together(sites), _left_out(robots, question)]
    return tuple(note for note in (*told, *found) if note)


def _surroundings(files: SqlFiles, question: Question) -> list[Row]:
    if question.report.name == "accounting":
        return files.ask("accounting_surroundings", site=question.site, **in_days(question.period))
    kinds = list(question.report.kinds)
    return files.ask("surroundings", site=question.site, kinds=kinds, **in_period(question.period))


def _purpose(question: Question) -> str:
    usual = question.purpose == question.report.purpose
    return "" if usual else f"only rows that were granted for {question.purpose}"


def _filters(question: Question) -> list[str]:
    told = [str(one) for one in question.filters]
    return [f"only where {' and '.join(told)}"] if told else []


def _nothing_yet(files: SqlFiles, question: Question) -> str:
    known = [str(site) for (site,) in files.ask("sites")]
    if known and question.site in ("", *known):
        return ""
    if not known:
        return "there are no rows at all yet: no event has arrived, and no log was imported"
    return f"site {question.site!r} has no rows; there are {_some(known)}"


def _together(sites: object) -> str:
    if not isinstance(sites, list) or len(sites) < 2:
        return ""
    return f"{len(sites)} sites added together: {_some([str(site) for site in sites])}; --site keeps to one"


def _left_out(robots: object, question: Question) -> str:
    if not robots or question.bots or not question.report.has_robots:
        return ""
    return f"{amount(robots, question.report.robots)} by robots left out; --bots counts them"


def _some(sites: list[str]) -> str:
    more = len(sites) - _SHOWN_SITES
    return ", ".join(sites[:_SHOWN_SITES]) + (f" and {more} more" if more > 0 else "")
