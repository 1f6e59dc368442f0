"""What a visitor does in the browser, by the words that they see."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page

OpenBrowser = Callable[..., BrowserContext]

NOTICE = ".footfall-notice"


def cookie_names(context: BrowserContext) -> set[str]:
    return {cookie["name"] for cookie in context.cookies()}


def is_asked(page: Page) -> bool:
    return page.locator(NOTICE).get_by_role("button", name="Reject all", exact=True).is_visible()


def answer(page: Page, words: str) -> None:
    """Press a button of the notice, and wait until the answer is kept: with scripts or without."""
    page.locator(NOTICE).get_by_role("button", name=words, exact=True).click()
    page.locator(f"{NOTICE} form").wait_for(state="detached")


def choose_on_the_privacy_page(page: Page, words: str) -> None:
    """Follow the link at the foot of the page, press a button there, and wait for the confirmation."""
    page.get_by_role("link", name="Privacy choices").first.click()
    page.locator("main").get_by_role("button", name=words, exact=True).click()
    page.locator("main [role=status]").wait_for()


def sign_in(page: Page, name: str = "ada", password: str = "Analytical Engine 1843", *, remember: bool = False) -> None:
    """Fill in the form that is open."""
    page.get_by_label("Reader’s name").fill(name)
    page.get_by_label("Password").fill(password)
    if remember:
        page.get_by_label("Remember me").check()
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name="Sign in").click()


def sign_out(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("navigation", name="Account").get_by_role("button", name="Sign out").click()


def download(page: Page, title: str) -> bytes:
    """Download a document from the page that lists it."""
    with page.expect_download() as started:
        page.locator("main").get_by_role("link", name=title).click()
    return started.value.path().read_bytes()


def search(page: Page, words: str) -> None:
    """Search with the box on the page."""
    page.get_by_role("searchbox").fill(words)
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name="Search").click()
