"""A SQL file made ready for one question: its filters, its dimension, and the tables that its purpose allows. Pure."""

from __future__ import annotations

import re

from footfall_analytics.enrich.bots import DECLARED, EMPTY, HEADLESS, LIBRARY
from footfall_analytics.enrich.crawlers import AI_CRAWLERS
from footfall_analytics.reports.dimensions import find_dimension
from footfall_analytics.reports.question import Question
from footfall_analytics.reports.relations import bound
from footfall_analytics.reports.report import QuestionError, Report

#: Where a file divides by a dimension; it stands for the one that is asked.
_DIMENSION = re.compile(r"\w+ /\* dimension \*/")


def prepared(text: str, question: Question) -> str:
    """The SQL for this question. Nothing of it comes from outside but parameters."""
    with_filters = question.conditions.put_into(text, question.report.name)
    return bound(_DIMENSION.sub(_value(question), with_filters), question.purpose)


def extra_parameters(report: Report) -> dict[str, object]:
    """What only one file takes: of ``bots``, the names that are known."""
    if report.name != "bots":
        return {}
    return {
        "ai_names": list(AI_CRAWLERS),
        "ai_operators": list(AI_CRAWLERS.values()),
        "nameless": [EMPTY, DECLARED, LIBRARY, HEADLESS],
    }


def _value(question: Question) -> str:
    name = question.more.get("dimension", question.report.fixed.get("dimension"))
    if name is None:
        return ""
    dimension = find_dimension(str(name))
    if dimension.name == "member":
        return "linked_member_id"
    if dimension.key or not dimension.event:
        raise QuestionError(f"breakdown by {dimension.name} is not possible; filter by it, or ask entry or exit")
    return dimension.event
