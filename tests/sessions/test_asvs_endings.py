"""OWASP ASVS 5.0, 7.4: what has ended stays ended, on every worker at once."""

from __future__ import annotations

from collections.abc import Callable

from tests.sessions.sites import HOUR, MINUTE, Site, logout

MakeSite = Callable[..., Site]


def test_v7_4_1_after_signing_out_the_old_cookies_open_nothing_on_any_worker(site: Site) -> None:
    """ASVS 7.4.1: at once, and everywhere."""
    browser = site.signed_in(remember=True)
    replay = browser.copy()
    assert site.member_of(replay.copy(), worker=1) == "ada"
    site.visit(browser, logout(), worker=0)
    assert site.member_of(replay.copy(), worker=1) is None
    site.now += HOUR
    assert site.member_of(replay, worker=1) is None
    assert browser.jar == {}


def test_v7_4_1_a_session_past_its_limit_cannot_be_revived_by_using_it(site: Site) -> None:
    browser = site.signed_in()
    site.now += 30 * MINUTE
    for _ in range(3):
        assert site.member_of(browser) is None
        site.settle()


def test_v7_4_1_what_is_written_after_the_end_revives_nothing(site: Site) -> None:
    """ASVS 7.4.1: a slow request that began before the sign-out ends after it."""
    browser = site.signed_in()

    async def slow_request() -> None:
        sessions = site.sessions
        slow = await sessions.resume(browser.jar, secure=True, now=site.now)
        await site.request(browser.copy(), logout())
        slow.session["late"] = True
        assert await sessions.save(slow, site.now) == []

    site.run(slow_request())
    assert site.rows("SELECT count(*) FROM sessions") == [(0,)]
    assert site.sessions.counts["unsaved"] == 1


def test_signing_out_here_leaves_other_devices_signed_in(site: Site) -> None:
    """Remember-me, rule 5: signing out ends this series only."""
    here, there = site.signed_in(remember=True), site.signed_in(remember=True)
    site.visit(here, logout())
    assert site.member_of(there) == "ada"
    there.restart()
    site.now += HOUR
    assert site.member_of(there) == "ada"


def test_signing_out_without_a_session_ends_what_the_browser_remembered(site: Site) -> None:
    browser = site.signed_in(remember=True)
    browser.restart()
    replay = browser.copy()
    site.visit(browser, logout(), active=False)
    assert browser.jar == {}
    assert site.member_of(replay) is None


def test_v7_4_3_signing_out_everywhere_ends_all(site: Site) -> None:
    here, there, other = site.signed_in(remember=True), site.signed_in(remember=True), site.signed_in("grace")
    site.visit(here, logout(everywhere=True))
    there.restart()
    assert [site.member_of(there, worker=1), site.member_of(other, worker=1)] == [None, "grace"]


def test_v7_4_2_a_disabled_account_has_no_session_left(site: Site) -> None:
    """ASVS 7.4.2, 7.4.5: all sessions of a member end at once, remembered browsers too."""
    plain, remembered = site.signed_in(), site.signed_in(remember=True)
    assert site.run(site.sessions.end_sessions("ada")) == 2
    assert site.member_of(plain, worker=1) is None
    site.now += HOUR
    assert site.member_of(remembered, worker=1) is None


def test_v7_4_3_after_a_password_change_the_other_sessions_end_and_this_one_stays(site: Site) -> None:
    """ASVS 7.4.3."""
    here, there = site.signed_in(remember=True), site.signed_in(remember=True)
    current = site.visit(here)
    site.run(site.sessions.end_sessions("ada", except_current=current))
    assert [site.member_of(here), site.member_of(there)] == ["ada", None]
    here.restart()
    site.now += HOUR
    assert site.member_of(here) == "ada"


def test_v7_4_5_an_administrator_ends_one_session(site: Site) -> None:
    """ASVS 7.4.5, 7.5.2: one session, by the name that opens nothing."""
    phone, laptop = site.signed_in(remember=True), site.signed_in()
    current = site.visit(laptop)
    infos = site.run(site.sessions.sessions_of("ada", now=site.now, current=current))
    (of_phone,) = [info for info in infos if not info.current]
    assert site.run(site.sessions.end_session("ada", of_phone.id)) is True
    phone_again = phone.copy()
    phone_again.restart()
    assert [site.member_of(phone), site.member_of(phone_again), site.member_of(laptop)] == [None, None, "ada"]
    assert site.run(site.sessions.end_session("ada", of_phone.id)) is False


def test_v7_4_5_nobody_ends_the_session_of_another_member(site: Site) -> None:
    browser = site.signed_in("ada")
    (info,) = site.run(site.sessions.sessions_of("ada", now=site.now))
    assert site.run(site.sessions.end_session("grace", info.id)) is False
    assert site.member_of(browser) == "ada"
