"""Remember-me, rule 5: what theft ends, and who is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from footfall.sessions.events import SessionEvent
from footfall.sessions.sessions import Sessions
from footfall.sessions.sign_in import SignIn
from tests.sessions.sites import HOUR, MINUTE, Browser, Site, login, logout, remembered

MakeSite = Callable[..., Site]


def theft(site: Site, member: str = "ada") -> Browser:
    """A series of the member is found stolen; the owner's browser."""
    browser = site.signed_in(member, remember=True)
    browser.restart()
    site.now += HOUR
    thief = browser.copy()
    for _ in range(2):
        site.visit(browser)
        site.now += 10 * MINUTE
        browser.jar.pop("__Host-footfall-session")
    site.visit(browser)
    assert site.visit(thief).notices == ["theft"]
    return browser


def test_5_theft_ends_the_series_and_its_sessions_and_no_other(site: Site) -> None:
    """Remember-me, rule 5."""
    other = site.signed_in(remember=True)
    site.now += MINUTE
    stolen = theft(site)
    assert stolen.value("-session") is not None
    assert site.member_of(stolen) is None
    other.restart()
    assert site.member_of(other) == "ada"


def test_5_theft_ends_all_devices_where_the_site_says_so(make_site: MakeSite) -> None:
    """Remember-me, rule 5: only by setting."""
    site = make_site(options={"end_all_on_theft": True})
    other, grace = site.signed_in(remember=True), site.signed_in("grace", remember=True)
    theft(site)
    other.restart()
    grace.restart()
    assert [site.member_of(other), site.member_of(grace)] == [None, "grace"]


def test_5_an_app_that_fails_to_hear_of_a_theft_fails_nobodys_request(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    """Remember-me, rule 5: raises an event. A mail server that is down must not keep members out."""

    def fail(event: SessionEvent) -> None:
        raise OSError(f"no mail to {event.member_id}")

    for worker in site.workers:
        worker.sessions._reporter._on_event = fail
    theft(site)
    assert site.member_of(site.signed_in()) == "ada"
    assert "on_session_event raised OSError at theft" in caplog.text
    assert "no mail to" not in caplog.text


def test_5_the_member_is_told_at_the_next_sign_in_and_until_it_was_seen(site: Site) -> None:
    """Remember-me, rule 5: tells the member. The answer to a sign-in is a redirect, so once is not enough."""
    browser = theft(site)
    site.visit(browser, login("ada"))
    sign_in = site.visit(browser, worker=1)
    assert sign_in.notices == ["theft"]
    site.run(site.sessions.dismiss_notices(sign_in))
    assert site.visit(browser).notices == []
    assert site.visit(Browser(), login("ada")).notices == []


def test_5_the_member_is_told_on_another_device_that_is_signed_in(make_site: MakeSite) -> None:
    site = make_site(session_idle=timedelta(hours=5))
    other, grace = site.signed_in(), site.signed_in("grace")
    theft(site)
    assert site.visit(other).notices == ["theft"]
    assert site.visit(grace).notices == []


def test_5_theft_raises_an_event_with_the_member(site: Site) -> None:
    theft(site)
    (event,) = [event for worker in site.workers for event in worker.events if event.kind == "theft"]
    assert (event.member_id, event.at) == ("ada", site.now)


def test_5_after_theft_the_remember_cookie_is_taken_away(site: Site) -> None:
    browser = theft(site)
    site.visit(browser)
    assert browser.value("-remember") is None


def test_signing_out_ends_the_series_of_a_request_that_joined(site: Site) -> None:
    browser = remembered(site)
    late = browser.copy()
    site.visit(browser)
    site.visit(late, logout(), worker=1)
    assert site.member_of(browser) is None


def test_remembered_browsers_are_limited_too(make_site: MakeSite) -> None:
    site = make_site(sessions_per_member=3)
    for _ in range(5):
        remembered(site)
    assert site.rows("SELECT count(*) FROM remember_series") == [(3,)]


def test_a_member_whose_series_ended_within_the_very_request_can_sign_in(site: Site) -> None:
    """ASVS 7.4.3: after a change of password everything ends, and this browser signs in anew."""
    browser = site.signed_in(remember=True)

    async def change_password(sessions: Sessions, sign_in: SignIn, now: float) -> None:
        await sessions.end_sessions("ada")
        await sessions.login(sign_in, "ada", now=now)

    assert site.visit(browser, change_password).member is not None
    assert site.member_of(browser) == "ada"
    browser.restart()
    assert site.member_of(browser) is None


def test_a_member_gives_credentials_again_after_the_series_expired(make_site: MakeSite) -> None:
    """The session outlives its series, and the sweep of the sign-in itself takes the series away."""
    site = make_site(remember_lifetime=timedelta(hours=2))
    browser = site.signed_in(remember=True)
    for _ in range(5):
        site.now += 25 * MINUTE
        assert site.member_of(browser) == "ada"
        site.settle()
    site.visit(browser, login("ada"))
    assert site.member_of(browser) == "ada"
