"""OWASP ASVS 5.0, 16.2, 16.3, 16.5: what the log holds, and what an outage of the store costs."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from footfall.sessions.sessions import Sessions
from footfall.sessions.sign_in import SignIn
from footfall.store import StoreUnavailable
from tests.outages import away, writes_hang
from tests.sessions.sites import DAY, HOUR, Browser, Site, login, logout, write

MakeSite = Callable[..., Site]


def test_v16_2_5_the_log_tells_what_happened_and_holds_no_token_and_nobody(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    """ASVS 16.2.5, 16.3.1: sign-in, return, sign-out and refusal are logged; tokens only hashed."""
    with caplog.at_level(logging.DEBUG):
        browser = site.signed_in("ada@example.org", remember=True)
        seen = [*browser.jar.values()]
        browser.restart()
        site.now += HOUR
        site.visit(browser)
        seen += browser.jar.values()
        replay = browser.copy()
        site.visit(browser, logout())
        site.visit(replay)
    text = caplog.text
    for kind in ("sign_in", "remembered", "sign_out", "unknown_session", "unknown_token"):
        assert kind in text
    parts = {part for value in seen for part in value.split(".")}
    assert not [part for part in parts if part in text]
    assert "ada" not in text


def test_v16_5_2_an_outage_signs_nobody_in_and_changes_no_cookie(site: Site) -> None:
    """ASVS 16.5.2: no fail-open. Nobody knows, which is said; and when the store is back, so is the member."""
    browser = site.signed_in(remember=True)
    site.settle()
    with away(site.url):
        assert site.visit(browser).unavailable
        sign_in = site.visit(browser, write(lost=True))
        assert (sign_in.member, sign_in.unavailable, sign_in.degraded) == (None, True, ("store_down",))
        assert site.last_lines == []
        with pytest.raises(StoreUnavailable):
            site.visit(browser, logout())
        with pytest.raises(StoreUnavailable):
            site.visit(browser, login("ada"))
    site.mended()
    assert site.member_of(browser) == "ada"


def test_v16_5_2_a_store_that_comes_back_during_the_request_gives_no_new_session_for_the_one_nobody_could_read(
    site: Site,
) -> None:
    browser = site.signed_in()
    site.settle()
    outage = ExitStack()
    outage.enter_context(away(site.url))

    async def mend_and_write(sessions: Sessions, sign_in: SignIn, now: float) -> None:
        outage.close()
        site.workers[0].store.open()
        sign_in.session["lost"] = True

    site.visit(browser, mend_and_write)
    assert (site.last_lines, site.sessions.counts["unsaved"]) == ([], 1)
    assert site.member_of(browser) == "ada"


def test_an_outage_between_signing_in_and_the_response_costs_a_change_and_not_the_sign_in(site: Site) -> None:
    browser, outage = Browser(), ExitStack()

    async def sign_in_and_write(sessions: Sessions, sign_in: SignIn, now: float) -> None:
        await sessions.login(sign_in, "ada", now=now)
        sign_in.session["lost"] = True
        site.settle()
        outage.enter_context(writes_hang(site.url))

    assert site.visit(browser, sign_in_and_write).unavailable
    outage.close()
    site.mended()
    assert (site.member_of(browser), site.sessions.counts["unsaved"]) == ("ada", 1)


def test_v16_5_2_an_outage_during_a_return_costs_no_remember_cookie(site: Site) -> None:
    browser = site.signed_in(remember=True)
    browser.restart()
    site.now += HOUR
    site.settle()
    before = dict(browser.jar)
    with writes_hang(site.url):
        assert site.visit(browser).unavailable
        assert browser.jar == before
    site.mended()
    assert site.member_of(browser) == "ada"


def test_what_has_expired_is_deleted_by_and_by(site: Site) -> None:
    site.visit(Browser(), write(basket=1))
    site.signed_in("grace", remember=True)
    site.now += 31 * DAY
    site.signed_in("ada")
    assert site.rows("SELECT member_id FROM sessions") == [("ada",)]
    assert site.rows("SELECT count(*) FROM remember_series") == [(0,)]
    assert site.rows("SELECT count(*) FROM remember_tokens") == [(0,)]
