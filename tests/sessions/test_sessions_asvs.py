"""OWASP ASVS 5.0 on sessions: one test or more for each requirement, named for it."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from tests.sessions.sites import DAY, HOUR, MINUTE, Browser, Site, login, logout, write

from footfall.sessions.access import Access, compile_rules, is_fresh
from footfall.sessions.sessions import Sessions
from footfall.sessions.sign_in import SignIn
from footfall.store import StoreUnavailable, database_file

MakeSite = Callable[..., Site]


# -- 7.1 and 7.3: how long, how many


def test_v7_3_1_a_session_ends_when_it_was_idle_too_long(site: Site) -> None:
    """ASVS 7.1.1, 7.3.1: an inactivity limit, 30 minutes by default."""
    browser = site.signed_in()
    site.now += 29 * MINUTE
    assert site.member_of(browser.copy(), active=False) == "ada"
    site.now += 1 * MINUTE
    assert site.member_of(browser) is None


def test_v7_3_1_use_keeps_a_session_alive_and_sets_no_cookie(site: Site) -> None:
    """ASVS 7.3.1: sliding, and the renewal is the server's alone."""
    browser = site.signed_in()
    for _ in range(6):
        site.now += 20 * MINUTE
        assert site.member_of(browser) == "ada"
        assert site.last_lines == []
        site.settle()


def test_v7_3_1_polling_is_no_activity(site: Site) -> None:
    """ASVS 7.3.1; RULES, remember-me 6: requests can be declared to be no activity."""
    browser = site.signed_in()
    for _ in range(3):
        site.now += 10 * MINUTE
        site.visit(browser, active=False)
        site.settle()
    assert site.member_of(browser) is None


def test_v7_3_2_a_session_ends_at_its_absolute_limit_however_much_it_is_used(site: Site) -> None:
    """ASVS 7.1.1, 7.3.2: an absolute limit, 24 hours by default."""
    browser = site.signed_in()
    end = site.now + 24 * HOUR
    while site.now + 25 * MINUTE < end:
        site.now += 25 * MINUTE
        assert site.member_of(browser) == "ada"
        site.settle()
    site.now = end
    assert site.member_of(browser) is None


@pytest.mark.parametrize(("setting", "wait"), [("session_idle", 5 * MINUTE), ("session_absolute", 5 * MINUTE)])
def test_v7_1_1_the_limits_are_settings(make_site: MakeSite, setting: str, wait: float) -> None:
    limits = {"session_idle": timedelta(minutes=5), setting: timedelta(minutes=5)}
    site = make_site(**limits)
    browser = site.signed_in()
    site.now += wait
    assert site.member_of(browser) is None


def test_v7_3_1_a_session_in_use_is_written_to_once_a_minute_at_most(site: Site) -> None:
    browser = site.signed_in()
    began = site.now
    site.now += 59
    site.visit(browser)
    site.settle()
    assert site.rows("SELECT seen_at FROM sessions") == [(began,)]
    site.now += 1
    site.visit(browser)
    site.settle()
    assert site.rows("SELECT seen_at FROM sessions") == [(site.now,)]


def test_v7_3_1_a_short_limit_is_kept_away_by_use_as_well(make_site: MakeSite) -> None:
    site = make_site(session_idle=timedelta(seconds=20))
    browser = site.signed_in()
    for _ in range(5):
        site.now += 14
        assert site.member_of(browser) == "ada"
        site.settle()
    site.now += 20
    assert site.member_of(browser) is None


def test_v7_1_2_over_the_limit_the_oldest_session_ends(make_site: MakeSite) -> None:
    """ASVS 7.1.2: a maximum number of sessions for each member."""
    site = make_site(sessions_per_member=3)
    browsers = []
    for _ in range(4):
        browsers.append(site.signed_in())
        site.now += 1
    assert [site.member_of(browser) for browser in browsers] == [None, "ada", "ada", "ada"]


