"""Filters: ``country=DE``, ``path=/docs/*``, ``browser!=Safari``. Pure.

Several values of a dimension are alternatives; different dimensions, and each ``!=``, must all hold. ``*`` stands for
any text, ``\\*`` for itself. Values only ever travel as parameters; the SQL around them is made of names from
``dimensions``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from footfall_analytics.reports.dimensions import Dimension, find_dimension
from footfall_analytics.reports.report import QuestionError

#: How filters may be given in Python: texts as on the command line, or values by dimension; ``{"country!": "DE"}``
#: leaves out.
Where = Mapping[str, "str | Sequence[str]"] | Iterable["str | Filter"]

HOW_TO_FILTER = "country=DE, country!=DE or path=/docs/*"

_MOST_VALUES = 100
_LONGEST_VALUE = 2000
_TERM = re.compile(r"\s*([A-Za-z_][\w.-]*?)\s*(!?=)(.*)", re.DOTALL)
_TOKEN = re.compile(r"\\(.)|(\*)|(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Filter:
    """Rows whose dimension has one of these values, or, ``negated``, none of them."""

    dimension: Dimension
    values: tuple[str, ...]
    negated: bool = False

    def __str__(self) -> str:
        sign = "!=" if self.negated else "="
        return f"{self.dimension.name}{sign}{' or '.join(self.values)}"


def filters_of(where: Where) -> tuple[Filter, ...]:
    """The filters, those of one dimension joined. Raises QuestionError for a name, form or size that cannot be."""
    joined: dict[tuple[str, bool], list[str]] = {}
    for name, negated, value in _terms(where):
        find_dimension(name)
        joined.setdefault((name, negated), []).append(_checked(name, value))
    if sum(map(len, joined.values())) > _MOST_VALUES:
        raise QuestionError(f"more than {_MOST_VALUES} values to filter by; give fewer, or a pattern with *")
    return tuple(
        Filter(find_dimension(name), tuple(dict.fromkeys(values)), negated)
        for (name, negated), values in joined.items()
    )


def is_pattern(value: str) -> bool:
    """Whether the value holds a ``*`` that stands for any text."""
    return any(star for _, star, _ in _TOKEN.findall(value))


def literal(value: str) -> str:
    """The text that a value without ``*`` means."""
    return "".join(escaped or plain for escaped, _, plain in _TOKEN.findall(value))


def like(value: str) -> str:
    """The pattern for SQL's LIKE."""
    return "".join("%" if star else _escaped(escaped or plain) for escaped, star, plain in _TOKEN.findall(value))


def _escaped(char: str) -> str:
    return f"\\{char}" if char in "\\%_" else char


def _terms(where: Where) -> Iterable[tuple[str, bool, str]]:
    if isinstance(where, str):
        raise QuestionError(f"filters are a list or a mapping and not one text; give [{where!r}]")
    if isinstance(where, Mapping):
        for name, values in where.items():
            for value in [values] if isinstance(values, str) else values:
                yield name.removesuffix("=").removesuffix("!"), "!" in name[-2:], value
        return
    for term in where:
        if isinstance(term, Filter):
            yield from ((term.dimension.name, term.negated, value) for value in term.values)
        else:
            yield _term(term)


def _term(text: str) -> tuple[str, bool, str]:
    found = _TERM.fullmatch(text)
    if not found:
        raise QuestionError(f"{text!r} is no filter; say {HOW_TO_FILTER}")
    return found[1], found[2] == "!=", found[3]


def _checked(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise QuestionError(f"the value of {name} is no text; say {HOW_TO_FILTER}")
    if len(value) > _LONGEST_VALUE or "\0" in value:
        raise QuestionError(f"the value of {name} is longer than any there is; say {HOW_TO_FILTER}")
    return value
