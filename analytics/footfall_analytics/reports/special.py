"""What only some reports take: a dimension, a member, steps, a page. Checked, and made into parameters. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from footfall_analytics.reports.filters import like
from footfall_analytics.reports.report import QuestionError, Report

#: The kinds of things that are used, and can be used together.
USED = ("page_view", "document", "database")
DIRECTIONS = ("next", "previous")

#: Steps of a funnel: each is a bit of one number.
MOST_STEPS = 10
_LONGEST = 2000

#: What may stand before the colon of a step; without one, a step is a page.
_STEP_KINDS = ("document", "database", "event")
_STEPS_ALONE = ("sign_in", "sign_out")


def special_parameters(report: Report, asked: Mapping[str, object]) -> dict[str, object]:
    """The parameters that the report's SQL takes beside the usual. Raises QuestionError for what it does not take,
    or cannot do without."""
    for name in _CHECKS:
        if name in asked and name not in report.takes:
            raise QuestionError(f"{report.name} takes no {name}")
        if name in report.needs and not asked.get(name):
            raise QuestionError(f"{report.name} needs a {name.removesuffix('s')}; give --{name.removesuffix('s')}")
    parameters: dict[str, object] = {}
    for name in report.takes:
        if name in asked:
            parameters.update(_CHECKS[name](asked[name]))
    return parameters


def _dimension(value: object) -> dict[str, object]:
    return {"dimension": _text("dimension", value)}


def _member(value: object) -> dict[str, object]:
    return {"member": _text("member", value)}


def _path(value: object) -> dict[str, object]:
    return {"path": like(_text("path", value))}


def _item(value: object) -> dict[str, object]:
    return {"item": like(_text("item", value))}


def _direction(value: object) -> dict[str, object]:
    return {"direction": _one_of("direction", value, DIRECTIONS)}


def _kind(value: object) -> dict[str, object]:
    return {"kind": _one_of("kind", value, USED)}


def _steps(value: object) -> dict[str, object]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise QuestionError(f"steps are a list and not {value!r}; give at least two")
    if not 2 <= len(value) <= MOST_STEPS:
        raise QuestionError(f"a funnel of {len(value)} steps is none; give 2 to {MOST_STEPS}")
    steps = [_text("step", step) for step in value]
    parameters: dict[str, object] = {"steps": steps}
    for number, step in enumerate(steps):
        kind, pattern = _step(step)
        parameters[f"step_{number}_kind"], parameters[f"step_{number}"] = kind, like(pattern)
    return parameters


def steps_in_sql(count: int) -> str:
    """A number with a bit for each step that a row is."""
    bits = [
        f"(kind = {{step_{number}_kind:String}} AND "
        f"if(kind = 'page_view', path, name) LIKE {{step_{number}:String}})::UInt16 * {2**number}"
        for number in range(count)
    ]
    return f"({' + '.join(bits)})::UInt16"


def _step(step: str) -> tuple[str, str]:
    """``document:a.pdf`` → ("document", "a.pdf"), ``/prices*`` → ("page_view", "/prices*"), ``sign_in``."""
    kind, colon, name = step.partition(":")
    if colon and kind in _STEP_KINDS:
        return kind, name
    if step in _STEPS_ALONE:
        return step, "*"
    if step.startswith(("/", "*")):
        return "page_view", step
    raise QuestionError(
        f"step {step!r} is none; give a page (/prices, /docs/*), document:NAME, database:NAME, event:NAME or sign_in"
    )


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not value or len(value) > _LONGEST or "\0" in value:
        raise QuestionError(f"{name} {str(value)[:50]!r} is none; give a text of 1 to {_LONGEST} characters")
    return value


def _one_of(name: str, value: object, known: Sequence[str]) -> str:
    if value not in known:
        raise QuestionError(f"{name} {value!r} is none; give one of {', '.join(known)}")
    return str(value)


_CHECKS: Mapping[str, Callable[[object], dict[str, object]]] = {
    "dimension": _dimension,
    "member": _member,
    "steps": _steps,
    "path": _path,
    "item": _item,
    "direction": _direction,
    "kind": _kind,
}