def test_v7_1_2_a_remembered_browser_over_the_limit_does_not_come_back_by_itself(make_site: MakeSite) -> None:
    site = make_site(sessions_per_member=2)
    browsers = []
    for _ in range(3):
        browsers.append(site.signed_in(remember=True))
        site.now += 1
    assert [site.member_of(browser) for browser in browsers] == [None, "ada", "ada"]


def test_v7_1_2_sessions_past_their_limits_do_not_count(make_site: MakeSite) -> None:
    site = make_site(sessions_per_member=2)
    site.signed_in()
    site.now += 31 * MINUTE
    first, second = site.signed_in(), site.signed_in()
    assert [site.member_of(first), site.member_of(second)] == ["ada", "ada"]
    assert site.rows("SELECT count(*) FROM sessions") == [(2,)]


def test_v7_1_2_an_idle_session_makes_room_for_an_older_one_that_is_used(make_site: MakeSite) -> None:
    site = make_site(sessions_per_member=2)
    used = site.signed_in()
    site.now += MINUTE
    site.signed_in()
    for _ in range(2):
        site.now += 20 * MINUTE
        site.visit(used)
        site.settle()
    site.signed_in()
    assert site.member_of(used) == "ada"


def test_v7_1_2_the_sessions_of_others_do_not_count(make_site: MakeSite) -> None:
    site = make_site(sessions_per_member=1)
    ada, grace = site.signed_in("ada"), site.signed_in("grace")
    assert [site.member_of(ada), site.member_of(grace)] == ["ada", "grace"]


# -- 7.2: the token


def test_v7_2_1_what_the_browser_says_of_itself_counts_for_nothing(site: Site) -> None:
    """ASVS 7.2.1: verified on the server. An id that the server did not issue is never adopted, and is reported."""
    browser = Browser()
    browser.jar["__Host-footfall-session"] = "A" * 43
    sign_in = site.visit(browser, write(basket=1))
    assert sign_in.member is None
    assert browser.jar["__Host-footfall-session"] != "A" * 43
    assert [event.kind for event in site.workers[0].events] == ["unknown_session"]


def test_v7_2_2_the_token_is_a_reference_and_holds_nothing(site: Site) -> None:
    """ASVS 7.2.2, 7.2.3: a random reference token of 128 bits or more; this one has 256."""
    tokens = {site.signed_in().value("-session") for _ in range(20)}
    assert len(tokens) == 20
    assert all(token is not None and len(token) == 43 for token in tokens)


