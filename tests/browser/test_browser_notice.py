"""The notice and its script in a real browser, on a page with the strictest policy there is."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import BrowserContext, Page
from reading_room_browser import NOTICE, OpenBrowser, cookie_names
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from footfall import Footfall, Settings

pytestmark = pytest.mark.browser

_POLICY = (
    "default-src 'none'; script-src 'nonce-n0nce'; style-src 'nonce-n0nce'; connect-src 'self'; img-src data:; "
    "form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
)

_WATCH = """
window.seen = [];
window.shift = 0;
document.addEventListener("footfall:consent", (event) => seen.push(event.detail));
document.addEventListener("securitypolicyviolation", (event) => seen.push(event.violatedDirective));
new PerformanceObserver((list) => list.getEntries().forEach((one) => { if (!one.hadRecentInput) shift += one.value; }))
    .observe({ type: "layout-shift", buffered: true });
"""


async def home(request: Request) -> HTMLResponse:
    text = "".join(f"<p>Paragraph {n} of a page that is longer than any screen.</p>" for n in range(60))
    head = '<!doctype html><html lang="en"><title>Home</title><link rel="icon" href="data:,">'
    body = f'<body><h1>Home</h1>{text}<a id="last" href="/privacy">Privacy choices</a></body></html>'
    return HTMLResponse(head + body, headers={"content-security-policy": _POLICY})


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    settings = Settings(secret_keys=["0123456789abcdefghijklmnopqrstuvwxyz"], store=f"sqlite:///{tmp_path}/store.db")
    app = Starlette(routes=[Route("/", home)], middleware=[Middleware(Footfall, settings=settings)])
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, ws="none", log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    yield f"http://localhost:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=20)


@pytest.fixture
def context(open_browser: OpenBrowser) -> BrowserContext:
    context = open_browser()
    context.add_init_script(_WATCH)
    return context


@pytest.fixture
def page(context: BrowserContext, url: str) -> Page:
    page = context.pages[0]
    page.goto(url)
    return page


def press(page: Page, words: str, within: str = NOTICE) -> None:
    page.locator(within).get_by_role("button", name=words, exact=True).click()


def test_arriving_moves_nothing_and_takes_no_focus(page: Page) -> None:
    assert page.evaluate("[document.activeElement.tagName, shift, seen]") == ["BODY", 0, []]


def test_choosing_over_the_page_breaks_no_policy_and_tells_the_page(page: Page, context: BrowserContext) -> None:
    """W3C Trusted Types and CSP 3 with nonces only: nothing is violated on the way."""
    press(page, "Choose")
    page.locator("dialog").get_by_text("Statistics", exact=True).click()
    press(page, "Save choice", within="dialog")
    page.locator(NOTICE).get_by_text("Your choice is saved.").wait_for()
    assert page.evaluate("seen") == [{"choice": "save", "granted": ["analytics"], "services": []}]
    assert page.locator("dialog").count() == 0
    page.reload()
    assert page.locator(NOTICE).count() == 0
    assert cookie_names(context) == {"footfall-consent", "footfall-visitor"}


def test_esc_grants_nothing_and_the_question_stays(page: Page, context: BrowserContext) -> None:
    """CNIL: closing is no consent."""
    press(page, "Choose")
    page.locator("dialog").get_by_text("Statistics", exact=True).click()
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    assert page.evaluate("document.activeElement.textContent") == "Choose"
    assert (cookie_names(context), page.evaluate("seen")) == (set(), [])
    page.reload()
    assert page.locator(NOTICE).is_visible()


def test_by_keyboard_the_answer_gives_the_focus_back(page: Page) -> None:
    page.locator("#last").focus()
    page.keyboard.press("Tab")
    page.locator(NOTICE).get_by_role("button", name="Reject all").focus()
    page.keyboard.press("Enter")
    page.locator(NOTICE).get_by_role("button", name="Close").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Close"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "last"
    assert page.locator(NOTICE).count() == 0


def test_an_answer_in_one_tab_is_an_answer_in_the_other(page: Page, context: BrowserContext, url: str) -> None:
    other = context.new_page()
    other.goto(url)
    press(other, "Accept all")
    page.locator(NOTICE).wait_for(state="detached")


@pytest.mark.parametrize("kept", [True, False], ids=["from the back/forward cache", "from the server"])
def test_going_back_shows_no_notice_that_was_answered_meanwhile(
    open_browser: OpenBrowser, url: str, kept: bool
) -> None:
    options = {"ignore_default_args": ["--disable-back-forward-cache"]} if kept else {}
    context = open_browser(**options)
    page = context.pages[0]
    page.goto(url)
    page.evaluate("() => { window.kept = true; }")
    page.locator("#last").click()
    answer_elsewhere(context, url)
    page.go_back(wait_until="commit")
    page.locator(NOTICE).wait_for(state="detached")
    assert page.evaluate("window.kept === true") is kept


def answer_elsewhere(context: BrowserContext, url: str) -> None:
    other = context.new_page()
    other.goto(f"{url}/privacy")
    press(other, "Reject all", within="main")
    other.locator("main [role=status]").wait_for()
    other.close()


def test_where_fetching_is_forbidden_the_form_is_posted(page: Page, context: BrowserContext) -> None:
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('forbidden')); }")
    with page.expect_navigation():
        press(page, "Accept all")
    assert page.locator(NOTICE).count() == 0
    assert "footfall-consent" in cookie_names(context)


def test_without_scripts_choose_leads_to_the_choices(open_browser: OpenBrowser, url: str) -> None:
    page = open_browser(java_script_enabled=False).pages[0]
    page.goto(url)
    press(page, "Choose")
    page.wait_for_url(re.compile(r"/privacy\?"))
    page.locator("main").get_by_text("Statistics", exact=True).click()
    press(page, "Save choice", within="main")
    page.locator("main [role=status]").wait_for()
    assert page.locator(NOTICE).count() == 0


@pytest.mark.parametrize("width", [320, 640, 1280])
def test_the_buttons_of_both_layers_look_the_same(page: Page, width: int) -> None:
    """EDPB cookie banner taskforce 2023 §8, by computed style."""
    page.set_viewport_size({"width": width, "height": 800})
    look = """(all) => all.map((one) => {
        const style = getComputedStyle(one), box = one.getBoundingClientRect();
        return [Math.round(box.width), Math.round(box.height), style.backgroundColor, style.color, style.fontWeight,
                style.fontSize, style.borderTopColor, style.borderTopWidth].join(" ");
    })"""
    notice = page.locator(f"{NOTICE} form button").evaluate_all(look)
    press(page, "Choose")
    page.locator("dialog form").wait_for()
    preferences = page.locator("dialog form button").evaluate_all(look)
    assert (len(notice), len(set(notice))) == (3, 1)
    assert (len(preferences), len(set(preferences))) == (3, 1)


@pytest.mark.parametrize(("width", "height"), [(320, 640), (1280, 720)])
def test_the_end_of_the_page_can_be_read_beside_the_notice(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.keyboard.press("End")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    end, begin = page.evaluate(
        "['#last', '.footfall-card'].map((one) => document.querySelector(one).getBoundingClientRect())"
        ".map((box, n) => n ? box.top : box.bottom)"
    )
    assert end <= begin


def test_zoomed_to_four_hundred_percent_it_covers_nothing(page: Page) -> None:
    """WCAG 1.4.10: a window of 1280 × 1024 pixels at 400 %."""
    page.set_viewport_size({"width": 320, "height": 256})
    assert page.locator(".footfall-card").evaluate("(card) => getComputedStyle(card).position") == "static"
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_blocker_that_hides_it_leaves_a_page_that_scrolls(page: Page) -> None:
    page.locator(NOTICE).evaluate("(notice) => notice.style.setProperty('display', 'none', 'important')")
    page.mouse.wheel(0, 600)
    page.wait_for_timeout(500)
    assert page.evaluate("scrollY") > 0
