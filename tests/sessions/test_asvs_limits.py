"""OWASP ASVS 5.0, 7.1 and 7.3: how long sessions live, and how many a member has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.sessions.sites import HOUR, MINUTE, Site

MakeSite = Callable[..., Site]


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
    """ASVS 7.3.1; Remember-me, rule 6: requests can be declared to be no activity."""
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
