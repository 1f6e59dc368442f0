"""The clock of an opt-out with notice, as the CPNI rules have it (47 CFR 64.2007–64.2009). Pure.

A notice is served; thirty days later silence counts as approval, until two years after the last notice. What the
customer says lasts until the customer says otherwise, and no approval counts that no notice came before. Records
that are missing, or dated after ``now``, never make a yes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from footfall.consent.choice import Choice

_DAY_S = 86_400.0

#: Silence counts as approval so long after the notice.
WAIT_S = 30 * _DAY_S

#: The wait for a notice that was mailed begins on the third day after it was sent.
IN_THE_MAIL_S = 3 * _DAY_S

#: Approval by silence lapses so long after the last notice.
REPEATED_EVERY_S = 730 * _DAY_S

Served = Literal["web", "mail"]
Reason = Literal["no_notice", "waiting", "silence", "approved", "refused", "lapsed"]


@dataclass(frozen=True, slots=True)
class ServedNotice:
    """A notice that reached a member. ``at``: when it was shown, or sent (Unix seconds)."""

    at: float
    purposes: frozenset[str]  # that it told of
    by: Served = "web"

    @property
    def waits_from(self) -> float:
        return self.at + IN_THE_MAIL_S if self.by == "mail" else self.at


@dataclass(frozen=True, slots=True)
class Answer:
    """What a member said of one purpose, and when (Unix seconds)."""

    purpose: str
    approved: bool
    at: float


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether an account's data may be used for a purpose now, why, and when that changes by itself.

    ``until``: the end of the wait, or the day on which approval by silence lapses (Unix seconds); ``None`` where
    only the member or a new notice changes it.
    """

    allowed: bool
    reason: Reason
    until: float | None = None


def standing(purpose: str, notices: Iterable[ServedNotice], answers: Iterable[Answer], now: float) -> Standing:
    """How an account stands for one purpose, by all that is on record of it (47 CFR 64.2007(a)(2), 64.2008(b))."""
    said = [answer for answer in answers if answer.purpose == purpose]
    told = sorted((one for one in notices if purpose in one.purposes and one.at <= now), key=lambda one: one.at)
    last = max(said, key=lambda answer: (answer.at, not answer.approved), default=None)
    if last is not None and not last.approved:
        return Standing(False, "refused")
    if not told:
        return Standing(False, "no_notice")
    if last is not None and told[0].at <= last.at <= now:
        return Standing(True, "approved")
    return _by_silence(told, now)


def refusals(account: Choice | None) -> list[Answer]:
    """What an account's choice refuses, as answers to its notices: a no is a no, wherever it was said."""
    if account is None:
        return []
    return [Answer(purpose, False, float(account.decided_at)) for purpose in account.refused]


def _by_silence(told: list[ServedNotice], now: float) -> Standing:
    """Notices repeated in time go on where the first left off; after a lapse the wait begins anew."""
    waits_from, last = told[0].waits_from, told[0].at
    for notice in told[1:]:
        if notice.at - last >= REPEATED_EVERY_S:
            waits_from = notice.waits_from
        last = notice.at
    if now - last >= REPEATED_EVERY_S:
        return Standing(False, "lapsed")
    if now - waits_from < WAIT_S:
        return Standing(False, "waiting", waits_from + WAIT_S)
    return Standing(True, "silence", last + REPEATED_EVERY_S)
