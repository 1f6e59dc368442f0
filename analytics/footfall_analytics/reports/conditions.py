"""Filters as SQL: conditions of checked names, and the parameters that hold the values. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from footfall_analytics.reports.filters import Filter, is_pattern, like, literal
from footfall_analytics.reports.report import QuestionError

#: Where a SQL file takes conditions, and what its rows are: ``true /* filters of events */``.
MARK = re.compile(r"true /\* filters of (events|member_events|visits|whole visits) \*/")

_VISIT = "(site, visitor_id, visit_number)"
_IN_PERIOD = "time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}"
_VISITS = "SELECT site, visitor_id, visit_number FROM {database:Identifier}.visits WHERE "
_OVERLAP = "started < {until:DateTime64(3, 'UTC')} AND ended >= {since:DateTime64(3, 'UTC')}"
_EVENTS = "SELECT site, visitor_id, visit_number FROM {database:Identifier}.member_events WHERE visit_number > 0 AND "


@dataclass(frozen=True, slots=True)
class Conditions:
    """What filters mean to each kind of table, and the values."""

    sql: dict[str, str]
    parameters: dict[str, object]

    def put_into(self, text: str, name: str) -> str:
        """The SQL with its marks replaced. Raises QuestionError for filters where the file has no place for them."""
        if self.parameters and not MARK.search(text):
            raise QuestionError(f"{name} has nothing to filter by but --site")
        return MARK.sub(lambda mark: self.sql[mark[1]] if self.parameters else "true", text)


def conditions_of(filters: Sequence[Filter]) -> Conditions:
    """The conditions of all filters together."""
    parameters: dict[str, object] = {}
    for number, one in enumerate(filters):
        parameters.update(_parameters(one, f"where_{number}"))
    sql = {
        table: " AND ".join(f"({_condition(one, f'where_{number}', table)})" for number, one in enumerate(filters))
        for table in ("events", "member_events", "visits")
    }
    return Conditions({**sql, "whole visits": f"{_VISIT} IN ({_VISITS}{_OVERLAP} AND {sql['visits']})"}, parameters)


def _parameters(one: Filter, name: str) -> dict[str, object]:
    exact = [literal(value) for value in one.values if not is_pattern(value)]
    patterns = [like(value) for value in one.values if is_pattern(value)]
    found: dict[str, object] = {f"{name}_like_{number}": pattern for number, pattern in enumerate(patterns)}
    if exact:
        found[name] = exact
    if one.dimension.key:
        found[f"{name}_key"] = one.dimension.key
    return found


def _condition(one: Filter, name: str, table: str) -> str:
    dimension = one.dimension
    if table == "visits":
        if dimension.visit == "members":
            found = f"arrayExists(member -> {_any(one, name, 'member')}, members)"
            return f"NOT {found}" if one.negated else found
        if dimension.visit:
            return _matches(one, name, dimension.visit)
        found = f"{_VISIT} IN ({_EVENTS}{_IN_PERIOD} AND {_any(one, name, _value(one, name, 'member_events'))})"
        return f"NOT ({found})" if one.negated else found
    if not dimension.of_visit:
        return _matches(one, name, _value(one, name, table))
    visits = f"{_VISIT} IN ({_VISITS}{_OVERLAP} AND {_matches(one, name, dimension.visit)})"
    alone = _matches(one, name, dimension.event) if dimension.event else "false"
    return f"if(visit_number > 0, {visits}, {alone})"


def _value(one: Filter, name: str, table: str) -> str:
    if one.dimension.key:
        return f"props[{{{name}_key:String}}]"
    return one.dimension.event


def _matches(one: Filter, name: str, value: str) -> str:
    found = _any(one, name, value)
    return f"NOT {found}" if one.negated else found


def _any(one: Filter, name: str, value: str) -> str:
    patterns = sum(map(is_pattern, one.values))
    tests = [f"{value} LIKE {{{name}_like_{number}:String}}" for number in range(patterns)]
    if patterns < len(one.values):
        tests.insert(0, f"{value} IN {{{name}:Array(String)}}")
    return f"({' OR '.join(tests)})"
