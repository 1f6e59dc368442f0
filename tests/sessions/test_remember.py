"""Remember-me: the six rules, each by its number, and the ways in which others log people out."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.sessions.sites import DAY, HOUR, MINUTE, Browser, Site, login, logout, write

from footfall.sessions.remember import GENERATIONS_KEPT, judge
from footfall.store.records import SeriesRecord, TokenRecord

MakeSite = Callable[..., Site]


def remembered(site: Site) -> Browser:
    """A browser that was closed after signing in with "remember me", an hour ago."""
    browser = site.signed_in(remember=True)
    browser.restart()
    site.now += HOUR
    return browser


def kinds(site: Site) -> Counter[str]:
    return Counter(event.kind for worker in site.workers for event in worker.events)


# -- 1: the token


def test_1_the_token_is_a_series_of_16_and_a_secret_of_32_random_bytes(site: Site) -> None:
    """RULES, remember-me 1."""
    series, _, secret = str(site.signed_in(remember=True).value("-remember")).partition(".")
    assert (len(series), len(secret)) == (22, 43)
    assert site.rows("SELECT series FROM remember_series") == [(series,)]
    assert secret not in str(site.rows("SELECT * FROM remember_tokens"))


def test_1_a_series_ends_after_30_days_however_much_it_is_used(site: Site) -> None:
    """RULES, remember-me 1: absolute."""
    browser = site.signed_in(remember=True)
    for _ in range(29):
        browser.restart()
        site.now += DAY
        assert site.member_of(browser) == "ada"
    browser.restart()
    site.now += DAY
    assert site.member_of(browser) is None
    assert browser.jar == {}


def test_1_its_length_is_a_setting(make_site: MakeSite) -> None:
    site = make_site(remember_lifetime=timedelta(days=2))
    browser = site.signed_in(remember=True)
    browser.restart()
    site.now += 2 * DAY
    assert site.member_of(browser) is None


# -- 2: rotation


def test_2_a_live_session_leaves_the_token_alone(site: Site) -> None:
    """RULES, remember-me 2: rotated only when it is really used."""
    browser = site.signed_in(remember=True)
    before = dict(browser.jar)
    for _ in range(5):
        site.now += MINUTE
        site.visit(browser)
    assert browser.jar == before


def test_2_a_return_gives_a_new_token_and_a_new_session(site: Site) -> None:
    browser = remembered(site)
    before = browser.value("-remember")
    sign_in = site.visit(browser, write(basket=1))
    assert sign_in.member is not None
    assert (sign_in.member.id, sign_in.member.how) == ("ada", "remembered")
    assert browser.value("-remember") not in (None, before)
    assert site.visit(browser).session == {"basket": 1}


def test_2_no_token_is_rotated_again_within_a_minute(site: Site) -> None:
    """RULES, remember-me 2: not again within 60 s."""
    browser = remembered(site)
    site.visit(browser)
    after = browser.value("-remember")
    for _ in range(3):
        browser.restart()
        site.now += 19
        assert site.member_of(browser) == "ada"
        assert browser.value("-remember") == after
    browser.restart()
    site.now += 60
    assert site.member_of(browser) == "ada"
    assert browser.value("-remember") != after


def test_2_a_request_that_is_no_activity_uses_no_token(site: Site) -> None:
    browser = remembered(site)
    before = dict(browser.jar)
    assert site.member_of(browser, active=False) is None
    assert browser.jar == before


def test_2_an_anonymous_session_keeps_its_data_when_its_owner_is_recognised(site: Site) -> None:
    browser = remembered(site)
    remember = browser.jar.pop("__Host-footfall-remember")
    site.visit(browser, write(basket=2))
    browser.jar["__Host-footfall-remember"] = remember
    sign_in = site.visit(browser)
    assert sign_in.member is not None
    assert sign_in.session == {"basket": 2}
    assert site.visit(browser).session == {"basket": 2}
    assert site.rows("SELECT count(*) FROM sessions WHERE member_id = ''") == [(0,)]


# -- 3: parallel requests


def test_3_the_loser_of_a_race_is_signed_in_to_the_winners_session_and_gets_no_cookie(site: Site) -> None:
    """RULES, remember-me 3."""
    browser = remembered(site)
    late = browser.copy()
    site.visit(browser, write(basket=3))
    before = dict(late.jar)
    sign_in = site.visit(late, worker=1)
    assert sign_in.member is not None
    assert sign_in.session == {"basket": 3}
    assert late.jar == before
    assert site.rows("SELECT count(*) FROM sessions WHERE how = 'remembered'") == [(1,)]


def test_3_what_the_loser_writes_is_in_the_winners_session(site: Site) -> None:
    browser = remembered(site)
    late = browser.copy()
    site.visit(browser)
    site.visit(late, write(basket=4), worker=1)
    assert late.value("-session") is None
    assert site.visit(browser).session == {"basket": 4}


def test_3_when_the_winners_session_is_gone_the_next_one_begins_another_and_keeps_the_token(site: Site) -> None:
    browser = remembered(site)
    site.visit(browser)
    token = browser.value("-remember")
    site.run(site.workers[1].store._writer.run(lambda sql: sql.execute("DELETE FROM sessions").rowcount))  # type: ignore[attr-defined]
    assert site.member_of(browser) == "ada"
    assert browser.value("-remember") == token
    assert browser.value("-session") is not None


# -- 4: lost responses, and theft


def test_4_a_lost_response_signs_nobody_out(site: Site) -> None:
    """RULES, remember-me 4: the previous token stays valid until its successor was seen, for a day."""
    browser = remembered(site)
    for _ in range(5):
        site.visit(browser.copy())  # the response is lost
        site.now += HOUR
    assert site.member_of(browser) == "ada"
    assert kinds(site)["theft"] == 0


def test_4_a_lost_response_is_believed_in_for_a_day(site: Site) -> None:
    """RULES, remember-me 4: bounded, 24 h; and that is no theft."""
    browser = remembered(site)
    other = browser.copy()
    site.visit(other)
    site.now += DAY
    assert site.member_of(browser) is None
    assert browser.value("-remember") is None
    assert kinds(site)["theft"] == 0
    assert site.member_of(other) is None  # if the response was not lost, this one is not the owner


def test_4_the_successor_that_was_lost_and_arrives_late_is_good_until_another_was_used(site: Site) -> None:
    """A slow page: its response brings the first successor when the second has already come."""
    browser = remembered(site)
    slow = browser.copy()
    site.visit(slow)
    site.now += 90
    site.visit(browser)  # the response of ``slow`` has not arrived, so the token is exchanged once more
    site.now += 10
    browser.jar = slow.jar  # now it has
    assert site.member_of(browser) == "ada"
    site.now += HOUR
    browser.restart()
    assert site.member_of(browser) == "ada"
    assert kinds(site)["theft"] == 0


def test_4_the_previous_token_within_the_window_is_no_theft_even_when_its_successor_was_seen(site: Site) -> None:
    """RULES, remember-me 4: theft is declared outside the window only."""
    browser = remembered(site)
    late = browser.copy()
    site.visit(browser)
    browser.restart()
    site.visit(browser)  # the successor is seen
    site.now += 59
    assert site.member_of(late) == "ada"
    assert kinds(site)["theft"] == 0


def test_4_a_stolen_token_that_comes_after_its_successor_was_used_is_theft(site: Site) -> None:
    browser = remembered(site)
    thief = browser.copy()
    site.visit(browser)
    site.now += HOUR
    browser.restart()
    site.visit(browser)
    site.now += HOUR
    assert site.member_of(thief, worker=1) is None
    assert kinds(site)["theft"] == 1


def test_4_a_thief_who_comes_first_is_found_when_the_owner_comes_back(site: Site) -> None:
    owner = remembered(site)
    thief = owner.copy()
    site.visit(thief)
    site.now += HOUR
    thief.restart()
    site.visit(thief)
    site.now += HOUR
    assert site.member_of(owner) is None
    assert site.member_of(thief) is None
    assert kinds(site)["theft"] == 1


def test_4_two_holders_of_siblings_are_found(site: Site) -> None:
    """The owner's response seems lost, but a thief had the token: both hold a successor, and one is seen first."""
    owner = remembered(site)
    thief = owner.copy()
    site.visit(thief)
    site.now += 2 * MINUTE
    site.visit(owner)
    for browser in (thief, owner):
        site.now += HOUR
        browser.restart()
        site.visit(browser)
    assert kinds(site)["theft"] == 1
    assert [site.member_of(thief), site.member_of(owner)] == [None, None]


