"""Regimes: what holds before a visitor has chosen, and for how long a choice does. Pure; the clock is passed in.

``opt-in``: nothing optional until it is granted (ePrivacy, GDPR). ``opt-out``: what is not refused is used; a Global
Privacy Control signal refuses what is sold or shared (11 CCR 7025(c)(1)). ``opt-out-after-notice``: nothing, until a
member was told and thirty days went by (``approval``; 47 CFR 64.2008). What is unknown is the strictest, opt-in.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Mapping, MutableMapping, Set
from typing import Any, Literal, get_args

from footfall.consent.choice import Choice

Regime = Literal["opt-in", "opt-out", "opt-out-after-notice"]

#: By site, by country (ISO 3166-1 alpha-2), or by a callable that is given the ASGI scope.
RegimeRule = str | Mapping[str, str] | Callable[[MutableMapping[str, Any]], str]

REGIMES: tuple[Regime, ...] = get_args(Regime)
STRICTEST: Regime = "opt-in"

_DAY_S = 86_400.0

#: Nobody who opted out is asked again for twelve months.
NOT_ASKED_AGAIN_S = 366 * _DAY_S

#: A refusal is kept as long as a browser keeps anything (RFC 6265bis): its end would be a grant.
REFUSAL_LASTS_S = 400 * _DAY_S

log = logging.getLogger("footfall.consent")


class Regimes:
    """The regime of each request. Raises ValueError for a rule that cannot hold, naming the fix."""

    def __init__(self, rule: RegimeRule, country_header: str | None) -> None:
        checked(rule, country_header)
        self._site: Regime | None = _named(rule) if isinstance(rule, str) else None
        self._countries = {country.upper(): _named(name) for country, name in _items(rule)}
        self._callable = rule if callable(rule) else None
        self._failed = False

    def of(self, scope: MutableMapping[str, Any], country: str) -> Regime:
        """The regime of a request; ``country`` is what a proxy that is trusted says of it, or ""."""
        if self._site is not None:
            return self._site
        if self._callable is not None:
            return self._ask(self._callable, scope)
        return self._countries.get(country.upper(), STRICTEST)

    def _ask(self, rule: Callable[[MutableMapping[str, Any]], str], scope: MutableMapping[str, Any]) -> Regime:
        try:
            answer = rule(scope)
        except Exception as error:
            self._complain(f"raised {type(error).__name__}")  # its message may hold a visitor's data
            return STRICTEST
        if answer not in REGIMES:
            self._complain(f"gave no regime but a {type(answer).__name__}")
            return STRICTEST
        return _named(answer)

    def _complain(self, what: str) -> None:
        """Once: the callable runs for every request."""
        if not self._failed:
            log.error("Settings.regime %s; such requests are opt-in. It gives one of %s", what, ", ".join(REGIMES))
            self._failed = True


def checked(rule: RegimeRule, country_header: str | None) -> None:
    """Raises ValueError, naming the fix, for a rule that cannot hold."""
    if isinstance(rule, Mapping) and country_header is None:
        raise ValueError("regime by country needs country_header, the header in which a proxy you trust names it")
    if not isinstance(rule, str | Mapping) and not callable(rule):
        raise ValueError(f"regime={rule!r}: a name, a mapping of countries to names, or a callable that gives one")
    if inspect.iscoroutinefunction(rule):
        raise ValueError("regime: a plain function; one to be awaited would keep every request waiting")
    for country, name in _items(rule):
        if not (len(country) == 2 and country.isascii() and country.isalpha()):
            raise ValueError(f"regime: {country!r} is no country code of two letters (ISO 3166-1), such as 'US'")
        _named(name)
    if isinstance(rule, str):
        _named(rule)


def named(rule: RegimeRule, regime: Regime) -> bool:
    """Whether a rule names this regime; of a callable nobody knows."""
    return rule == regime or regime in (name for _, name in _items(rule))


def granted(
    regime: Regime,
    choice: Choice | None,
    *,
    optional: Set[str],
    refused_by_signal: Set[str] = frozenset(),
    approved: Set[str] = frozenset(),
) -> frozenset[str]:
    """The optional purposes in force. ``approved``: for which an account's notice has had its time."""
    chosen, refused = (choice.granted, choice.refused) if choice else (frozenset[str](), frozenset[str]())
    implied = {"opt-in": frozenset[str](), "opt-out": optional, "opt-out-after-notice": approved}[regime]
    return frozenset((chosen | (implied - refused)) & optional) - refused_by_signal


def lasts_s(regime: Regime, choice: Choice, lifetime: float) -> float:
    """How long a choice is in force, in seconds from when it was made. ``lifetime``: of a site's opt-in choices."""
    return max(lifetime, REFUSAL_LASTS_S) if regime == "opt-out" and choice.refused else lifetime


def asked_again_s(regime: Regime, choice: Choice, lifetime: float) -> float:
    """How long nobody is asked again, in seconds from the choice: the six European months do not make an
    opt-out prompt."""
    return max(lifetime, NOT_ASKED_AGAIN_S) if regime == "opt-out" and choice.refused else lifetime


def _items(rule: object) -> list[tuple[str, str]]:
    return list(rule.items()) if isinstance(rule, Mapping) else []


def _named(name: str) -> Regime:
    for regime in REGIMES:
        if name == regime:
            return regime
    raise ValueError(f"regime {name!r}: one of {', '.join(map(repr, REGIMES))}")
