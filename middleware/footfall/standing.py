"""What a browser's cookies amount to, and until when: worked out once, and looked up by the requests that follow."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from footfall.arrival import Browser
from footfall.consent.consent import Consent
from footfall.consent.decisions import Decisions
from footfall.consent.regimes import STRICTEST, Regime
from footfall.cookies import CookieNames
from footfall.identifiers import Identifiers
from footfall.visitor import Visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The facts that hold for every request with these cookies, from ``since`` until before ``until`` (Unix time).

    What was withdrawn meanwhile, and another regime, end them at once: ``edition`` and ``regime`` tell.
    """

    names: CookieNames
    consent: Consent  # by the device's own choice
    known: Visitor | None = None  # as the cookie says
    visitor: Visitor | None = None  # as of now; only ever where analytics is granted
    void: bool = False  # whether the browser sent a choice that counts no more
    foreign: bool = False  # whether it sent cookies that are not ours
    signs_in: bool = False  # whether it sent a cookie that may name a member
    steady: bool = False  # whether the cookies of this browser are all as they should be
    regime: Regime = STRICTEST
    edition: int = 0
    since: float = -math.inf
    until: float = math.inf


class Standings:
    """Settles what the cookies of a browser amount to."""

    def __init__(self, decisions: Decisions, identifiers: Identifiers, names: Sequence[CookieNames]) -> None:
        self._decisions = decisions
        self._identifiers = identifiers
        self._names = names  # without and with Secure
        self._own = frozenset(name for one in names for name in one.all)

    def of(self, browser: Browser, regime: Regime, now: float) -> Standing:
        standing = browser.standing
        if (
            standing is None
            or not standing.since <= now < standing.until
            or standing.edition != self._decisions.edition
            or standing.regime != regime
        ):
            standing = browser.standing = self._settle(browser, regime, now)
        return standing

    def of_nobody(self, browser: Browser) -> Standing:
        """Where no cookie is read: nothing was chosen."""
        return Standing(names=self._names[browser.secure], consent=self._decisions.rules.undecided(gpc=False))

    def _settle(self, browser: Browser, regime: Regime, now: float) -> Standing:
        jar, names = browser.jar, self._names[browser.secure]
        edition = self._decisions.edition
        consent, consent_until = self._decisions.read_until(jar, names, now, gpc=browser.gpc, regime=regime)
        known = self._identifiers.read(jar, names, now)
        visitor = self._identifiers.recognise(known, consent.granted, now)
        void = consent.choice is None and names.consent in jar and self._decisions.knows_withdrawn
        foreign = not self._own.issuperset(jar)
        return Standing(
            names=names,
            consent=consent,
            known=known,
            visitor=visitor,
            void=void,
            foreign=foreign,
            steady=visitor is not None and visitor is known and not foreign and not void,
            signs_in=names.session in jar or names.remember in jar,
            regime=regime,
            edition=edition,
            since=now,
            until=min(consent_until, self._identifiers.until(known, visitor, now)),
        )
