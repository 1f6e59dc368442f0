"""Account and device: the most restrictive wins until the member says otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.consent.account import for_how_long, heeds_signal, kept, read, reconciled, with_signal
from footfall.consent.choice import Choice
from footfall.store.records import AccountChoice

DAY = 86_400.0


def choice(granted: str = "", refused: str = "", source: Any = "banner", at: int = 0, **more: Any) -> Choice:
    return Choice(frozenset(granted.split()), frozenset(refused.split()), at, 1, source, **more)


def account(granted: str = "", refused: str = "", at: int = 0) -> Choice:
    return choice(granted, refused, "account", at)


@pytest.mark.parametrize(
    ("device", "of_account", "granted", "refused", "source"),
    [
        (None, account("analytics"), "analytics", "", "account"),
        (choice("analytics"), None, "analytics", "", "banner"),
        (choice("analytics"), account("", "analytics"), "", "analytics", "account"),
        (choice("", "analytics"), account("analytics"), "", "analytics", "banner"),
        (choice("analytics"), account("marketing"), "analytics marketing", "", "account"),
        (choice("analytics", "marketing"), account("analytics marketing"), "analytics", "marketing", "banner"),
    ],
)
def test_the_most_restrictive_wins(
    device: Choice | None, of_account: Choice | None, granted: str, refused: str, source: str
) -> None:
    found = reconciled(device, of_account)
    assert found is not None
    assert (found.granted, found.refused) == (frozenset(granted.split()), frozenset(refused.split()))
    assert found.source == source


def test_nobody_who_chose_nothing_anywhere_has_chosen() -> None:
    assert reconciled(None, None) is None


def test_a_device_with_an_older_choice_of_the_account_follows_it() -> None:
    """The member said otherwise, elsewhere."""
    older = account("", "analytics", at=1)
    assert reconciled(older, account("analytics", at=2)) == account("analytics", at=2)


def test_a_device_with_a_later_choice_of_an_account_does_not() -> None:
    """It may be another member's, who signed in here since."""
    found = reconciled(account("", "analytics", at=3), account("analytics", at=2))
    assert found is not None
    assert found.granted == frozenset()


def test_a_refused_service_is_refused_on_every_device() -> None:
    found = reconciled(choice("video"), choice("video", services_refused=frozenset(("player",)), source="account"))
    assert found is not None
    assert found.services_refused == {"player"}


def test_a_service_is_granted_alone_where_both_say_so() -> None:
    alone = choice("", "video", services=frozenset(("player",)))
    found = reconciled(alone, account("", "video"))
    assert found is not None
    assert found.services == frozenset()


names = st.frozensets(st.sampled_from(["analytics", "marketing", "preferences"]))


@st.composite
def choices(draw: st.DrawFn) -> Choice:
    granted, refused = draw(names), draw(names)
    source = draw(st.sampled_from(["banner", "preferences", "gpc"]))
    return Choice(granted - refused, refused, draw(st.integers(0, 99)), 1, source)


@given(choices(), choices())
def test_nothing_that_either_refuses_is_granted_and_nothing_is_granted_that_neither_grants(
    device: Choice, of_account: Choice
) -> None:
    found = reconciled(device, of_account)
    assert found is not None
    assert not found.granted & (device.refused | of_account.refused)
    assert found.granted <= device.granted | of_account.granted
    assert found.refused == device.refused | of_account.refused


def test_past_its_time_a_grant_of_the_account_is_none_and_its_refusal_holds_and_is_asked_again() -> None:
    """CNIL 2020-092 (good practice): the choice, yes or no, is kept about six months."""
    late = for_how_long(account("analytics", "marketing"), regime="opt-in", lifetime=182 * DAY, now=183 * DAY)
    assert (late.granted, late.refused) == (frozenset(), {"marketing"})
    assert not late.answers(("marketing",))


def test_where_silence_grants_a_refusal_of_the_account_is_not_asked_again() -> None:
    """Cal. Civ. 1798.135(c)(4)?; 47 CFR 64.2007(a)(2)."""
    late = for_how_long(account("", "marketing"), regime="opt-out", lifetime=182 * DAY, now=3000 * DAY)
    assert late.answers(("marketing",))


def test_a_signal_refuses_for_the_account_what_is_sold_and_leaves_the_rest() -> None:
    """11 CCR 7025(c)(1): the browser and the known consumer."""
    sold = frozenset(("marketing",))
    before = account("analytics marketing")
    flagged = with_signal(before, sold, now=5.0, policy_version=1)
    assert (flagged.granted, flagged.refused, flagged.source) == ({"analytics"}, sold, "gpc")
    assert not heeds_signal(before, sold)
    assert heeds_signal(flagged, sold)
    assert with_signal(None, sold, now=5.0, policy_version=1).refused == sold


def test_a_choice_comes_out_of_the_store_as_it_went_in() -> None:
    whole = choice("analytics", "marketing", services_refused=frozenset(("player",)), material={"analytics": "abc"})
    assert read(kept("ada", whole)) == whole


@pytest.mark.parametrize("content", ["", "3:of:a:later:version", "nonsense"])
def test_of_a_choice_that_cannot_be_read_the_refusals_count(content: str) -> None:
    stored = AccountChoice(
        member_id="ada",
        purposes=("analytics",),
        refused=("marketing",),
        source="banner",
        policy_version=1,
        at=1.0,
        content=content,
    )
    found = read(stored)
    assert found is not None
    assert (found.granted, found.refused) == (frozenset(), {"marketing"})