def test_v7_2_3_a_copy_of_the_database_opens_no_session(site: Site, tmp_path: Path) -> None:
    """ASVS 7.2.1–7.2.3: only hashes are stored."""
    browser = site.signed_in(remember=True)
    site.settle()
    shutil.copy(site.path, tmp_path / "copy.db")
    with sqlite3.connect(tmp_path / "copy.db") as copy:
        tables = [name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        loot = {str(value) for table in tables for row in copy.execute(f"SELECT * FROM {table}") for value in row}
    copy.close()
    secrets = {browser.value("-session"), str(browser.value("-remember")).partition(".")[2]}
    assert not secrets & loot
    for value in loot:
        for other in [value, *loot]:
            thief = Browser()
            thief.jar = {"__Host-footfall-session": value, "__Host-footfall-remember": f"{value}.{other}"}
            assert site.member_of(thief) is None
    assert site.member_of(browser) == "ada"


def test_v7_2_4_signing_in_changes_the_token_and_the_old_one_is_dead(site: Site) -> None:
    """ASVS 7.2.4: a new token at sign-in; the session's data stays, as in Starlette."""
    browser = Browser()
    site.visit(browser, write(basket=["a book"]))
    before = browser.copy()
    sign_in = site.visit(browser, login("ada"))
    assert browser.value("-session") != before.value("-session")
    assert sign_in.session == {"basket": ["a book"]}
    assert site.visit(browser).session == {"basket": ["a book"]}
    assert site.visit(before).session == {}


def test_v7_2_4_a_planted_token_is_never_authenticated(site: Site) -> None:
    """ASVS 7.2.4: session fixation. The attacker plants his own live session, and the victim signs in."""
    attacker = Browser()
    site.visit(attacker, write(planted=True))
    victim = attacker.copy()
    site.visit(victim, login("ada"))
    assert site.member_of(victim) == "ada"
    assert site.member_of(attacker) is None


def test_v7_2_4_giving_the_credentials_again_changes_the_token(site: Site) -> None:
    """ASVS 7.2.4: at re-authentication too; the member stays remembered, by the same series."""
    browser = site.signed_in(remember=True)
    before = browser.copy()
    site.visit(browser, login("ada"))
    assert browser.value("-session") != before.value("-session")
    assert browser.value("-remember") == before.value("-remember")
    before.jar.pop("__Host-footfall-remember")
    assert site.member_of(before) is None
    browser.restart()
    site.now += HOUR
    assert site.member_of(browser) == "ada"


# -- 7.4: the end


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
    """RULES, remember-me 5: signing out ends this series only."""
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


# -- 7.5 and 7.6: fresh, listed, asked for


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
    """ASVS 7.5.3; RULES: "remembered" is never recent, however recent the sign-in that it remembers."""
    browser = site.signed_in(remember=True)
    browser.restart()
    for wait in (1.0, 2 * MINUTE):  # within the minute it joins the very session that was signed in to
        site.now += wait
        member = site.visit(browser.copy()).member
        assert member is not None
        assert member.how == "remembered"
        assert not is_fresh(member, site.now, timedelta(days=1))


def test_v7_6_2_a_plain_visit_creates_no_session(site: Site) -> None:
    """ASVS 7.6.2; RULES, remember-me 6: anonymous visitors and bots create no rows."""
    browser = Browser()
    for _ in range(3):
        sign_in = site.visit(browser)
        sign_in.session.get("basket")
    assert browser.jar == {}
    assert site.rows("SELECT count(*) FROM sessions") == [(0,)]


# -- 3.3: the cookies


def test_v3_3_1_over_https_the_cookies_are_secure_and_bound_to_the_host(site: Site) -> None:
    """ASVS 3.3.1–3.3.4: Secure, HttpOnly, SameSite, ``__Host-``; when they are set, and when they are removed."""
    browser = Browser()
    site.visit(browser, login("ada", remember=True))
    lines = site.last_lines
    site.visit(browser, logout())
    assert [line.partition("=")[0] for line in lines] == ["__Host-footfall-session", "__Host-footfall-remember"]
    assert len(site.last_lines) == 2
    for line in lines + site.last_lines:
        assert {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} <= set(line.split("; "))
        assert "Domain" not in line


def test_v3_3_1_the_session_cookie_goes_with_the_browser_and_the_remember_cookie_with_its_series(site: Site) -> None:
    browser = Browser()
    site.visit(browser, login("ada", remember=True))
    session, remember = site.last_lines
    assert "Max-Age" not in session
    assert "Max-Age=2592000" in remember
    browser.restart()
    site.now += 10 * DAY
    site.visit(browser)
    assert f"Max-Age={20 * 86400}" in site.last_lines[0]


def test_v3_3_1_over_https_a_plain_name_counts_for_nothing_and_the_other_way_round(site: Site) -> None:
    """ASVS 3.3.1, 3.3.3: whoever can set a plain cookie on the network must not choose the session."""
    plain, bound = Browser(), Browser()
    site.visit(plain, login("ada", remember=True), secure=False)
    site.visit(bound, login("ada", remember=True), secure=True)
    assert sorted(plain.jar) == ["footfall-remember", "footfall-session"]
    assert site.member_of(plain, secure=False) == "ada"
    assert site.member_of(plain, secure=True) is None
    assert site.member_of(bound, secure=False) is None
    renamed = Browser()
    renamed.jar = {f"__Host-{name}": value for name, value in plain.jar.items()}
    assert site.member_of(renamed) == "ada"  # the same store: what protects is that only the site itself can set it


def test_v9_2_2_a_token_of_one_kind_is_none_of_the_other(site: Site) -> None:
    """ASVS 9.2.2."""
    browser = site.signed_in(remember=True)
    session, remember = str(browser.value("-session")), str(browser.value("-remember"))
    secret = remember.partition(".")[2]
    for name in ("__Host-footfall-session", "__Host-footfall-remember"):
        for value in (session, remember, secret, f"{session[:22]}.{session}"):
            swapped = Browser()
            swapped.jar[name] = value
            if browser.jar[name] != value:
                assert site.member_of(swapped) is None


# -- 8.3.2: roles


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


# -- 16: the log, and outages


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
    site.path.rename(site.path.with_suffix(".away"))
    site.path.mkdir()
    assert site.visit(browser).unavailable
    sign_in = site.visit(browser, write(lost=True))
    assert (sign_in.member, sign_in.unavailable, sign_in.degraded) == (None, True, ("store_down",))
    assert site.last_lines == []
    with pytest.raises(StoreUnavailable):
        site.visit(browser, logout())
    with pytest.raises(StoreUnavailable):
        site.visit(browser, login("ada"))
    site.path.rmdir()
    site.path.with_suffix(".away").rename(site.path)
    for worker in site.workers:
        worker.store.open()
    assert site.member_of(browser) == "ada"


def test_v16_5_2_a_store_that_comes_back_during_the_request_gives_no_new_session_for_the_one_nobody_could_read(
    site: Site,
) -> None:
    browser = site.signed_in()
    site.settle()
    site.path.rename(site.path.with_suffix(".away"))
    site.path.mkdir()

    async def mend_and_write(sessions: Sessions, sign_in: SignIn, now: float) -> None:
        site.path.rmdir()
        site.path.with_suffix(".away").rename(site.path)
        site.workers[0].store.open()
        sign_in.session["lost"] = True

    site.visit(browser, mend_and_write)
    assert (site.last_lines, site.sessions.counts["unsaved"]) == ([], 1)
    assert site.member_of(browser) == "ada"


def test_an_outage_between_signing_in_and_the_response_costs_a_change_and_not_the_sign_in(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_file, "WRITE_PATIENCE_S", 0.05)
    browser, blocker = Browser(), sqlite3.connect(site.path, isolation_level=None)

    async def sign_in_and_write(sessions: Sessions, sign_in: SignIn, now: float) -> None:
        await sessions.login(sign_in, "ada", now=now)
        sign_in.session["lost"] = True
        site.settle()
        blocker.execute("BEGIN IMMEDIATE")

    assert site.visit(browser, sign_in_and_write).unavailable
    blocker.close()
    assert (site.member_of(browser), site.sessions.counts["unsaved"]) == ("ada", 1)


def test_v16_5_2_an_outage_during_a_return_costs_no_remember_cookie(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_file, "WRITE_PATIENCE_S", 0.05)
    browser = site.signed_in(remember=True)
    browser.restart()
    site.now += HOUR
    site.settle()
    blocker = sqlite3.connect(site.path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    before = dict(browser.jar)
    try:
        assert site.visit(browser).unavailable
        assert browser.jar == before
    finally:
        blocker.close()
    assert site.member_of(browser) == "ada"


def test_what_has_expired_is_deleted_by_and_by(site: Site) -> None:
    site.visit(Browser(), write(basket=1))
    site.signed_in("grace", remember=True)
    site.now += 31 * DAY
    site.signed_in("ada")
    assert site.rows("SELECT member_id FROM sessions") == [("ada",)]
    assert site.rows("SELECT count(*) FROM remember_series") == [(0,)]
    assert site.rows("SELECT count(*) FROM remember_tokens") == [(0,)]


# -- members on one browser


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


def test_a_string_is_no_collection_of_roles(site: Site) -> None:
    with pytest.raises(ValueError, match="roles=\\('editor',\\)"):
        site.visit(Browser(), login("ada", roles="editor"))  # type: ignore[arg-type]
