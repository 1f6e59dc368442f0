"""Remember-me, rule 4: lost responses are no theft, and a stolen token is."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from footfall.sessions.remember import GENERATIONS_KEPT
from tests.sessions.sites import DAY, HOUR, MINUTE, Browser, Site, kinds, remembered

MakeSite = Callable[..., Site]


def test_4_a_lost_response_signs_nobody_out(site: Site) -> None:
    """Remember-me, rule 4: the previous token stays valid until its successor was seen, for a day."""
    browser = remembered(site)
    for _ in range(5):
        site.visit(browser.copy())  # the response is lost
        site.now += HOUR
    assert site.member_of(browser) == "ada"
    assert kinds(site)["theft"] == 0


def test_4_a_lost_response_is_believed_in_for_a_day(site: Site) -> None:
    """Remember-me, rule 4: bounded, 24 h; and that is no theft."""
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
    """Remember-me, rule 4: theft is declared outside the window only."""
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


@pytest.mark.parametrize("seed", range(8))
def test_an_honest_browser_is_never_signed_out_and_never_an_alarm(site: Site, seed: int) -> None:
    """Parallel requests on two workers, lost responses, slow ones, restarts, restored cookies."""
    chance = random.Random(seed)
    browser = site.signed_in(remember=True)
    end = site.now + site.scaled(29) * DAY
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
