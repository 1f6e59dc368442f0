"""What goes over the wire before a choice, and what a withdrawal takes back, by the raw headers (CDP)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page
from reading_room_browser import NOTICE, OpenBrowser, cookie_names
from served_app import served
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from footfall import Cookie, Footfall, Settings

pytestmark = pytest.mark.browser

ANSWERS = ("/html", "/json", "/304", "/404", "/500", "/moved", "/crash", "/none")

#: What the app tries to set with every answer; nothing of it is necessary, and nobody was asked.
_WANTED = ("_ga=GA1.1.1.1; Path=/; Max-Age=3600", "theme=dark; Path=/; HttpOnly; SameSite=Lax", "_fbp=fb.1; Path=/html")


def _setting(response: Response) -> Response:
    for cookie in _WANTED:
        response.headers.append("set-cookie", cookie)
    return response


async def answers(request: Request) -> Response:
    path = request.path_params["path"]
    if path == "crash":
        raise RuntimeError("the app failed")
    made: dict[str, Response] = {
        "json": JSONResponse({}),
        "304": Response(status_code=304, headers={"etag": '"1"'}),
        "404": HTMLResponse("<title>Not found</title>", 404),
        "500": HTMLResponse("<title>Failed</title>", 500),
        "moved": RedirectResponse("/json", 302),
        "none": Response(status_code=204),
    }
    return _setting(made.get(path) or HTMLResponse("<!doctype html><title>Home</title><body><h1>Home</h1></body>"))


@pytest.fixture(scope="module")
def setting_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    hour = timedelta(hours=1)
    settings = Settings(
        secret_keys=["0123456789abcdefghijklmnopqrstuvwxyz"],
        store=f"sqlite:///{tmp_path_factory.mktemp('raw')}/store.db",
        cookies=[
            Cookie("_ga", purpose="analytics", lifetime=hour, description="Counts"),
            Cookie("_fbp", purpose="marketing", lifetime=hour, description="Adverts", path="/html"),
            Cookie("theme", purpose="preferences", lifetime=hour, description="Light or dark"),
        ],
    )
    app = Starlette(routes=[Route("/{path}", answers)], middleware=[Middleware(Footfall, settings=settings)])
    with served(app) as address:
        yield address


def raw_set_cookies(page: Page) -> list[str]:
    """All ``Set-Cookie`` lines from now on, as they came over the wire."""
    lines: list[str] = []

    def received(event: dict[str, Any]) -> None:
        found = [value for name, value in event["headers"].items() if name.lower() == "set-cookie"]
        lines.extend(line for value in found for line in value.split("\n"))

    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.responseReceivedExtraInfo", received)
    return lines


def named(lines: list[str]) -> set[str]:
    return {line.partition("=")[0] for line in lines}


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_no_answer_sets_a_cookie_before_the_choice_and_a_withdrawal_leaves_a_clean_jar(
    open_window: OpenBrowser, setting_url: str, scripts: bool
) -> None:
    """ePrivacy 2002/58 art. 5(3), and GDPR 7(3): by the raw headers, whatever the status and the type."""
    context = open_window(java_script_enabled=scripts, locale="en")
    page = context.pages[0]
    lines = raw_set_cookies(page)
    fetched = [context.request.get(setting_url + path, max_redirects=0) for path in ANSWERS]
    assert [one.status for one in fetched] == [200, 200, 304, 404, 500, 302, 500, 204]
    assert [one.headers_array for one in fetched if "set-cookie" in one.headers] == []
    for path in ("/html", "/json", "/404", "/500", "/moved"):
        page.goto(setting_url + path)
    assert (lines, context.cookies()) == ([], [])

    page.goto(f"{setting_url}/html")
    page.locator(f'{NOTICE} button[value="accept_all"]').click()
    page.locator(f"{NOTICE} form").wait_for(state="detached")
    page.goto(f"{setting_url}/html")
    assert {"_ga", "_fbp", "theme", "footfall-consent", "footfall-visitor"} == named(lines) == cookie_names(context)

    page.goto(f"{setting_url}/privacy")
    lines.clear()
    page.locator('button[value="withdraw"]').click()
    page.locator("main [role=status]").wait_for()
    assert cookie_names(context) == {"footfall-consent"}
    gone = [line for line in lines if not line.startswith("footfall-consent=")]
    assert named(gone) == {"_ga", "_fbp", "theme", "footfall-visitor"}
    assert all("Max-Age=0" in line for line in gone), gone
