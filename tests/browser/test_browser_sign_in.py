"""Members in a real browser: remembered, warned of a theft, shown their devices, signed out for good."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page
from reading_room_browser import OpenBrowser, cookie_names
from served_app import served
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from footfall import Access, Footfall, Members, Settings
from footfall.sessions.return_to import safe_return

pytestmark = pytest.mark.browser

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)


@dataclass
class Site:
    """``later`` is how much later it is there than here, in seconds."""

    store: str
    url: str = ""
    later: float = 0.0
    letters: list[str] = field(default_factory=list)

    def clock(self) -> float:
        return time.time() + self.later

    def end_sessions(self) -> None:
        """As an administrator does, with connections of their own; Playwright has this thread's event loop."""
        with ThreadPoolExecutor(1) as thread:
            thread.submit(lambda: asyncio.run(self._end())).result()

    async def _end(self) -> None:
        async with Members(self.store) as members:
            await members.end_sessions("ada")

    def app(self) -> Starlette:
        access = [Access("/members/*", member=True), Access("/fresh", fresh=timedelta(minutes=10))]
        settings = Settings(
            secret_keys=["0123456789abcdefghijklmnopqrstuvwxyz"], store=self.store, access=access, notice=False
        )
        routes = [
            Route("/", self.home),
            Route("/sign-in", self.ask),
            Route("/sign-in", self.sign_in, methods=["POST"]),
            Route("/sign-out", self.sign_out, methods=["POST"]),
            Route("/members/room", self.room),
            Route("/members/letters", self.letter, methods=["POST"]),
            Route("/fresh", self.room),
        ]
        return Starlette(routes=routes, middleware=[Middleware(Footfall, settings=settings, clock=self.clock)])

    async def home(self, request: Request) -> Response:
        member = request.state.visit.member
        name = f"Hello {member.id}, {member.how}" if member else "Hello stranger"
        return page(f'<h1>{name}</h1><form method="post" action="/sign-out"><button>Sign out</button></form>')

    async def ask(self, request: Request) -> Response:
        lost = "".join(f"<li>{reason}</li>" for reason in request.state.visit.degraded)
        return page(
            '<h1>Sign in</h1><form method="post"><label><input type="checkbox" name="remember"> Remember me</label>'
            f"<button>Sign in</button></form><ul>{lost}</ul>"
        )

    async def sign_in(self, request: Request) -> Response:
        form = await request.form()
        await request.state.visit.login("ada", remember="remember" in form)
        return RedirectResponse(safe_return(request.query_params.get("next", "")) or "/", 303)

    async def sign_out(self, request: Request) -> Response:
        await request.state.visit.logout()
        return RedirectResponse("/", 303)

    async def room(self, request: Request) -> Response:
        return page(
            '<h1>The members’ room</h1><form method="post" action="/members/letters">'
            '<label>Letter <textarea name="text"></textarea></label><input name="password" type="password">'
            "<button>Send</button></form>"
        )

    async def letter(self, request: Request) -> Response:
        form = await request.form()
        self.letters.append(str(form["text"]))
        return page("<h1>Sent</h1>")


def page(body: str) -> Response:
    return HTMLResponse(f'<!doctype html><html lang="en"><title>Site</title><link rel="icon" href="data:,">{body}')


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(f"sqlite:///{tmp_path_factory.mktemp('members')}/store.db")
    with served(site.app()) as url:
        site.url = url
        yield site


@pytest.fixture
def site(running: Site) -> Iterator[Site]:
    """Each test finds nobody signed in, and the time right."""
    yield running
    running.end_sessions()
    running.later = 0.0
    running.letters.clear()


def enter(site: Site, browser: BrowserContext, path: str = "/", *, remember: bool = False) -> Page:
    """Sign in on the way to a page."""
    page = browser.pages[0]
    page.goto(f"{site.url}/sign-in?next={path}")
    if remember:
        page.get_by_label("Remember me").check()
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{path}")
    return page


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def press(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=words, exact=True).first.click()


def test_remembered_after_a_restart_but_not_recently_signed_in(site: Site, open_browser: OpenBrowser) -> None:
    """ASVS 7.5.3."""
    browser = open_browser()
    assert heading(enter(site, browser, remember=True)) == "Hello ada, login"
    browser.close()
    browser = open_browser()
    assert cookie_names(browser) == {"footfall-remember"}
    page = browser.pages[0]
    page.goto(site.url)
    assert heading(page) == "Hello ada, remembered"
    page.goto(f"{site.url}/fresh")
    assert page.url == f"{site.url}/sign-in?next=/fresh"


def test_not_remembered_without_having_asked(site: Site, open_browser: OpenBrowser) -> None:
    browser = open_browser()
    enter(site, browser)
    browser.close()
    page = open_browser().pages[0]
    page.goto(site.url)
    assert heading(page) == "Hello stranger"


