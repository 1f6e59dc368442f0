"""Opting out in a real browser: without JavaScript, in one click, with raw headers and a clean jar."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page
from reading_room_browser import OpenBrowser
from served_app import served
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from footfall import AccountNotice, Cookie, Footfall, Settings

pytestmark = pytest.mark.browser

NOTICE = AccountNotice(
    purposes=["analytics"],
    text="What we would like to use, for what, and how to say no.\n\n" + "A line of the notice. " * 20,
    information=[],
    recipients=[],
    steps=[],
    lint=False,
)
PATHS = ("/privacy/do-not-sell", "/privacy/account-notice")


async def home(request: Request) -> Response:
    link = request.state.visit.do_not_sell_link()
    page = '<!doctype html><html lang="en"><title>Home</title><link rel="icon" href="data:,"><body><h1>Home</h1>'
    response = HTMLResponse(f"{page}<footer>{link}</footer></body></html>")
    response.set_cookie("ads", "1", secure=True)
    return response


async def sign_in(request: Request) -> Response:
    await request.state.visit.login("ada")
    return RedirectResponse("/", 303)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = Settings(
        secret_keys=["0123456789abcdefghijklmnopqrstuvwxyz"],
        store=f"sqlite:///{tmp_path_factory.mktemp('opt-out')}/store.db",
        regime="opt-out",
        cookies=[Cookie("ads", purpose="marketing")],
        account_notice=NOTICE,
    )
    routes = [Route("/", home), Route("/in", sign_in)]
    app = Starlette(routes=routes, middleware=[Middleware(Footfall, settings=settings)])
    with served(app) as address:
        yield address


def names(context: BrowserContext) -> set[str]:
    return {cookie.get("name", "") for cookie in context.cookies()}


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def test_two_clicks_opt_out_without_javascript_and_leave_a_clean_jar(url: str, open_window: OpenBrowser) -> None:
    """11 CCR 7004(a)(2), 7026(a)(4): the link and one button; and as many to opt in again."""
    context = open_window(java_script_enabled=False)
    page = context.pages[0]
    page.goto(url)
    assert {"ads", "footfall-visitor"} <= names(context)
    page.locator("footer").get_by_role("link", name="Do not sell or share my personal information").click()
    press(page, "Do not sell or share")
    assert page.get_by_text("Your personal information is not sold or shared.").is_visible()
    assert "ads" not in names(context)
    page.goto(url)
    assert "ads" not in names(context)
    page.locator("footer").get_by_role("link", name="Do not sell or share my personal information").click()
    press(page, "Allow selling and sharing")
    page.goto(url)
    assert "ads" in names(context)


@pytest.mark.parametrize("script", [True, False])
def test_one_click_in_the_notice_says_no_and_removes_what_was_set(
    url: str, open_window: OpenBrowser, script: bool
) -> None:
    context = open_window(java_script_enabled=script)
    page = context.pages[0]
    page.goto(url)
    assert page.get_by_text("unless you say no").is_visible()
    with page.expect_response(lambda response: response.request.method == "POST"):
        press(page, "Reject all")
    page.goto(url)
    assert names(context) == {"footfall-consent"}
    assert page.get_by_text("unless you say no").count() == 0


def test_a_signal_is_honoured_on_the_first_byte_and_seen_to_be(url: str, open_window: OpenBrowser) -> None:
    """11 CCR 7025(c)(1), (c)(6), by the raw headers of the first answer."""
    context = open_window(extra_http_headers={"sec-gpc": "1"})
    page = context.pages[0]
    first = page.goto(url)
    assert first is not None
    set_cookies = [one["value"] for one in first.headers_array() if one["name"].lower() == "set-cookie"]
    assert [line.partition("=")[0] for line in set_cookies] == ["footfall-visitor"]
    assert page.get_by_text("It is honoured.").is_visible()


def test_a_signal_on_one_device_is_honoured_on_the_members_other_one(url: str, open_window: OpenBrowser) -> None:
    """11 CCR 7025(c)(1): the known consumer."""
    other = open_window()
    other.pages[0].goto(f"{url}/in")
    assert "ads" in names(other)
    open_window(extra_http_headers={"sec-gpc": "1"}).pages[0].goto(f"{url}/in")
    time.sleep(1.1)  # what one worker changes every other knows within a second; this one at once
    other.pages[0].goto(url)
    assert "ads" not in names(other)
    other.pages[0].goto(f"{url}/privacy")
    assert other.pages[0].get_by_text("Chosen where: By your browser’s signal").is_visible()


@pytest.mark.parametrize("path", PATHS)
def test_both_buttons_are_alike_and_fit_the_smallest_telephone(url: str, open_window: OpenBrowser, path: str) -> None:
    """11 CCR 7004(a)(2): symmetry in choice, by computed style. WCAG 1.4.10, 2.5.8."""
    page = open_window(viewport={"width": 320, "height": 640}).pages[0]
    page.goto(f"{url}/in")
    page.goto(url + path)
    styles = page.eval_on_selector_all(
        "main button",
        """buttons => buttons.map(one => {
            const style = getComputedStyle(one);
            const looks = [style.color, style.backgroundColor, style.fontWeight, style.fontSize, style.borderColor];
            return [...looks, one.getBoundingClientRect().height];
        })""",
    )
    assert len(styles) == 2
    assert styles[0] == styles[1]
    assert styles[0][-1] >= 24
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over == 0
