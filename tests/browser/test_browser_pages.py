"""Every page in a real browser: narrow and wide, light and dark, by keyboard, and without another host."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page
from reading_room_browser import NOTICE, OpenBrowser, answer, choose_on_the_privacy_page, cookie_names, sign_in
from running_site import RunningSite

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/articles?q=lamp",
    "/articles/in-the-margin",
    "/documents",
    "/databases",
    "/sign-up",
    "/order",
    "/without-cookies",
    "/privacy",
    "/privacy/cookies",
    "/nothing",
    "/sign-in",
    "/members",
    "/databases/periodicals-index?q=1931",
    "/account",
    "/account/password",
)


@pytest.fixture
def page(open_browser: OpenBrowser) -> Iterator[Page]:
    return open_browser().pages[0]


def test_no_page_is_wider_than_the_smallest_telephone(shared_site: RunningSite, page: Page) -> None:
    """WCAG 1.4.10: 320 CSS pixels, without scrolling sideways."""
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{shared_site.url}/sign-in")
    sign_in(page)
    for path in PAGES:
        page.goto(shared_site.url + path)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over == 0, path


def test_no_page_asks_another_host_nor_breaks_its_own_policy(shared_site: RunningSite, page: Page) -> None:
    """Nothing is shared; and the strict content security policy blocks nothing that a page needs."""
    hosts: set[str | None] = set()
    complaints: list[str] = []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{shared_site.url}/sign-in")
    sign_in(page)
    for path in PAGES:
        page.goto(shared_site.url + path)
    assert hosts == {"localhost"}
    assert [one for one in complaints if "404" not in one] == []


def test_the_first_tab_leads_past_the_masthead(shared_site: RunningSite, page: Page) -> None:
    """WCAG 2.4.1."""
    page.goto(f"{shared_site.url}/articles")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"


def test_everything_that_acts_can_be_hit_with_a_thumb(shared_site: RunningSite, page: Page) -> None:
    """WCAG 2.5.8: targets of 24 by 24 CSS pixels, but for links within a sentence; a switch has its label's size."""
    small = """[...document.querySelectorAll('button, input:not([type=hidden]), nav a, .foot li a, .button')]
        .filter(one => one.checkVisibility() && !one.matches('.unseen, .footfall-switch'))
        .map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
        .filter(([, box]) => box.width < 24 || box.height < 24 - 0.1)"""
    page.goto(f"{shared_site.url}/sign-in")
    sign_in(page)
    for path in PAGES:
        page.goto(shared_site.url + path)
        assert page.evaluate(small) == [], path


def test_refusing_is_as_easy_as_accepting(shared_site: RunningSite, page: Page) -> None:
    """EDPB cookie banner taskforce 2023 §8: the same layer, element, size and colour."""
    page.goto(shared_site.url)
    look = """one => { const box = one.getBoundingClientRect(), style = getComputedStyle(one);
        return [one.tagName, Math.round(box.width), Math.round(box.height), style.color, style.backgroundColor,
                style.fontSize, style.fontWeight, style.borderColor] }"""
    notice = page.locator(NOTICE)
    looks = [
        notice.get_by_role("button", name=name, exact=True).evaluate(look) for name in ("Accept all", "Reject all")
    ]
    assert looks[0] == looks[1]


def test_a_chosen_theme_is_kept_with_agreement_and_held_back_without(
    shared_site: RunningSite, open_browser: OpenBrowser
) -> None:
    browser = open_browser(color_scheme="light")
    page = browser.pages[0]
    page.goto(shared_site.url)
    answer(page, "Reject all")
    light = ground(page)
    choose_theme(page, "Lamplight")
    assert "Your choice was not kept" in page.locator("main").inner_text()
    assert (ground(page), "theme" in cookie_names(browser)) == (light, False)

    choose_on_the_privacy_page(page, "Accept all")
    page.goto(shared_site.url)
    choose_theme(page, "Lamplight")
    assert (ground(page) != light, "theme" in cookie_names(browser)) == (True, True)

    choose_on_the_privacy_page(page, "Reject all")
    assert "theme" not in cookie_names(browser)
    page.goto(shared_site.url)
    assert ground(page) == light


def choose_theme(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.get_by_role("contentinfo").get_by_role("button", name=words).click()


def ground(page: Page) -> str:
    colour: str = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    return colour


def test_withdrawing_takes_every_cookie_of_the_purpose_with_it(
    shared_site: RunningSite, open_browser: OpenBrowser
) -> None:
    browser: BrowserContext = open_browser()
    page = browser.pages[0]
    page.goto(shared_site.url)
    answer(page, "Accept all")
    page.goto(f"{shared_site.url}/articles/in-the-margin")
    assert cookie_names(browser) == {"footfall-consent", "footfall-visitor", "recently-viewed"}
    choose_on_the_privacy_page(page, "Reject all")
    assert cookie_names(browser) == {"footfall-consent"}
