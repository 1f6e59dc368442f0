"""A SQL file made ready for one question: its filters, its dimension, and the tables that its purpose allows. Pure."""

from __future__ import annotations

import re

from footfall_analytics.enrich.bots import DECLARED, EMPTY, HEADLESS, LIBRARY
from footfall_analytics.enrich.crawlers import AI_CRAWLERS
from footfall_analytics.reports.dimensions import find_dimension
from footfall_analytics.reports.question import Question
from footfall_analytics.reports.relations import bound
from footfall_analytics.reports.report import QuestionError, Report
from footfall_analytics.reports.special import steps_in_sql

#: Where a file divides by a dimension; it stands for the one that is asked.
_DIMENSION = re.compile(r"\w+ /\* dimension \*/")

#: Where it divides by several columns, and where the steps of a funnel are told.
_KEYS = re.compile(r"source, channel /\* keys \*/")
_STEPS = re.compile(r"0 /\* steps \*/")

#: Whose an event is, only the view of members knows.
_EVENTS = re.compile(r"\.events\b")


def prepared(text: str, question: Question) -> str:
    """The SQL for this question. Nothing of it comes from outside but parameters."""
    text = question.conditions.put_into(text, question.report.name)
    if any(one.dimension.name == "member" for one in question.filters):
        text = _EVENTS.sub(".member_events", text)
    text = _DIMENSION.sub(_value(question), text)
    text = _KEYS.sub(", ".join(question.report.divided_by), text)
    text = _STEPS.sub(steps_in_sql(_count(question.more.get("steps"))), text)
    return bound(text, question.purpose)


def extra_parameters(report: Report) -> dict[str, object]:
    """What only one file takes: of ``bots``, the names that are known."""
    if report.name != "bots":
        return {}
    return {
        "ai_names": list(AI_CRAWLERS),
        "ai_operators": list(AI_CRAWLERS.values()),
        "nameless": [EMPTY, DECLARED, LIBRARY, HEADLESS],
    }


def _count(steps: object) -> int:
    return len(steps) if isinstance(steps, list) else 0


def _value(question: Question) -> str:
    name = question.more.get("dimension", question.report.fixed.get("dimension"))
    if name is None:
        return ""
    dimension = find_dimension(str(name))
    if dimension.key or not dimension.event:
        raise QuestionError(f"breakdown by {dimension.name} is not possible; filter by it, or ask entry or exit")
    return dimension.event
