"""An answer: what the fields of a form (or of the JSON endpoint) grant and refuse. Pure.

The fields of a form:

``choice``
    ``accept_all``, ``reject_all``, ``save`` (what is ticked), ``withdraw`` (everything), ``allow_service`` and
    ``refuse_service`` (that one ``service`` alone; nothing else of the choice changes), ``allow_sale`` and
    ``refuse_sale`` (the purposes that are sold or shared, and nothing else).
``layer``
    ``notice``, ``preferences`` or ``placeholder``: where the form stands.
``purpose``
    once for each purpose that is ticked.
``offered``
    once for each service that the form shows a toggle for (a hidden field).
``service``
    once for each service that is ticked; with ``allow_service`` and ``refuse_service`` the one that is meant.

An offered service that is not ticked is refused, whatever its purpose; one that is ticked is granted, alone where
its purpose is not. A service that is not offered follows its purpose, and an earlier refusal of it stands.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from footfall.consent.choice import Choice
from footfall.consent.consent import ConsentRules
from footfall.consent.shown import Layer

Pressed = Literal[
    "accept_all", "reject_all", "save", "withdraw", "allow_service", "refuse_service", "allow_sale", "refuse_sale"
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """What was sent. Names that the settings do not have count for nothing."""

    pressed: Pressed
    layer: Layer
    purposes: Collection[str] = ()
    services: Collection[str] = ()
    offered: Collection[str] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a form comes to. A purpose in neither set stays open."""

    granted: frozenset[str]
    refused: frozenset[str]
    services: frozenset[str] = frozenset()  # granted without their purpose
    services_refused: frozenset[str] = frozenset()  # whatever their purpose
    left_open: frozenset[str] = frozenset()  # refused before it changed, and not asked here: the question stands


_NONE = frozenset[str]()


def answer_of(form: Form, before: Choice | None, rules: ConsentRules, *, gpc: bool, due: bool = False) -> Answer:
    """The answer of a form, given the choice that stood before it.

    The notice asks only for what is open: earlier answers stay as they are, unless they are ``due`` to be asked
    again. Nothing is granted that a Global Privacy Control signal refuses (11 CCR 7025(c)(1)).
    """
    if form.pressed in ("allow_service", "refuse_service"):
        answer = _one_service(form, before, rules)
    elif form.pressed in ("allow_sale", "refuse_sale"):
        answer = _sale(form, before, rules)
    else:
        answer = _whole(form, before, rules, due)
    return _under_signal(answer, rules) if gpc else answer


def _whole(form: Form, before: Choice | None, rules: ConsentRules, due: bool) -> Answer:
    kept = before if not due and form.layer == "notice" and form.pressed in ("accept_all", "reject_all") else None
    granted, refused = rules.split(_purposes(form, kept, rules))
    services, services_refused = _services(form, before, kept, rules, granted)
    return Answer(granted=granted, refused=refused, services=services, services_refused=services_refused)


def _purposes(form: Form, kept: Choice | None, rules: ConsentRules) -> frozenset[str]:
    if form.pressed == "save":
        return frozenset(form.purposes)
    before = kept.granted if kept else _NONE
    if form.pressed != "accept_all":
        return before
    return before | frozenset(name for name in rules.optional if kept is None or not kept.answers((name,)))


def _services(
    form: Form, before: Choice | None, kept: Choice | None, rules: ConsentRules, granted: frozenset[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """The exceptions to the purposes: services granted alone, and services refused."""
    if form.pressed != "save":
        alone, refused = (kept.services, kept.services_refused) if kept else (_NONE, _NONE)
        earlier = rules.services_of(frozenset(name for name in rules.optional if kept and kept.answers((name,))))
        alone, refused = alone & earlier, refused & earlier
    else:
        offered, ticked = frozenset(form.offered), frozenset(form.services)
        alone = ticked
        refused = (offered - ticked) | ((before.services_refused if before else _NONE) - offered - ticked)
    of_granted = rules.services_of(granted)
    return (alone & rules.choosable) - of_granted, refused & of_granted


def _one_service(form: Form, before: Choice | None, rules: ConsentRules) -> Answer:
    """One service allowed or refused; the purposes, and what else was chosen, stay as they were."""
    granted, refused = (before.granted, before.refused) if before else (_NONE, _NONE)
    alone, services_refused = (before.services, before.services_refused) if before else (_NONE, _NONE)
    meant = frozenset(form.services) & rules.choosable
    of_granted = rules.services_of(granted)
    if form.pressed == "allow_service":
        alone, services_refused = alone | (meant - of_granted), services_refused - meant
    else:
        alone, services_refused = alone - meant, services_refused | meant  # its purpose may be in force unasked
    return Answer(
        granted=granted,
        refused=refused,
        services=alone,
        services_refused=services_refused,
        left_open=before.changed if before else _NONE,
    )


def _sale(form: Form, before: Choice | None, rules: ConsentRules) -> Answer:
    """What is sold or shared allowed or refused; whatever else was chosen, or is still open, stays as it was."""
    granted, refused = (before.granted, before.refused) if before else (_NONE, _NONE)
    alone, services_refused = (before.services, before.services_refused) if before else (_NONE, _NONE)
    of_sold = rules.services_of(rules.sold)
    if form.pressed == "allow_sale":
        granted, refused = granted | rules.sold, refused - rules.sold
    else:
        granted, refused = granted - rules.sold, refused | rules.sold
    return Answer(
        granted=granted,
        refused=refused,
        services=alone - of_sold,
        services_refused=services_refused - of_sold,
        left_open=before.changed - rules.sold if before else _NONE,
    )


def _under_signal(answer: Answer, rules: ConsentRules) -> Answer:
    sold = answer.granted & rules.sold
    return replace(
        answer,
        granted=answer.granted - sold,
        refused=answer.refused | sold,
        services=answer.services - rules.services_of(rules.sold),
        services_refused=answer.services_refused - rules.services_of(sold),
    )
