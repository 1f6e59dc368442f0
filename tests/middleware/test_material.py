"""What is material: a new purpose needs a new consent, a reworded sentence does not (ICO)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from footfall import Cookie, Policy, Purpose, Service, Settings
from footfall.consent.choice import Choice
from footfall.consent.consent import ConsentRules
from footfall.consent.material import Material, covers
from footfall.consent.purposes import purposes_by_name
from tests.middleware.conftest import KEYS, MakeSite, choose

DAY = timedelta(days=1)
YOUTUBE = Service("youtube", purpose="marketing", title="YouTube", provider="Google")
MAPS = Service("maps", purpose="marketing", title="Maps")
BEFORE: dict[str, Any] = {
    "services": [YOUTUBE, MAPS],
    "cookies": [Cookie("ad", purpose="marketing", lifetime=30 * DAY, party="third", provider="Ads Inc.")],
}


async def page(request: Request) -> Response:
    return HTMLResponse("<body></body>")


async def facts(request: Request) -> Response:
    consent = request.state.visit.consent
    return JSONResponse({"granted": sorted(consent.granted), "decided": consent.decided})


ROUTES = [Route("/", page), Route("/facts", facts)]


def came_back(make_site: MakeSite, choice: str = "accept_all", **after: Any) -> TestClient:
    """A visitor who chose before the settings changed, and comes again."""
    before = make_site(ROUTES, **BEFORE).browser()
    choose(before, choice)
    browser = make_site(ROUTES, **{**BEFORE, **after}).browser()
    browser.cookies = before.cookies
    return browser


def asked(browser: TestClient) -> list[str]:
    """The titles the notice asks for."""
    notice = browser.get("/").text
    return [item.partition("</li>")[0] for item in notice.split("<li>")[1:]]


UNCHANGED: dict[str, dict[str, Any]] = {
    "a typo put right": {"services": [Service("youtube", "marketing", title="You Tube", provider="Googel"), MAPS]},
    "a reworded purpose": {"purposes": [Purpose("marketing", title="Ads", description="…", sale_or_share=True)]},
    "a reworded policy": {"policy": Policy(version=2, changes="Shorter sentences.")},
    "another cookie of the same kind": {"cookies": [*BEFORE["cookies"], Cookie("b", "marketing", lifetime=DAY)]},
    "a recipient less": {"services": [YOUTUBE]},
    "shorter times": {"cookies": [Cookie("ad", "marketing", lifetime=DAY, party="third", provider="Ads Inc.")]},
    "no longer sold": {"purposes": [Purpose("marketing")]},
    "a provider spelt otherwise": {
        "cookies": [Cookie("ad", "marketing", lifetime=30 * DAY, party="third", provider="ads  inc.")]
    },
    "a service of the site's own": {"services": [YOUTUBE, MAPS, Service("own", "marketing", party="first")]},
}
CHANGED: dict[str, dict[str, Any]] = {
    "a new recipient": {"services": [YOUTUBE, MAPS, Service("ads", "marketing")]},
    "another recipient": {"services": [YOUTUBE, Service("ads", "marketing")]},
    "a new provider of a third-party cookie": {
        "cookies": [*BEFORE["cookies"], Cookie("b", "marketing", lifetime=DAY, party="third", provider="Others")]
    },
    "longer times": {"cookies": [Cookie("ad", "marketing", lifetime=90 * DAY, party="third", provider="Ads Inc.")]},
    "a new kind of use": {"purposes": [Purpose("marketing", sale_or_share=True, uses=("profiles",))]},
}


@pytest.mark.parametrize("after", UNCHANGED.values(), ids=UNCHANGED)
@pytest.mark.parametrize("choice", ["accept_all", "reject_all"])
def test_what_is_not_material_asks_nobody_again(make_site: MakeSite, choice: str, after: dict[str, Any]) -> None:
    """ICO: a typo re-prompts nobody."""
    browser = came_back(make_site, choice, **after)
    assert asked(browser) == []
    assert ("marketing" in browser.get("/facts").json()["granted"]) is (choice == "accept_all")


@pytest.mark.parametrize("after", CHANGED.values(), ids=CHANGED)
def test_what_is_material_counts_as_not_asked_and_is_asked_alone(make_site: MakeSite, after: dict[str, Any]) -> None:
    """ICO: consent covers what it was given for; who agreed to less is asked anew, for that purpose only."""
    browser = came_back(make_site, **after)
    assert asked(browser) == ["Marketing"]
    seen = browser.get("/facts").json()
    assert seen == {"granted": ["analytics", "necessary", "preferences"], "decided": False}
    choose(browser, "accept_all")
    assert asked(browser) == []


def test_a_purpose_that_is_sold_from_now_on_is_asked_again(make_site: MakeSite) -> None:
    browser = came_back(make_site, purposes=[Purpose("analytics", title="Counts", sale_or_share=True)])
    assert asked(browser) == ["Counts"]


def test_an_identifier_that_lives_longer_is_asked_again(make_site: MakeSite) -> None:
    before = make_site(ROUTES, visitor_lifetime=30 * DAY).browser()
    choose(before, "accept_all")
    browser = make_site(ROUTES).browser()
    browser.cookies = before.cookies
    assert asked(browser) == ["Statistics"]


def test_a_refusal_of_less_is_asked_again_and_grants_nothing(make_site: MakeSite) -> None:
    browser = came_back(make_site, "reject_all", **CHANGED["a new recipient"])
    assert asked(browser) == ["Marketing"]
    assert browser.get("/facts").json()["granted"] == ["necessary"]


def test_a_refusal_of_less_holds_and_stays_open_while_a_service_is_allowed(make_site: MakeSite) -> None:
    browser = came_back(make_site, "reject_all", **CHANGED["a new recipient"])
    choose(browser, "allow_service", layer="placeholder", service=["youtube"])
    assert asked(browser) == ["Marketing"]
    choose(browser, "reject_all")
    assert asked(browser) == []


def test_a_refusal_of_less_is_a_refusal_until_it_is_answered() -> None:
    """Whatever a regime makes of silence, who refused was not silent."""
    rules = ConsentRules(purposes_by_name(()), material={"marketing": material(sold=True)})
    refused = Choice(frozenset(), frozenset({"marketing"}), 0, 1, "banner", material={"marketing": material()})
    standing = rules.standing(refused)
    assert standing.refused == {"marketing"}
    assert not standing.answers(["marketing"])


def test_accepting_the_change_lifts_no_refusal_of_another_purpose(make_site: MakeSite) -> None:
    before = make_site(ROUTES, **BEFORE).browser()
    choose(before, "save", layer="preferences", purpose=["marketing"])
    browser = make_site(ROUTES, **{**BEFORE, **CHANGED["a new recipient"]}).browser()
    browser.cookies = before.cookies
    choose(browser, "accept_all")
    assert browser.get("/facts").json()["granted"] == ["marketing", "necessary"]


def test_a_service_granted_alone_lapses_with_what_is_material_of_it(make_site: MakeSite) -> None:
    async def services(request: Request) -> Response:
        return JSONResponse(sorted(request.state.visit.consent.services))

    routes = [Route("/", services)]
    before = make_site(routes, **BEFORE).browser()
    choose(before, "reject_all")
    choose(before, "allow_service", layer="placeholder", service=["youtube"])
    assert before.get("/").json() == ["youtube"]
    longer = [*BEFORE["cookies"], Cookie("watched", "marketing", lifetime=300 * DAY, service="youtube")]
    browser = make_site(routes, **{**BEFORE, "cookies": longer}).browser()
    browser.cookies = before.cookies
    assert browser.get("/").json() == []


def test_a_choice_that_no_cookie_could_keep_is_refused_when_settings_load() -> None:
    """RFC 6265bis §5.6: refused when settings load, not in production."""
    many = [Service(f"service-with-a-long-name-{number}", "marketing") for number in range(100)]
    with pytest.raises(ValueError, match="join services of one provider"):
        Settings(secret_keys=KEYS, services=many)
    Settings(secret_keys=KEYS, services=many[:40])


@pytest.mark.parametrize("uses", ["profiles", ("My Profiles",)])
def test_uses_are_names(uses: Any) -> None:
    with pytest.raises(ValueError, match="as in uses="):
        Purpose("marketing", uses=uses)


def material(**facts: Any) -> str:
    return Material(**{"sold": False, "lifetime": 30 * DAY, **facts}).code


def test_the_code_is_short_and_says_nothing_of_wording() -> None:
    assert len(material(recipients=frozenset({"Google Ireland Limited"}))) == 6


def test_whatever_is_not_a_code_covers_nothing() -> None:
    for other in ("", "0", "5", "?"):
        assert not covers(other, material(sold=True, recipients=frozenset({"a"})))
