"""The guide for visitors (docs/visitors.md): what it says is what happens."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page
from reading_room_browser import NOTICE, OpenBrowser, answer, choose_on_the_privacy_page, cookie_names, is_asked
from running_site import ROOT, RunningSite

from footfall.settings import Settings

pytestmark = pytest.mark.browser

GUIDE = re.sub(r"\s+", " ", (ROOT / "docs" / "visitors.md").read_text(encoding="utf-8"))


def visitor_number(page: Page, site: RunningSite) -> str:
    """As ``/privacy`` tells it to the visitor."""
    page.goto(f"{site.url}/privacy")
    return page.locator("dl div").filter(has_text="Visitor number").locator("dd").inner_text()


def test_the_words_of_the_guide_are_the_words_on_the_page(shared_site: RunningSite, open_browser: OpenBrowser) -> None:
    page = open_browser().pages[0]
    page.goto(shared_site.url)
    assert f"*{page.locator(NOTICE).get_by_role('heading').inner_text()}*" in GUIDE
    for button in page.locator(NOTICE).get_by_role("button").all_inner_texts():
        assert f"**{button}**" in GUIDE
    page.goto(f"{shared_site.url}/privacy")
    for purpose in page.locator("main h3").all_inner_texts():
        assert f"| {purpose} |" in GUIDE
    assert "*Save choice*" in GUIDE
    assert page.get_by_role("button", name="Save choice").is_visible()


def test_the_times_of_the_guide_are_those_of_the_settings() -> None:
    settings = Settings(secret_keys=["abcdefghijklmnopqrstuvwxyz0123456789"])
    for words in (
        f"is kept for {settings.consent_lifetime.days} days in one cookie",
        f"| {settings.visitor_lifetime.days} days from the day you got it",
        f"after {settings.session_idle.seconds // 60} minutes without a page",
        f"after {settings.session_absolute.total_seconds() / 3600:.0f} hours",
        f"for up to {settings.remember_lifetime.days} days",
    ):
        assert words in GUIDE


def test_every_switch_is_off_until_it_is_turned_on(shared_site: RunningSite, open_browser: OpenBrowser) -> None:
    """CJEU C-673/17: nothing is ticked beforehand."""
    page = open_browser().pages[0]
    page.goto(f"{shared_site.url}/privacy")
    switches = page.locator("main").get_by_role("checkbox")
    assert switches.count() == 3
    assert [switch.is_checked() for switch in switches.all()] == [False, False, False]


def test_using_the_site_without_an_answer_is_no_yes(shared_site: RunningSite, open_browser: OpenBrowser) -> None:
    browser = open_browser()
    page = browser.pages[0]
    page.goto(shared_site.url)
    page.keyboard.press("Escape")
    page.mouse.wheel(0, 2000)
    page.get_by_role("link", name="In the margin").click()
    page.wait_for_load_state()
    assert is_asked(page)
    assert cookie_names(browser) == set()


def test_agreeing_again_starts_with_a_new_visitor_number(shared_site: RunningSite, open_browser: OpenBrowser) -> None:
    page = open_browser().pages[0]
    page.goto(shared_site.url)
    answer(page, "Accept all")
    before = visitor_number(page, shared_site)
    choose_on_the_privacy_page(page, "Reject all")
    assert "Visitor number" not in page.locator("main").inner_text()
    choose_on_the_privacy_page(page, "Accept all")
    after = visitor_number(page, shared_site)
    assert len(before) == len(after) == 36
    assert before != after


def test_a_browser_with_the_privacy_signal_keeps_marketing_off(
    shared_site: RunningSite, open_browser: OpenBrowser
) -> None:
    """W3C Global Privacy Control, and 11 CCR 7025(c)(6): the page shows that it is honoured."""
    page = open_browser(extra_http_headers={"Sec-GPC": "1"}).pages[0]
    page.goto(shared_site.url)
    assert "Global Privacy Control" in page.locator(NOTICE).inner_text()
    answer(page, "Accept all")
    page.goto(f"{shared_site.url}/privacy")
    assert "Global Privacy Control" in page.locator("main").inner_text()
    marketing = page.get_by_role("checkbox", name="Marketing")
    assert (marketing.is_disabled(), marketing.is_checked()) == (True, False)


def test_a_browser_that_refuses_all_cookies_reads_everything_and_is_asked_everywhere(
    shared_site: RunningSite, open_browser: OpenBrowser
) -> None:
    browser = open_browser()
    page = browser.pages[0]
    page.goto(shared_site.url)
    for path in ("/articles/in-the-margin", "/documents", "/order"):
        page.locator(NOTICE).get_by_role("button", name="Reject all", exact=True).click()
        page.locator(f"{NOTICE} form").wait_for(state="detached")
        browser.clear_cookies()  # as a browser does that keeps none
        page.goto(shared_site.url + path)
        assert page.locator("h1").is_visible()
        assert is_asked(page)
