"""OWASP ASVS 5.0, 7.5, 7.6, 8.3.2: who is fresh, what members see, roles, and several members on one browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from footfall.sessions.access import Access, compile_rules, is_fresh
from tests.sessions.sites import DAY, HOUR, MINUTE, Browser, Site, login, write

MakeSite = Callable[..., Site]


def test_v7_5_2_members_see_their_sessions_and_their_remembered_browsers(site: Site) -> None:
    """ASVS 7.5.2: device, and when it was last seen."""
    remembered = site.signed_in(remember=True)
    remembered.restart()
    site.now += DAY
    laptop = site.signed_in()
    infos = site.run(site.sessions.sessions_of("ada", now=site.now, current=site.visit(laptop)))
    facts = [(info.live, info.remembered, info.current, site.now - info.last_seen, info.user_agent) for info in infos]
    assert facts == [(True, False, True, 0.0, "Firefox"), (False, True, False, DAY, "Firefox")]
    tokens = {*laptop.jar.values(), *str(remembered.value("-remember")).split(".")}
    assert not tokens & {info.id for info in infos}
    assert site.run(site.sessions.end_session("ada", infos[1].id)) is True
    assert site.member_of(remembered) is None


def test_v7_5_2_a_session_past_its_limits_is_not_listed(site: Site) -> None:
    site.signed_in()
    site.now += 30 * MINUTE
    assert site.run(site.sessions.sessions_of("ada", now=site.now)) == []


def test_v7_5_3_a_recent_sign_in_is_fresh_for_its_time_only(site: Site) -> None:
    """ASVS 7.5.1, 7.5.3."""
    rules = compile_rules([Access("/account/password", fresh=timedelta(minutes=10))])
    browser = site.signed_in()
    assert rules.decide("/account/password", site.visit(browser).member, site.now) == "allow"
    site.now += 10 * MINUTE + 1
    assert rules.decide("/account/password", site.visit(browser).member, site.now) == "sign_in_again"
    site.visit(browser, login("ada"))
    assert rules.decide("/account/password", site.visit(browser).member, site.now) == "allow"


def test_v7_5_3_a_remembered_member_is_never_fresh(site: Site) -> None:
    """ASVS 7.5.3; "remembered" is never recent, however recent the sign-in that it remembers."""
    browser = site.signed_in(remember=True)
    browser.restart()
    for wait in (1.0, 2 * MINUTE):  # within the minute it joins the very session that was signed in to
        site.now += wait
        member = site.visit(browser.copy()).member
        assert member is not None
        assert member.how == "remembered"
        assert not is_fresh(member, site.now, timedelta(days=1))


def test_v7_6_2_a_plain_visit_creates_no_session(site: Site) -> None:
    """ASVS 7.6.2; Remember-me, rule 6: anonymous visitors and bots create no rows."""
    browser = Browser()
    for _ in range(3):
        sign_in = site.visit(browser)
        sign_in.session.get("basket")
    assert browser.jar == {}
    assert site.rows("SELECT count(*) FROM sessions") == [(0,)]


def test_v8_3_2_roles_act_at_once_on_every_worker(site: Site) -> None:
    """ASVS 8.3.2: never cached in a cookie."""
    rules = compile_rules([Access("/desk/*", role="librarian")])
    browser = site.signed_in(roles=("librarian",))
    assert rules.decide("/desk/", site.visit(browser, worker=1).member, site.now) == "allow"
    site.run(site.sessions.set_roles("ada", ()))
    assert rules.decide("/desk/", site.visit(browser, worker=1).member, site.now) == "refuse"
    site.run(site.sessions.set_roles("ada", ("librarian",)))
    assert rules.decide("/desk/", site.visit(browser, worker=1).member, site.now) == "allow"


def test_v8_3_2_a_remembered_member_returns_with_the_roles_of_today(site: Site) -> None:
    browser = site.signed_in(remember=True, roles=("librarian",))
    browser.restart()
    site.now += DAY
    site.run(site.sessions.set_roles("ada", ("reader",)))
    member = site.visit(browser).member
    assert member is not None
    assert member.roles == {"reader"}


def test_another_member_on_the_same_browser_inherits_nothing(site: Site) -> None:
    browser = site.signed_in("ada", remember=True)
    site.visit(browser, write(basket=["a book"]))
    before = browser.copy()
    sign_in = site.visit(browser, login("grace"))
    assert (sign_in.member.id if sign_in.member else None, sign_in.session) == ("grace", {})
    assert site.visit(browser).session == {}
    assert browser.value("-remember") is None
    assert [site.member_of(before), site.member_of(browser)] == [None, "grace"]


def test_signing_in_without_remember_ends_what_the_browser_remembered(site: Site) -> None:
    browser = site.signed_in("ada", remember=True)
    browser.jar.pop("__Host-footfall-session")
    site.now += HOUR
    stale = browser.copy()
    site.visit(browser, login("ada"), active=False)  # nobody had been signed in when this request came
    assert browser.value("-remember") is None
    assert site.member_of(stale) is None


@pytest.mark.parametrize("member", ["", "x" * 257, "nul\0", 7, None])
def test_a_member_id_that_cannot_be_one_is_refused_in_words_that_do_not_repeat_it(site: Site, member: str) -> None:
    with pytest.raises(ValueError, match="1 to 256 characters"):
        site.visit(Browser(), login(member))
    with pytest.raises(ValueError, match="1 to 256 characters"):
        site.run(site.sessions.end_sessions(member))


def test_a_string_is_no_collection_of_roles(site: Site) -> None:
    with pytest.raises(ValueError, match="roles=\\('editor',\\)"):
        site.visit(Browser(), login("ada", roles="editor"))  # type: ignore[arg-type]