@pytest.mark.parametrize("uses", [2, 3, 10, GENERATIONS_KEPT])
def test_4_a_stolen_token_is_caught_however_many_uses_ago_it_was(make_site: MakeSite, uses: int) -> None:
    site = make_site(remember_lifetime=timedelta(days=365))
    browser = remembered(site)
    thief = browser.copy()
    for _ in range(uses):
        site.visit(browser)
        browser.restart()
        site.now += HOUR
    assert site.member_of(thief) is None
    assert kinds(site)["theft"] == 1


def test_4_an_older_token_than_are_kept_is_refused_and_ends_nothing(make_site: MakeSite) -> None:
    site = make_site(remember_lifetime=timedelta(days=365))
    browser = remembered(site)
    thief = browser.copy()
    for _ in range(GENERATIONS_KEPT + 2):
        site.visit(browser)
        browser.restart()
        site.now += HOUR
    assert site.member_of(thief) is None
    assert site.member_of(browser) == "ada"
    (rows,) = site.rows("SELECT count(*) FROM remember_tokens")[0]
    assert rows <= GENERATIONS_KEPT + 2


def test_4_an_invented_secret_is_refused_and_ends_nothing(site: Site) -> None:
    """Who knows a series but no token of it must not be able to end it."""
    browser = remembered(site)
    series, _, _ = str(browser.value("-remember")).partition(".")
    forger = Browser()
    forger.jar["__Host-footfall-remember"] = f"{series}.{'A' * 43}"
    assert site.member_of(forger) is None
    assert forger.jar == {}
    assert site.member_of(browser) == "ada"
    assert kinds(site)["theft"] == 0


