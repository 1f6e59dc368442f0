"""Remember-me, rules 1 to 3: the token, its rotation, and parallel requests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tests.sessions.sites import DAY, MINUTE, Site, remembered, write

MakeSite = Callable[..., Site]


def test_1_the_token_is_a_series_of_16_and_a_secret_of_32_random_bytes(site: Site) -> None:
    """Remember-me, rule 1."""
    series, _, secret = str(site.signed_in(remember=True).value("-remember")).partition(".")
    assert (len(series), len(secret)) == (22, 43)
    assert site.rows("SELECT series FROM remember_series") == [(series,)]
    assert secret not in str(site.rows("SELECT * FROM remember_tokens"))


def test_1_a_series_ends_after_30_days_however_much_it_is_used(site: Site) -> None:
    """Remember-me, rule 1: absolute."""
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


def test_2_a_live_session_leaves_the_token_alone(site: Site) -> None:
    """Remember-me, rule 2: rotated only when it is really used."""
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
    """Remember-me, rule 2: not again within 60 s."""
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


def test_3_the_loser_of_a_race_is_signed_in_to_the_winners_session_and_gets_no_cookie(site: Site) -> None:
    """Remember-me, rule 3."""
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
    site.run(site.workers[1].store._write(lambda sql: sql.execute("DELETE FROM sessions").rowcount))
    assert site.member_of(browser) == "ada"
    assert browser.value("-remember") == token
    assert browser.value("-session") is not None
