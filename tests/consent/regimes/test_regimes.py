"""Which regime holds for whom, and what it grants."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from footfall.consent.choice import Choice
from footfall.consent.regimes import Regimes, asked_again_s, granted, lasts_s

DAY = 86_400.0
OPTIONAL = frozenset(("analytics", "marketing"))


def choice(granted: str = "", refused: str = "") -> Choice:
    return Choice(frozenset(granted.split()), frozenset(refused.split()), 0, 1, "banner")


def test_a_site_has_one_regime_for_all() -> None:
    assert Regimes("opt-out", None).of({}, "DE") == "opt-out"


@pytest.mark.parametrize(
    ("country", "regime"), [("US", "opt-out"), ("us", "opt-out"), ("DE", "opt-in"), ("", "opt-in"), ("XX", "opt-in")]
)
def test_a_country_that_is_not_named_has_the_strictest(country: str, regime: str) -> None:
    assert Regimes({"us": "opt-out"}, "CF-IPCountry").of({}, country) == regime


def test_a_callable_says_the_regime_from_the_scope() -> None:
    regimes = Regimes(lambda scope: "opt-out" if scope["path"] == "/us" else "opt-in", None)
    assert (regimes.of({"path": "/us"}, ""), regimes.of({"path": "/"}, "")) == ("opt-out", "opt-in")


@pytest.mark.parametrize("answer", ["", "OPT-OUT", None, 7, ["opt-out"], b"opt-out"])
def test_an_unknown_answer_of_a_callable_is_the_strictest(answer: Any) -> None:
    assert Regimes(lambda scope: answer, None).of({}, "US") == "opt-in"


def test_a_callable_that_fails_is_the_strictest_and_says_so_once_without_the_data(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def failing(scope: Any) -> str:
        raise KeyError("somebody@mail.example")

    regimes = Regimes(failing, None)
    with caplog.at_level(logging.ERROR):
        assert [regimes.of({}, "US") for _ in range(3)] == ["opt-in"] * 3
    assert [record.message for record in caplog.records if "KeyError" in record.message] == [caplog.messages[0]]
    assert "mail.example" not in caplog.text


async def _awaited(scope: Any) -> str:
    return "opt-out"


@pytest.mark.parametrize(
    ("rule", "header", "named"),
    [
        ("opt_out", None, "one of 'opt-in'"),
        ({"US": "opt-out"}, None, "country_header"),
        ({"USA": "opt-out"}, "CF-IPCountry", "two letters"),
        ({"US": "never"}, "CF-IPCountry", "one of 'opt-in'"),
        (7, None, "a callable"),
        (_awaited, None, "a plain function"),
    ],
)
def test_a_rule_that_cannot_hold_is_refused_with_the_fix(rule: Any, header: str | None, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Regimes(rule, header)


@pytest.mark.parametrize(
    ("regime", "choice", "in_force"),
    [
        ("opt-in", None, ""),
        ("opt-in", choice(granted="analytics"), "analytics"),
        ("opt-out", None, "analytics marketing"),
        ("opt-out", choice(refused="marketing"), "analytics"),
        ("opt-out", choice(refused="analytics marketing"), ""),
        ("opt-out-after-notice", None, ""),
        ("opt-out-after-notice", choice(granted="analytics"), "analytics"),
    ],
)
def test_what_a_regime_grants(regime: Any, choice: Choice | None, in_force: str) -> None:
    assert granted(regime, choice, optional=OPTIONAL) == frozenset(in_force.split())


def test_a_signal_refuses_whatever_was_chosen() -> None:
    """11 CCR 7025(c)(1)."""
    sold = frozenset(("marketing",))
    chosen = choice(granted="analytics marketing")
    for one in (None, chosen):
        assert "marketing" not in granted("opt-out", one, optional=OPTIONAL, refused_by_signal=sold)
    assert granted("opt-in", chosen, optional=OPTIONAL, refused_by_signal=sold) == {"analytics"}


def test_after_its_notice_silence_grants_and_a_refusal_does_not() -> None:
    """47 CFR 64.2008(d)(1)?"""
    approved = frozenset(("marketing",))
    assert granted("opt-out-after-notice", None, optional=OPTIONAL, approved=approved) == {"marketing"}
    refusal = choice(refused="marketing")
    assert granted("opt-out-after-notice", refusal, optional=OPTIONAL, approved=approved) == frozenset()


def test_nobody_who_opted_out_is_asked_again_for_twelve_months() -> None:
    """Cal. Civ. 1798.135(c)(4)?: the six-month European prompt does not fire there."""
    assert asked_again_s("opt-out", choice(refused="marketing"), 182 * DAY) == 366 * DAY
    assert asked_again_s("opt-in", choice(refused="marketing"), 182 * DAY) == 182 * DAY


def test_a_refusal_outlives_the_question() -> None:
    """Its end would be a grant: it is kept as long as a browser keeps anything (RFC 6265bis)."""
    assert lasts_s("opt-out", choice(refused="marketing"), 182 * DAY) == 400 * DAY
    assert lasts_s("opt-out", choice(granted="marketing"), 182 * DAY) == 182 * DAY