# -- 5: what theft ends


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
    """RULES, remember-me 5."""
    other = site.signed_in(remember=True)
    site.now += MINUTE
    stolen = theft(site)
    assert stolen.value("-session") is not None
    assert site.member_of(stolen) is None
    other.restart()
    assert site.member_of(other) == "ada"


def test_5_theft_ends_all_devices_where_the_site_says_so(make_site: MakeSite) -> None:
    """RULES, remember-me 5: only by setting."""
    site = make_site(options={"end_all_on_theft": True})
    other, grace = site.signed_in(remember=True), site.signed_in("grace", remember=True)
    theft(site)
    other.restart()
    grace.restart()
    assert [site.member_of(other), site.member_of(grace)] == [None, "grace"]


def test_5_the_member_is_told_at_the_next_sign_in_and_until_it_was_seen(site: Site) -> None:
    """RULES, remember-me 5: tells the member. The answer to a sign-in is a redirect, so once is not enough."""
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


# -- an honest browser, whatever happens to it, is never taken for a thief's


@pytest.mark.parametrize("seed", range(8))
def test_an_honest_browser_is_never_signed_out_and_never_an_alarm(site: Site, seed: int) -> None:
    """Parallel requests on two workers, lost responses, slow ones, restarts, restored cookies."""
    chance = random.Random(seed)
    browser = site.signed_in(remember=True)
    end = site.now + 29 * DAY
    while site.now < end:
        site.now += chance.choice([0.0, 1.0, 30.0, 61.0, 5 * MINUTE, 2 * HOUR, 11 * HOUR])
        if chance.random() < 0.5:
            browser.restart()
        saved = browser.copy()
        copies = [browser.copy() for _ in range(chance.randint(1, 6))]
        for copy in copies:
            assert site.member_of(copy, worker=chance.randint(0, 1)) == "ada"
            site.now += chance.choice([0.0, 0.0, 0.0, 20.0])
        for copy in chance.sample(copies, len(copies)):
            if chance.random() < 0.7 and copy.jar != saved.jar:
                browser.jar, browser._passing = copy.jar, copy._passing
    assert kinds(site)["theft"] == 0


@pytest.mark.parametrize("seed", range(20))
def test_owner_and_thief_never_come_back_more_than_twice_each(site: Site, seed: int) -> None:
    """Whoever comes first, and whenever: then the series ends for both."""
    chance = random.Random(seed)
    owner = remembered(site)
    browsers = {"owner": owner, "thief": owner.copy()}
    visits = Counter(owner=0, thief=0)
    while site.rows("SELECT 1 FROM remember_series"):
        assert min(visits.values()) < 2
        name = chance.choice(["owner", "thief"])
        visits[name] += 1
        browsers[name].restart()
        site.visit(browsers[name], worker=chance.randint(0, 1))
        site.now += chance.choice([2 * MINUTE, HOUR, 11 * HOUR])
    assert [site.member_of(browser) for browser in browsers.values()] == [None, None]


# -- the verdict, pure


def series(now: float, exchanged_at: float) -> SeriesRecord:
    return SeriesRecord(
        series="s",
        member_id="ada",
        authenticated_at=0.0,
        created_at=0.0,
        expires_at=now + DAY,
        exchanged_at=exchanged_at,
        session_hash="h",
    )


def token(name: str, generation: int, issued_at: float, seen_at: float | None = None) -> TokenRecord:
    return TokenRecord(token_hash=name, generation=generation, issued_at=issued_at, seen_at=seen_at)


@pytest.mark.parametrize(
    ("presented", "exchanged", "tokens", "verdict"),
    [
        ("a", 0.0, [token("a", 0, 0.0)], "rotate"),
        ("a", 941.0, [token("a", 0, 0.0)], "join"),
        ("b", 0.0, [token("a", 0, 0.0)], "unknown"),
        ("a", 900.0, [token("a", 0, 0.0, 900.0), token("b", 1, 900.0)], "rotate"),
        ("a", 941.0, [token("a", 0, 0.0, 941.0), token("b", 1, 941.0)], "join"),
        ("a", 900.0, [token("a", 0, 0.0, 900.0), token("b", 1, 900.0, 930.0)], "theft"),
        ("a", 950.0, [token("a", 0, 0.0, 950.0), token("b", 1, 950.0, 970.0)], "join"),
        ("a", 990.0, [token("a", 0, 0.0, 5.0), token("b", 1, 5.0, 990.0), token("c", 2, 990.0)], "theft"),
        ("b", 800.0, [token("a", 0, 0.0, 5.0), token("b", 1, 5.0), token("c", 1, 70.0, 90.0)], "theft"),
    ],
)
def test_the_verdict(presented: str, exchanged: float, tokens: list[TokenRecord], verdict: str) -> None:
    assert judge(series(1000.0, exchanged), tokens, presented, 1000.0) == verdict