def test_a_stolen_cookie_is_noticed_and_the_member_told(site: Site, open_window: OpenBrowser) -> None:
    owner, thief = open_window(), open_window(user_agent=IPHONE)
    page = enter(site, owner, remember=True)
    thief.add_cookies([one for one in owner.cookies() if one["name"] == "footfall-remember"])  # type: ignore[list-item]
    for _ in range(2):  # the owner comes back twice, so that the token's successor was used
        site.later += 3600
        page.goto(site.url)
        assert heading(page) == "Hello ada, remembered"
    site.later += 3600
    thief.pages[0].goto(site.url)
    assert heading(thief.pages[0]) == "Hello stranger"
    page.goto(site.url)
    assert heading(page) == "Hello stranger"  # the series is over for both

    enter(site, owner)
    for path in ("/privacy", "/privacy/sessions"):
        page.goto(site.url + path)
        assert "Somebody else may have used your account" in page.get_by_role("alert").inner_text()
    press(page, "I have seen this")
    assert page.get_by_role("alert").count() == 0


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_v7_5_2_a_member_sees_and_ends_a_device(site: Site, open_window: OpenBrowser, scripts: bool) -> None:
    here = open_window(java_script_enabled=scripts)
    phone = open_window(user_agent=IPHONE)
    enter(site, phone, remember=True)
    page = enter(site, here)
    page.goto(f"{site.url}/privacy")
    page.get_by_role("link", name="Your devices").click()
    devices = page.get_by_role("listitem").filter(has=page.get_by_role("heading"))
    assert [one.split("\n")[0] for one in devices.all_inner_texts()] == ["Chrome on Linux", "Safari on iOS"]
    assert "This device" in devices.nth(0).inner_text()
    assert "Stays signed in" in devices.nth(1).inner_text()
    press(page, "End this session")
    assert page.get_by_role("status").inner_text() == "The session has ended."
    assert devices.count() == 1
    phone.pages[0].goto(site.url)
    assert heading(phone.pages[0]) == "Hello stranger"


def test_v7_5_2_a_sign_in_long_ago_ends_nothing_until_it_is_repeated(site: Site, open_window: OpenBrowser) -> None:
    page = enter(site, open_window())
    site.later += 15 * 60
    page.goto(f"{site.url}/privacy/sessions")
    assert page.get_by_role("button", name="Sign out everywhere").count() == 0
    page.get_by_role("link", name="Sign in again").click()
    press(page, "Sign in")
    assert page.url == f"{site.url}/privacy/sessions"
    assert page.get_by_role("button", name="Sign out everywhere").is_visible()


def test_v7_4_3_signing_out_everywhere_reaches_the_other_browser_at_once(site: Site, open_window: OpenBrowser) -> None:
    here, phone = open_window(), open_window(user_agent=IPHONE)
    enter(site, phone, remember=True)
    page = enter(site, here, remember=True)
    page.goto(f"{site.url}/privacy/sessions")
    press(page, "Sign out everywhere")
    assert page.get_by_role("status").inner_text() == "You are signed out everywhere."
    for browser in (here, phone):
        browser.pages[0].goto(site.url)
        assert heading(browser.pages[0]) == "Hello stranger"


@pytest.mark.parametrize("path", ["/members/room", "/"], ids=["behind a rule", "open to all"])
def test_v14_3_2_after_signing_out_the_back_button_shows_nothing_of_the_member(
    site: Site, open_window: OpenBrowser, path: str
) -> None:
    """The browser's own memory of pages (bfcache) included, which a page open to all may be in."""
    page = enter(site, open_window(), path)
    page.goto(site.url)
    press(page, "Sign out")
    assert heading(page) == "Hello stranger"
    for _ in range(2):
        page.go_back()
        page.wait_for_load_state()
        assert "ada" not in page.content()
        assert "members’ room" not in page.content()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_letter_whose_session_ended_arrives_after_all(site: Site, open_window: OpenBrowser, scripts: bool) -> None:
    browser = open_window(java_script_enabled=scripts)
    page = enter(site, browser, "/members/room")
    page.get_by_label("Letter").fill("Dear Grace,\n\n<b>it</b> works & “lasts”.")
    page.locator("[name=password]").fill("hunter2")
    site.end_sessions()
    press(page, "Send")
    assert heading(page) == "Please sign in first"
    assert "hunter2" not in page.content()
    with browser.expect_page() as opened:
        page.get_by_role("link", name="Sign in (in a new tab)").click()
    opened.value.get_by_role("button", name="Sign in").click()
    opened.value.wait_for_url("**/privacy/signed-in**")
    assert heading(opened.value) == "You are signed in"
    opened.value.close()
    press(page, "Send again")
    assert heading(page) == "Sent"
    assert site.letters == ["Dear Grace,\r\n\r\n<b>it</b> works & “lasts”."]


def test_a_browser_that_refuses_cookies_is_told_at_the_sign_in(
    site: Site, open_browser: OpenBrowser, tmp_path: Path
) -> None:
    refusing = tmp_path / "profile-refusing" / "Default"
    refusing.mkdir(parents=True)
    settings = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (refusing / "Preferences").write_text(json.dumps(settings))
    browser = open_browser("refusing")
    page = browser.pages[0]
    page.goto(f"{site.url}/members/room")
    assert page.url == f"{site.url}/sign-in?next=/members/room"
    press(page, "Sign in")
    assert heading(page) == "Your browser kept no cookie"
    assert cookie_names(browser) == set()
    page.get_by_role("link", name="Sign in").click()
    assert "While your browser keeps no cookies" in page.locator("ul").inner_text()
