"""Footfall under a root path: the server's, or that of a mount. Rules and pages hold as the app's router reads them."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from footfall import Access, Footfall, MemorySink, Settings
from tests.middleware.conftest import KEYS, ORIGIN, set_cookies


async def secret(request: Request) -> Response:
    return HTMLResponse("<body>SECRET</body>")


async def home(request: Request) -> Response:
    return HTMLResponse("<body>Home</body>")


ACCESS = [Access("/members/*", member=True)]


def footfall(tmp_path: Any, **settings: Any) -> Footfall:
    app = Starlette(routes=[Route("/", home), Route("/members/x", secret)])
    given = {"secret_keys": KEYS, "store": f"sqlite:///{tmp_path}/store.db", "access": ACCESS, **settings}
    return Footfall(app, settings=Settings(**given), sink=MemorySink())


@pytest.fixture(params=["mounted", "root path of the server"])
def browser(request: pytest.FixtureRequest, tmp_path: Any) -> TestClient:
    app = footfall(tmp_path)
    if request.param == "mounted":
        return TestClient(Starlette(routes=[Mount("/sub", app)]), base_url=ORIGIN, headers={"accept": "text/html"})
    return TestClient(app, base_url=ORIGIN, root_path="/sub", headers={"accept": "text/html"})


def test_access_rules_hold_and_the_way_to_the_sign_in_is_right(browser: TestClient) -> None:
    refused = browser.get("/sub/members/x", follow_redirects=False)
    assert "SECRET" not in refused.text
    assert refused.headers["location"] == "/sub/sign-in?next=/sub/members/x"


def test_the_choice_can_be_made_and_the_addresses_are_right_from_outside(browser: TestClient) -> None:
    page = browser.get("/sub/").text
    assert 'action="/sub/privacy"' in page
    assert 'href="/sub/privacy/style.css?v=' in page
    headers = {"sec-fetch-site": "same-origin"}
    answer = browser.post("/sub/privacy", data={"choice": "accept_all"}, headers=headers, follow_redirects=False)
    assert answer.headers["location"] == "/sub/privacy?outcome=saved"
    assert "__Host-footfall-visitor" in set_cookies(answer)
    assert browser.get("/sub/privacy/style.css").headers["content-type"].startswith("text/css")
    assert browser.get("/sub/privacy/cookies").status_code == 200


def test_a_site_that_is_closed_as_a_whole_can_still_be_entered_and_chosen_on(tmp_path: Any) -> None:
    app = footfall(tmp_path, access=[Access("/*", member=True)])
    browser = TestClient(app, base_url=ORIGIN, headers={"accept": "text/html"})
    assert browser.get("/", follow_redirects=False).headers["location"] == "/sign-in?next=/"
    assert browser.get("/sign-in", follow_redirects=False).status_code == 404  # the app's own answer
    for path in ("/privacy", "/privacy/cookies", "/.well-known/gpc.json", "/privacy/style.css"):
        assert browser.get(path, follow_redirects=False).status_code == 200


def test_a_500_handler_outside_is_guarded_when_footfall_wraps_the_app(tmp_path: Any) -> None:
    """Starlette runs its handler for unexpected errors outside of all middleware; wrapped, it is inside."""

    async def broken(request: Request) -> Response:
        raise RuntimeError

    async def sorry(request: Request, error: Exception) -> Response:
        response = JSONResponse({}, 500)
        response.set_cookie("track", "1")
        return response

    inner = Starlette(routes=[Route("/", broken)], exception_handlers={500: sorry})
    app = Footfall(inner, settings=Settings(secret_keys=KEYS, store=f"sqlite:///{tmp_path}/store.db"))
    browser = TestClient(app, base_url=ORIGIN, raise_server_exceptions=False)
    response = browser.get("/")
    assert (response.status_code, set_cookies(response)) == (500, {})
