"""``/privacy/sessions``: a member sees their devices in words, and ends them after signing in again (ASVS 7.5.2)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from footfall import Access, SessionEvent
from tests.middleware.conftest import MakeSite, set_cookies

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)
PAGE = "/privacy/sessions"
OURS = {"sec-fetch-site": "same-origin"}


async def sign_in(request: Request) -> Response:
    remember = request.query_params.get("remember") == "yes"
    await request.state.visit.login(request.query_params.get("who", "ada"), remember=remember)
    return RedirectResponse("/", 303)


async def told(request: Request) -> Response:
    return JSONResponse(request.state.visit.notices_in_words)


async def who(request: Request) -> Response:
    member = request.state.visit.member
    return JSONResponse(member and member.id)


ROUTES = [Route("/", who), Route("/sign-in", sign_in, methods=["POST"]), Route("/told", told)]


def entered(site: Any, agent: str = FIREFOX, *, who: str = "ada", remember: bool = False, **headers: str) -> TestClient:
    browser: TestClient = site.browser(**{"user-agent": agent, **headers})
    browser.post(f"/sign-in?who={who}&remember={'yes' if remember else 'no'}", follow_redirects=False)
    return browser


def press(browser: TestClient, **fields: str) -> Any:
    return browser.post(PAGE, data=fields, headers=OURS, follow_redirects=False)


def is_member(browser: TestClient) -> bool:
    return bool(browser.get("/").json() == "ada")


def buttons(browser: TestClient) -> list[str]:
    """The ids that can be ended."""
    return re.findall(r'name="end" value="(\w+)"', browser.get(PAGE).text)


def test_v7_5_2_the_devices_are_told_in_words(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    entered(site, SAFARI, remember=True)
    site.clock.pass_days(1)
    text = entered(site).get(PAGE).text
    assert text.index("Firefox on Windows") < text.index("Safari on iOS")
    assert "This device" in text
    assert "just now" in text
    assert re.search(r"yesterday, \d\d:\d\d UTC", text)
    assert "Stays signed in" in text
    assert "Not in use now" in text


def test_the_place_is_the_country_that_a_trusted_proxy_names(make_site: MakeSite) -> None:
    site = make_site(ROUTES, country_header="CF-IPCountry")
    french = {"cf-ipcountry": "DE", "accept-language": "fr"}
    phone = entered(site, SAFARI, remember=True, **french)
    assert "Connexion depuis" in phone.get(PAGE).text
    assert "Allemagne" in phone.get(PAGE).text
    site.clock.now += 3600
    phone.headers.pop("cf-ipcountry")
    assert "Allemagne" in phone.get(PAGE).text  # remembered: where the password was given
    for code in ("T1", "XX", "<b>", ""):
        assert "Signed in from" not in entered(site, who="grace", **{"cf-ipcountry": code}).get(PAGE).text


def test_without_a_trusted_proxy_there_is_no_place(make_site: MakeSite) -> None:
    assert "Signed in from" not in entered(make_site(ROUTES), **{"cf-ipcountry": "DE"}).get(PAGE).text


def test_the_page_of_a_guest_is_the_way_to_the_sign_in(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    asked = site.browser().get(PAGE, follow_redirects=False)
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in?next=/privacy/sessions")
    assert site.browser(accept="application/json").get(PAGE).status_code == 401


def test_v7_5_2_one_session_is_ended_and_the_others_stay(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    phone, other, here = entered(site, SAFARI), entered(site), entered(site)
    site.clock.now += 60
    other.get("/")
    phones = buttons(here)[-1]
    assert press(here, end=phones).headers["location"] == f"{PAGE}?outcome=ended"
    assert "The session has ended." in here.get(f"{PAGE}?outcome=ended").text
    assert [is_member(one) for one in (phone, other, here)].count(True) == 2
    assert press(here, end=phones).headers["location"] == f"{PAGE}?outcome=gone"


def test_v7_5_2_a_remembered_browser_that_sleeps_is_ended_too(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    phone = entered(site, SAFARI, remember=True)
    site.clock.now += 3600
    here = entered(site)
    press(here, end=buttons(here)[0])
    assert not is_member(phone)


def test_all_others_end_and_this_one_stays(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    phone, here = entered(site, SAFARI, remember=True), entered(site)
    press(here, choice="others")
    assert (is_member(phone), is_member(here)) == (False, True)


def test_signing_out_everywhere_ends_all_and_clears_what_the_browser_kept(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    phone, here = entered(site, SAFARI, remember=True), entered(site)
    response = press(here, choice="everywhere")
    assert response.headers["clear-site-data"] == '"cache", "storage"'
    assert (is_member(phone), is_member(here)) == (False, False)
    page = here.get(response.headers["location"])
    assert (page.status_code, "You are signed out everywhere." in page.text) == (200, True)


def test_v7_5_2_nothing_is_ended_without_a_recent_sign_in(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    phone, here = entered(site, SAFARI), entered(site)
    phones = buttons(here)[0]
    site.clock.now += 11 * 60
    assert buttons(here) == []
    assert 'href="/sign-in?next=/privacy/sessions"' in here.get(PAGE).text
    for fields in ({"end": phones}, {"choice": "others"}, {"choice": "everywhere"}):
        assert press(here, **fields).headers["location"] == "/sign-in?next=/privacy/sessions"
    assert (is_member(phone), is_member(here)) == (True, True)


def test_v7_5_3_a_remembered_member_looks_and_ends_nothing(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    here = entered(site, remember=True)
    site.clock.now += 3600
    assert here.get(PAGE).status_code == 200
    assert buttons(here) == []
    assert press(here, choice="others").headers["location"].startswith("/sign-in")


def test_how_recent_is_a_setting(make_site: MakeSite) -> None:
    site = make_site(ROUTES, fresh=timedelta(minutes=20))
    entered(site, SAFARI)
    here = entered(site)
    site.clock.now += 11 * 60
    assert len(buttons(here)) == 1


def test_signing_out_here_wants_no_recent_sign_in(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    phone, here = entered(site, SAFARI), entered(site)
    site.clock.now += 11 * 60
    assert press(here, choice="here").headers["location"] == f"{PAGE}?outcome=here"
    assert (is_member(phone), is_member(here)) == (True, False)


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {}])
def test_v3_5_1_another_site_ends_nothing(make_site: MakeSite, headers: dict[str, str]) -> None:
    site = make_site(ROUTES)
    phone, here = entered(site, SAFARI), entered(site)
    refused = here.post(PAGE, data={"choice": "everywhere"}, headers=headers, follow_redirects=False)
    assert refused.status_code == 403
    assert "Nothing was changed" in refused.text
    assert (is_member(phone), is_member(here)) == (True, True)


def test_v3_5_1_a_browser_that_says_nothing_of_itself_brings_the_token(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    phone, here = entered(site, SAFARI), entered(site)
    token = re.findall(r'name="token" value="([^"]+)"', here.get(PAGE).text)[0]
    here.post(PAGE, data={"choice": "others", "token": token}, follow_redirects=False)
    assert not is_member(phone)


def test_nobody_ends_the_session_of_another_member(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    ada, grace = entered(site), entered(site, who="grace")
    entered(site, SAFARI)
    assert press(grace, end=buttons(ada)[0]).headers["location"] == f"{PAGE}?outcome=gone"
    assert is_member(ada)


def test_the_page_names_no_token_and_is_kept_by_nobody(make_site: MakeSite) -> None:
    """ASVS 14.3.2."""
    here = entered(make_site(ROUTES), remember=True)
    page = here.get(PAGE)
    assert "no-store" in page.headers["cache-control"]
    assert not [value for value in here.cookies.values() if value in page.text]
    assert set_cookies(page) == {}


def test_the_privacy_page_leads_a_member_there_and_nobody_else(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    assert f'href="{PAGE}"' in entered(site).get("/privacy").text
    assert f'href="{PAGE}"' not in site.browser().get("/privacy").text


def test_a_rule_for_everything_leaves_the_page_to_itself(make_site: MakeSite) -> None:
    site = make_site(ROUTES, access=[Access("/*", role="librarian")])
    assert entered(site).get(PAGE).status_code == 200


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Firefox unter Windows"), ("hu", "Firefox (Windows)"), ("mt", "Firefox fuq Windows")],
)
def test_the_page_speaks_the_members_language(make_site: MakeSite, language: str, words: str) -> None:
    page = entered(make_site(ROUTES), **{"accept-language": language}).get(PAGE)
    assert words in page.text
    assert f'<html lang="{language}"' in page.text


def test_a_browser_that_does_not_say_its_name_is_shown_as_it_is(make_site: MakeSite) -> None:
    text = entered(make_site(ROUTES), "<script>alert(1)</script>").get(PAGE).text
    assert "An unknown browser" in text
    assert "<script>alert" not in text


def stolen(site: Any) -> tuple[TestClient, TestClient]:
    """A thief with a copy of a remember-me cookie, and its owner; the thief has used it, and then the owner."""
    owner = entered(site, remember=True)
    site.clock.now += 3600
    token = owner.cookies["__Host-footfall-remember"]
    owner.get("/")  # exchanged
    site.clock.now += 3600
    owner.get("/")  # and its successor was seen
    site.clock.now += 3600
    thief: TestClient = site.browser()
    thief.cookies.set("__Host-footfall-remember", token, domain="site.example")
    assert thief.get("/").json() is None
    return owner, thief


def test_a_theft_is_an_event_for_the_app_with_the_member_and_no_token(make_site: MakeSite) -> None:
    """ASVS 16.2.5: what the app may mail about, or alert its staff with."""
    heard: list[SessionEvent] = []
    owner, _ = stolen(make_site(ROUTES, on_session_event=heard.append))
    assert [event.kind for event in heard] == ["sign_in", "remembered", "remembered", "theft"]
    assert {event.member_id for event in heard} == {"ada"}
    assert not [value for value in owner.cookies.values() if value in repr(heard)]


def test_a_theft_is_told_on_our_pages_until_it_was_seen(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    stolen(site)
    owner = entered(site)
    words = "Somebody used a copy of the cookie"
    assert [words in owner.get(path).text for path in ("/privacy", PAGE, "/privacy/cookies")] == [True, True, False]
    assert [words in text for text in owner.get("/told").json()] == [True]
    assert press(owner, choice="seen").headers["location"] == PAGE
    assert owner.get("/told").json() == []
    assert words not in owner.get(PAGE).text + owner.get("/privacy").text
