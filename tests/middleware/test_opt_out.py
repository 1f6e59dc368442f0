"""Regimes on the wire: what the first response sets, what the notice says, and how long a no is a no."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from footfall import Cookie, Service
from tests.middleware.conftest import MakeSite, Site, choose, set_cookies

PAGE = "<!doctype html><html><head><title>x</title></head><body><p>Hello</p></body></html>"
CONSENT, VISITOR = "__Host-footfall-consent", "__Host-footfall-visitor"
COOKIES = [Cookie("theme", purpose="preferences"), Cookie("ads", purpose="marketing")]


async def page(request: Request) -> Response:
    response = HTMLResponse(PAGE)
    response.set_cookie("theme", "dark")
    response.set_cookie("ads", "1")
    return response


async def facts(request: Request) -> Response:
    consent = request.state.visit.consent
    seen = {name: consent.allows(name) for name in ("preferences", "analytics", "marketing")}
    return JSONResponse({**seen, "source": consent.source, "decided": consent.decided})


ROUTES = [Route("/", page), Route("/facts", facts)]


@pytest.fixture
def opt_out(make_site: MakeSite) -> Site:
    return make_site(ROUTES, regime="opt-out", cookies=COOKIES)


def known(browser: TestClient) -> dict[str, Any]:
    answer: dict[str, Any] = browser.get("/facts").json()
    return answer


def asks(browser: TestClient) -> bool:
    return "footfall-notice" in browser.get("/").text


def test_where_silence_grants_the_first_page_may_set_cookies(opt_out: Site) -> None:
    browser = opt_out.browser()
    assert set(set_cookies(browser.get("/"))) == {"theme", "ads", VISITOR}
    assert known(browser) == {
        "preferences": True,
        "analytics": True,
        "marketing": True,
        "source": "regime",
        "decided": False,
    }
    assert {event.consent_source for event in opt_out.events("page_view")} == {"regime"}


def test_two_visitors_whose_browsers_look_alike_are_two(opt_out: Site) -> None:
    first, second = (set_cookies(opt_out.browser().get("/"))[VISITOR] for _ in range(2))
    assert first != second


def test_where_one_opts_in_the_first_page_sets_none(make_site: MakeSite) -> None:
    """ePrivacy 2002/58 art. 5(3)?, PECR reg. 6."""
    assert set_cookies(make_site(ROUTES, cookies=COOKIES).browser().get("/")) == {}


def test_the_notice_says_that_silence_grants_and_has_a_way_to_say_no(opt_out: Site) -> None:
    html = opt_out.browser().get("/").text
    assert "unless you say no" in html
    assert "works without optional cookies" not in html
    assert ">Reject all</button>" in html


def test_the_privacy_page_says_so_too(opt_out: Site) -> None:
    html = opt_out.browser().get("/privacy").text
    assert "used until you say no" in html
    assert "only what is necessary is used" not in html


def test_one_click_says_no_and_removes_the_cookies_in_that_response(opt_out: Site) -> None:
    browser = opt_out.browser()
    browser.get("/")
    removed = set_cookies(choose(browser, "reject_all"))
    assert "Max-Age=0" in removed["theme"]
    assert "Max-Age=0" in removed["ads"]
    assert "Max-Age=0" in removed[VISITOR]
    assert set_cookies(browser.get("/")) == {}
    assert known(browser)["source"] == "banner"


def test_nobody_who_said_no_is_asked_for_twelve_months_and_the_no_outlives_the_question(opt_out: Site) -> None:
    """Cal. Civ. 1798.135(c)(4)?: the six-month European prompt does not fire there."""
    browser = opt_out.browser()
    choose(browser, "reject_all")
    for day in (183, 365):
        opt_out.clock.now = 1_790_000_000.0 + day * 86_400
        assert not asks(browser), day
    opt_out.clock.pass_days(2)
    assert asks(browser)
    assert known(browser)["marketing"] is False


def test_the_cookie_of_a_refusal_is_kept_as_long_as_a_browser_keeps_one(opt_out: Site) -> None:
    """RFC 6265bis: 400 days; where silence grants, the end of a refusal would be a grant."""
    assert "Max-Age=34560000" in set_cookies(choose(opt_out.browser(), "reject_all"))[CONSENT]
    assert "Max-Age=15724800" in set_cookies(choose(opt_out.browser(), "accept_all"))[CONSENT]


def test_asked_again_a_no_takes_back_what_was_granted_before(opt_out: Site) -> None:
    browser = opt_out.browser()
    choose(browser, "save", layer="preferences", purpose=["analytics"])
    opt_out.clock.pass_days(367)
    choose(browser, "reject_all")
    assert known(browser)["analytics"] is False


def test_a_signal_refuses_what_is_sold_or_shared_and_the_first_page_says_so(opt_out: Site) -> None:
    """11 CCR 7025(c)(1), (c)(6)."""
    browser = opt_out.browser(**{"sec-gpc": "1"})
    first = browser.get("/")
    assert set(set_cookies(first)) == {"theme", VISITOR}
    assert "Global Privacy Control signal. It is honoured." in first.text
    assert known(browser)["marketing"] is False


@pytest.mark.parametrize("value", ["0", "true", "1.0", "01", " ", "1, 1"])
def test_any_other_value_of_the_signal_is_ignored(opt_out: Site, value: str) -> None:
    """w3c/gpc: exactly "1"."""
    assert known(opt_out.browser(**{"sec-gpc": value}))["marketing"] is True


# -- whose regime it is


@pytest.mark.parametrize(
    ("country", "granted"), [("US", True), ("us", True), ("DE", False), ("", False), ("USA", False)]
)
def test_the_country_says_the_regime_and_an_unknown_one_is_the_strictest(
    make_site: MakeSite, country: str, granted: bool
) -> None:
    site = make_site(ROUTES, regime={"US": "opt-out"}, country_header="CF-IPCountry")
    assert known(site.browser(**{"cf-ipcountry": country}))["analytics"] is granted


def test_who_comes_through_no_proxy_has_the_strictest(make_site: MakeSite) -> None:
    site = make_site(ROUTES, regime={"US": "opt-out"}, country_header="CF-IPCountry")
    assert known(site.browser())["analytics"] is False


@pytest.mark.parametrize(
    ("rule", "granted"), [(lambda scope: "opt-out", True), (lambda scope: scope["nothing"], False)]
)
def test_a_callable_says_the_regime_and_fails_to_the_strictest(make_site: MakeSite, rule: Any, granted: bool) -> None:
    assert known(make_site(ROUTES, regime=rule).browser())["analytics"] is granted


# -- a cookie that counts for nothing was a choice once: silence does not follow from it


def test_a_forged_choice_grants_nothing_and_goes_on_granting_nothing(opt_out: Site) -> None:
    browser = opt_out.browser()
    browser.cookies.set(CONSENT, "2:-:68000000:1:0:banner:marketing:::.forged", domain="site.example")
    for _ in range(2):
        assert known(browser)["marketing"] is False
        assert asks(browser)


def test_a_replay_after_a_withdrawal_stays_withdrawn(opt_out: Site) -> None:
    """A replayed consent cookie counts as undecided, and here undecided would be a grant."""
    browser = opt_out.browser()
    granted = set_cookies(choose(browser, "accept_all"))[CONSENT].partition(";")[0].partition("=")[2]
    choose(browser, "withdraw", layer="preferences")
    thief = opt_out.browser()
    thief.cookies.set(CONSENT, granted, domain="site.example")
    for _ in range(2):
        assert known(thief)["marketing"] is False


def test_before_the_store_has_answered_no_recorded_choice_is_believed(make_site: MakeSite, tmp_path: Any) -> None:
    first = make_site(ROUTES, regime="opt-out").browser()
    choose(first, "save", layer="preferences", purpose=["analytics"])
    (tmp_path / "nowhere").write_text("")
    broken = make_site(ROUTES, regime="opt-out", store=f"sqlite:///{tmp_path}/nowhere/store.db").browser()
    broken.cookies = first.cookies
    assert known(broken)["analytics"] is False
    assert known(broken)["marketing"] is False


def test_a_refusal_is_honoured_while_the_store_is_down(make_site: MakeSite, tmp_path: Any) -> None:
    """A refusal is honoured whatever is down."""
    (tmp_path / "nowhere").write_text("")
    browser = make_site(ROUTES, regime="opt-out", store=f"sqlite:///{tmp_path}/nowhere/store.db").browser()
    choose(browser, "reject_all")
    assert known(browser)["analytics"] is False


def test_a_refusal_stands_when_what_was_refused_changes(make_site: MakeSite) -> None:
    """A new recipient asks again whoever granted; where silence grants, asking again would undo a no."""
    before = make_site(ROUTES, regime="opt-out").browser()
    choose(before, "reject_all")
    player = Service("player", purpose="marketing", provider="Films Inc.", hosts=("films.example",))
    after = make_site(ROUTES, regime="opt-out", services=[player]).browser()
    after.cookies = before.cookies
    assert known(after)["marketing"] is False
    assert not asks(after)
