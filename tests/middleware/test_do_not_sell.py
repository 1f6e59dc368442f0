"""The page on selling and sharing: without a banner, without a script, one click either way."""

from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from footfall import Cookie, Purpose
from tests.middleware.conftest import MakeSite, Site, set_cookies

PATH = "/privacy/do-not-sell"


async def home(request: Request) -> Response:
    return HTMLResponse(f"<body><footer>{request.state.visit.do_not_sell_link()}</footer></body>")


async def facts(request: Request) -> Response:
    consent = request.state.visit.consent
    return JSONResponse({name: consent.allows(name) for name in ("preferences", "analytics", "marketing")})


ROUTES = [Route("/", home), Route("/facts", facts)]


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    return make_site(ROUTES, regime="opt-out")


def press(browser: TestClient, choice: str) -> Any:
    headers = {"sec-fetch-site": "same-origin"}
    return browser.post(PATH, data={"choice": choice}, headers=headers, follow_redirects=False)


def test_one_click_refuses_what_is_sold_and_nothing_else(site: Site) -> None:
    """11 CCR 7026(a)(4): it addresses the sale and sharing."""
    browser = site.browser()
    answer = press(browser, "refuse_sale")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}?outcome=saved")
    assert "__Host-footfall-consent" in set_cookies(answer)
    assert browser.get("/facts").json() == {"preferences": True, "analytics": True, "marketing": False}
    page = browser.get(answer.headers["location"]).text
    assert "not sold or shared" in page
    assert "Your choice is saved." in page


@pytest.mark.parametrize("regime", ["opt-in", "opt-out"])
def test_what_was_set_for_it_goes_in_that_response(make_site: MakeSite, regime: str) -> None:
    """Also while other purposes are still to be answered."""
    browser = make_site(ROUTES, regime=regime, cookies=[Cookie("ads", purpose="marketing")]).browser()
    browser.cookies.set("ads", "1", domain="site.example", path="/")
    assert "Max-Age=0" in set_cookies(press(browser, "refuse_sale"))["ads"]


def test_who_opts_out_of_a_sale_is_still_the_same_visitor_where_silence_grants_the_rest(site: Site) -> None:
    browser = site.browser()
    browser.get("/facts")
    before = site.events("request")[-1].visitor_id
    removed = set_cookies(press(browser, "refuse_sale"))
    assert "__Host-footfall-visitor" not in removed
    browser.get("/facts")
    assert site.events("request")[-1].visitor_id == before != ""


def test_one_click_allows_it_again(site: Site) -> None:
    browser = site.browser()
    press(browser, "refuse_sale")
    press(browser, "allow_sale")
    assert browser.get("/facts").json()["marketing"] is True
    assert "may be sold or shared" in browser.get(PATH).text


def test_opting_out_takes_as_many_clicks_as_opting_in_and_its_button_is_of_the_same_kind(site: Site) -> None:
    """11 CCR 7004(a)(2): symmetry in choice, counted: the link, then one button of one form."""
    browser = site.browser()
    assert re.findall(r'<footer><a href="([^"]+)"', browser.get("/").text) == [PATH]
    html = browser.get(PATH).text
    (form,) = re.findall(r"<form.*?</form>", html, re.S)
    buttons = re.findall(r'<button (class="[^"]*" type="submit") name="choice" value="(\w+)">', form)
    assert [value for _, value in buttons] == ["refuse_sale", "allow_sale"]
    assert len({kind for kind, _ in buttons}) == 1
    assert re.findall(r'<(?:input|select|textarea)(?! type="hidden")', form) == []


def test_the_page_needs_no_script_and_is_not_in_a_banner(site: Site) -> None:
    """11 CCR 7026(a)(4): a cookie banner is not the opt-out method."""
    page = site.browser().get(PATH)
    assert page.status_code == 200
    assert "<script" not in page.text
    assert "footfall-notice" not in page.text


def test_it_is_linked_from_our_pages_and_where_silence_grants_from_the_notice(site: Site) -> None:
    browser = site.browser()
    for path in ("/privacy", "/privacy/cookies"):
        assert f'<a href="{PATH}">Do not sell or share my personal information</a>' in browser.get(path).text
    notice = browser.get("/").text.partition("footfall-notice")[2]
    assert f'href="{PATH}"' in notice


def test_where_nothing_is_sold_there_is_no_such_page_and_no_link(make_site: MakeSite) -> None:
    browser = make_site(ROUTES, purposes=[Purpose("marketing", sale_or_share=False)]).browser()
    assert browser.get(PATH).status_code == 404
    assert PATH not in browser.get("/privacy").text + browser.get("/").text


def test_a_signal_is_said_to_be_honoured_and_cannot_be_allowed_over(site: Site) -> None:
    """11 CCR 7025(c)(6)."""
    browser = site.browser(**{"sec-gpc": "1"})
    page = browser.get(PATH).text
    assert "It is honoured." in page
    assert 'value="allow_sale"' not in page
    press(browser, "allow_sale")
    assert browser.get("/facts").json()["marketing"] is False


def test_where_one_opts_in_an_opt_out_leaves_the_rest_to_be_asked(make_site: MakeSite) -> None:
    browser = make_site(ROUTES).browser()
    press(browser, "refuse_sale")
    notice = browser.get("/").text
    assert "<li>Marketing" not in notice
    assert "<li>Statistics" in notice


def test_another_site_cannot_press_the_button(site: Site) -> None:
    """ASVS 3.5.1."""
    browser = site.browser()
    headers = {"sec-fetch-site": "cross-site"}
    assert browser.post(PATH, data={"choice": "allow_sale"}, headers=headers).status_code == 403
    assert browser.post(PATH, data={"choice": "nonsense"}, headers={"sec-fetch-site": "same-origin"}).status_code == 200


def test_while_the_store_is_down_a_no_holds_and_a_yes_is_not_given(make_site: MakeSite, tmp_path: Any) -> None:
    """Failure is closed."""
    (tmp_path / "nowhere").write_text("")
    browser = make_site(ROUTES, regime="opt-out", store=f"sqlite:///{tmp_path}/nowhere/store.db").browser()
    assert press(browser, "refuse_sale").status_code == 303
    assert press(browser, "allow_sale").status_code == 503
    assert browser.get("/facts").json()["marketing"] is False


def test_the_page_speaks_the_visitors_language(site: Site) -> None:
    page = site.browser(**{"accept-language": "de"}).get(PATH).text
    assert "Nicht verkaufen oder weitergeben</button>" in page
