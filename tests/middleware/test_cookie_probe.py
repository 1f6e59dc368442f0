"""A browser that refuses cookies is told so at its sign-in, in words, and not sent round and round."""

from __future__ import annotations

from http.cookiejar import DefaultCookiePolicy
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from footfall import Access
from footfall.sessions.return_to import safe_return
from tests.middleware.conftest import MakeSite, choose

BROWSES = {"sec-fetch-mode": "navigate", "sec-fetch-site": "same-origin"}


async def sign_in(request: Request) -> Response:
    if request.method == "GET":
        return JSONResponse(request.state.visit.degraded)
    await request.state.visit.login("ada")
    return RedirectResponse(safe_return(request.query_params.get("next", "")) or "/", 303)


async def page(request: Request) -> Response:
    member = request.state.visit.member
    return JSONResponse([member and member.id, request.state.visit.degraded])


ROUTES = [Route("/", page), Route("/sign-in", sign_in, methods=["GET", "POST"]), Route("/members/{name}", page)]
ACCESS = [Access("/members/*", member=True)]


@pytest.fixture
def site(make_site: MakeSite) -> Any:
    return make_site(ROUTES, access=ACCESS)


def refusing(site: Any, **headers: str) -> TestClient:
    """A browser that keeps no cookies."""
    browser: TestClient = site.browser(**{**BROWSES, **headers})
    browser.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return browser


def enter(browser: TestClient, back: str = "/members/x", **options: Any) -> Any:
    return browser.post(f"/sign-in?next={back}", follow_redirects=False, **options)


def test_a_browser_that_refuses_cookies_is_told_and_not_asked_again(site: Any) -> None:
    browser = refusing(site)
    asked = browser.get("/members/x", follow_redirects=True)
    assert asked.url.path == "/sign-in"
    answer = browser.post(str(asked.url), follow_redirects=True)
    assert answer.status_code == 401
    assert [one.status_code for one in answer.history] == [303]
    assert "Your browser kept no cookie" in answer.text
    assert 'href="/sign-in?next=/members/x"' in answer.text
    assert 'href="/members/x"' in answer.text


def test_a_browser_that_keeps_them_is_led_on_to_where_the_app_sends_it(site: Any) -> None:
    browser = site.browser(**BROWSES)
    answer = enter(browser)
    assert answer.headers["location"] == "/privacy/signed-in?next=/members/x"
    assert browser.get(answer.headers["location"]).json()[0] == "ada"
    assert browser.get(answer.headers["location"], follow_redirects=False).headers["location"] == "/members/x"


def test_one_that_has_shown_a_cookie_is_led_over_nothing(site: Any) -> None:
    browser = site.browser(**BROWSES)
    choose(browser, "reject_all")
    assert enter(browser).headers["location"] == "/members/x"


@pytest.mark.parametrize("mode", ["cors", "same-origin", ""])
def test_scripts_and_programs_are_led_over_nothing(site: Any, mode: str) -> None:
    assert enter(refusing(site, **{"sec-fetch-mode": mode})).headers["location"] == "/members/x"


def test_query_and_whole_addresses_of_this_site_survive(make_site: MakeSite) -> None:
    async def sign_in(request: Request) -> Response:
        await request.state.visit.login("ada")
        return RedirectResponse(request.query_params["to"], 303)

    site = make_site([Route("/sign-in", sign_in, methods=["POST"])])
    led = {
        "/a?b=c%26d": "/privacy/signed-in?next=/a%3Fb%3Dc%2526d",
        "https://site.example/a": "/privacy/signed-in?next=/a",
        "https://other.example/a": "https://other.example/a",
        "//other.example": "//other.example",
    }
    for target, location in led.items():
        answer = refusing(site).post("/sign-in", params={"to": target}, follow_redirects=False)
        assert answer.headers["location"] == location


def test_degraded_names_it_once_it_is_known(site: Any) -> None:
    browser = refusing(site)
    told = {"referer": "https://site.example/privacy/signed-in?next=/"}
    words = "While your browser keeps no cookies"
    assert not [reason for reason in browser.get("/").json()[1] if reason.startswith(words)]
    assert [reason for reason in browser.get("/", headers=told).json()[1] if reason.startswith(words)]
    assert [reason for reason in browser.get("/sign-in", headers=told).json() if reason.startswith(words)]


def test_who_goes_on_to_a_members_page_is_told_again_and_not_redirected(site: Any) -> None:
    told = {"referer": "https://site.example/privacy/signed-in?next=/members/x"}
    answer = refusing(site).get("/members/x", headers=told, follow_redirects=False)
    assert answer.status_code == 401
    assert "Your browser kept no cookie" in answer.text


def test_below_a_root_path_every_address_is_the_one_from_outside(make_site: MakeSite) -> None:
    site = make_site(ROUTES, access=ACCESS)
    browser = TestClient(
        site.app, base_url="https://site.example", root_path="/app", headers={"accept": "text/html", **BROWSES}
    )
    browser.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    asked = browser.get("/app/members/x", follow_redirects=False).headers["location"]
    assert asked == "/app/sign-in?next=/app/members/x"
    led = browser.post(asked, follow_redirects=False).headers["location"]
    assert led == "/app/privacy/signed-in?next=/app/members/x"
    page = browser.get(led).text
    assert 'href="/app/sign-in?next=/app/members/x"' in page
    assert 'href="/app/members/x"' in page


def test_the_page_leads_to_no_other_site(site: Any) -> None:
    browser = refusing(site)
    assert "evil" not in browser.get("/privacy/signed-in?next=//evil.example").text
    enter(browser := site.browser(**BROWSES))
    answer = browser.get("/privacy/signed-in?next=//evil.example", follow_redirects=False)
    assert (answer.status_code, "evil" in answer.text) == (200, False)


def test_it_does_not_lead_to_itself(site: Any) -> None:
    browser = site.browser(**BROWSES)
    enter(browser)
    assert browser.get("/privacy/signed-in?next=/privacy/signed-in", follow_redirects=False).status_code == 200
