"""Consent for analysts: every choice is an event with what a report needs, and a page that asks says so."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from footfall import Event, Policy, Service
from tests.middleware.conftest import MakeSite, choose


async def page(request: Request) -> Response:
    return HTMLResponse("<body></body>")


ROUTES = [Route("/", page)]
SERVICES = [Service("youtube", "marketing"), Service("maps", "marketing")]


def chosen(make_site: MakeSite, choice: str, **fields: Any) -> Event:
    site = make_site(ROUTES, services=SERVICES, country_header="cf-ipcountry", policy=Policy(version=3))
    headers = {"accept-language": "de", "cf-ipcountry": "DE"}
    choose(site.browser(**headers), choice, **fields)
    (event,) = site.events("consent")
    return event


def test_a_grant_says_what_how_where_and_in_which_words(make_site: MakeSite) -> None:
    event = chosen(
        make_site, "save", layer="preferences", purpose=["analytics", "marketing"], offered=["maps"], service=[]
    )
    assert (event.name, event.consent_source, event.country, event.policy_version) == ("custom", "preferences", "DE", 3)
    assert event.props == {
        "granted": "analytics marketing",
        "refused": "preferences",
        "services_refused": "maps",
        "layer": "preferences",
        "language": "de",
        "regime": "opt-in",
    }
    assert event.visitor_id


def test_a_refusal_says_as_much_and_names_nobody(make_site: MakeSite) -> None:
    event = chosen(make_site, "reject_all")
    assert (event.name, event.consent_source, event.country) == ("reject_all", "banner", "DE")
    assert event.props == {
        "refused": "analytics marketing preferences",
        "layer": "notice",
        "language": "de",
        "regime": "opt-in",
    }
    assert (event.visitor_id, event.member_id, event.ip, event.language, event.time_ms % 60_000) == ("", "", "", "", 0)


def test_a_service_that_was_allowed_alone_is_told(make_site: MakeSite) -> None:
    event = chosen(make_site, "allow_service", layer="placeholder", service=["youtube"])
    assert (event.name, event.props["services"], event.props["layer"]) == ("custom", "youtube", "placeholder")


def test_a_page_that_asks_is_a_row_that_says_what_for_and_of_nobody(make_site: MakeSite) -> None:
    """ePrivacy 2002/58 art. 5(3): the question is counted, not who was asked."""
    site = make_site(ROUTES)
    site.browser(**{"sec-gpc": "1"}).get("/")
    (event,) = site.events()
    assert (event.kind, event.visitor_id, event.gpc) == ("page_view", "", True)
    assert event.props == {
        "asked": "analytics marketing preferences",
        "layer": "notice",
        "language": "en",
        "regime": "opt-in",
    }


def test_a_page_of_somebody_who_has_decided_says_nothing_of_it(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    browser = site.browser()
    choose(browser, "reject_all")
    browser.get("/")
    assert site.events("page_view")[-1].props == {}


def test_what_is_asked_does_not_stay_with_the_browsers_next_page(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    browser = site.browser()
    browser.get("/")
    browser.get("/", headers={"hx-request": "true"})
    assert [bool(event.props) for event in site.events("page_view", "request")] == [True, False]
