"""Services: a purpose may be granted without one of its services, and one service without its purpose."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from footfall import Cookie, Service, Settings
from footfall.consent.choice import Choice, from_content, to_content
from footfall.store import open_store
from tests.middleware.conftest import KEYS, MakeSite, choose, set_cookies

SERVICES = [
    Service("youtube", purpose="marketing", title="YouTube", provider="Google", hosts=("youtube.com",)),
    Service("maps", purpose="marketing", title="Maps", provider="Mapper"),
    Service("payment", purpose="necessary", title="Payment"),
]
COOKIES = [
    Cookie("watched", purpose="marketing", service="youtube"),
    Cookie("place", purpose="marketing", service="maps"),
    Cookie("ad", purpose="marketing"),
]


async def facts(request: Request) -> Response:
    consent = request.state.visit.consent
    response = JSONResponse(
        {
            "marketing": consent.allows("marketing"),
            "services": sorted(consent.services),
            "decided": consent.decided,
            "sees": sorted(request.cookies),
        }
    )
    for name in ("watched", "place", "ad"):
        response.set_cookie(name, "1")
    return response


ROUTES = [Route("/facts", facts)]


@pytest.fixture
def browser(make_site: MakeSite) -> TestClient:
    return make_site(ROUTES, services=SERVICES, cookies=COOKIES).browser()


def known(browser: TestClient) -> dict[str, Any]:
    seen: dict[str, Any] = browser.get("/facts").json()
    return seen


def save(browser: TestClient, **fields: Any) -> Any:
    return choose(browser, "save", layer="preferences", offered=["youtube", "maps"], **fields)


def test_undecided_no_service_is_allowed_but_a_necessary_one(browser: TestClient) -> None:
    assert known(browser)["services"] == ["payment"]


def test_accepting_all_allows_every_service(browser: TestClient) -> None:
    choose(browser, "accept_all")
    assert known(browser)["services"] == ["maps", "payment", "youtube"]


def test_a_purpose_is_granted_and_one_of_its_services_refused(browser: TestClient) -> None:
    save(browser, purpose=["marketing"], service=["maps"])
    seen = known(browser)
    assert (seen["marketing"], seen["services"]) == (True, ["maps", "payment"])


def test_the_cookie_of_a_refused_service_does_not_leave_and_is_not_seen(browser: TestClient) -> None:
    """ePrivacy 2002/58 art. 5(3): what was refused is neither stored nor read."""
    save(browser, purpose=["marketing"], service=["maps"])
    assert sorted(set_cookies(browser.get("/facts"))) == ["ad", "place"]
    browser.cookies.set("watched", "1")
    assert known(browser)["sees"] == ["__Host-footfall-consent", "ad", "place"]


def test_refusing_a_service_removes_its_cookies_in_that_response(browser: TestClient) -> None:
    """GDPR 7(3)."""
    choose(browser, "accept_all")
    browser.get("/facts")
    gone = choose(browser, "refuse_service", service=["youtube"]).headers.get_list("set-cookie")
    removed = [line.partition("=")[0] for line in gone if "Max-Age=0" in line]
    assert removed == ["watched"]
    assert known(browser)["services"] == ["maps", "payment"]


def test_an_offered_service_that_is_not_ticked_is_never_granted(browser: TestClient) -> None:
    save(browser, purpose=["marketing"])
    assert known(browser)["services"] == ["payment"]


def test_a_form_without_services_grants_them_with_their_purpose(browser: TestClient) -> None:
    choose(browser, "save", layer="preferences", purpose=["marketing"])
    assert known(browser)["services"] == ["maps", "payment", "youtube"]


def test_a_form_without_services_keeps_an_earlier_refusal(browser: TestClient) -> None:
    save(browser, purpose=["marketing"], service=["maps"])
    choose(browser, "save", layer="preferences", purpose=["marketing", "analytics"])
    assert known(browser)["services"] == ["maps", "payment"]


def test_one_service_may_be_granted_without_its_purpose(browser: TestClient) -> None:
    choose(browser, "reject_all")
    answer = choose(browser, "allow_service", layer="placeholder", service=["youtube"], return_to="/facts")
    assert answer.headers["location"] == "/facts"
    seen = known(browser)
    assert (seen["marketing"], seen["services"]) == (False, ["payment", "youtube"])
    assert sorted(set_cookies(browser.get("/facts"))) == ["watched"]


def test_allowing_a_service_leaves_the_undecided_undecided(browser: TestClient) -> None:
    choose(browser, "allow_service", layer="placeholder", service=["youtube"])
    seen = known(browser)
    assert (seen["decided"], seen["services"]) == (False, ["payment", "youtube"])


def test_answering_the_notice_settles_the_purposes_and_their_services(browser: TestClient) -> None:
    choose(browser, "allow_service", layer="placeholder", service=["youtube"])
    choose(browser, "reject_all")
    seen = known(browser)
    assert (seen["decided"], seen["services"]) == (True, ["payment"])


def test_withdrawing_takes_back_every_service(browser: TestClient) -> None:
    choose(browser, "allow_service", layer="placeholder", service=["youtube"])
    choose(browser, "withdraw", layer="preferences")
    assert known(browser)["services"] == ["payment"]


def test_a_signal_refuses_the_services_of_what_is_sold_or_shared(make_site: MakeSite) -> None:
    """11 CCR 7025(c)(1)."""
    browser = make_site(ROUTES, services=SERVICES, cookies=COOKIES).browser(**{"sec-gpc": "1"})
    choose(browser, "accept_all")
    choose(browser, "allow_service", layer="placeholder", service=["youtube"])
    assert known(browser)["services"] == ["payment"]


def test_a_signal_that_comes_later_narrows_what_was_granted(browser: TestClient) -> None:
    choose(browser, "accept_all")
    assert browser.get("/facts", headers={"sec-gpc": "1"}).json()["services"] == ["payment"]


def test_a_necessary_service_cannot_be_refused(browser: TestClient) -> None:
    choose(browser, "accept_all")
    choose(browser, "refuse_service", layer="preferences", service=["payment"])
    assert "payment" in known(browser)["services"]


def test_where_silence_grants_one_service_is_refused_all_the_same(make_site: MakeSite) -> None:
    """A refusal is a refusal in every regime; who refused one service has not refused the others."""
    browser = make_site(ROUTES, services=SERVICES, cookies=COOKIES, regime="opt-out").browser()
    assert known(browser)["services"] == ["maps", "payment", "youtube"]
    choose(browser, "refuse_service", layer="preferences", service=["youtube"])
    assert known(browser)["services"] == ["maps", "payment"]
    assert "watched" not in set_cookies(browser.get("/facts"))


def test_what_was_chosen_of_services_is_in_the_record(make_site: MakeSite, tmp_path: Any) -> None:
    """GDPR 7(1)."""
    browser = make_site(ROUTES, services=SERVICES, cookies=COOKIES).browser()
    save(browser, purpose=["marketing", "analytics"], service=["maps"])
    save(browser, purpose=["analytics"], service=["youtube"])
    first, second = records(tmp_path)
    assert (first.services, first.services_refused) == ((), ("youtube",))
    assert (second.services, second.services_refused) == (("youtube",), ())


def records(folder: Any) -> list[Any]:
    database = sqlite3.connect(folder / "store.db")
    (visitor,) = database.execute("SELECT DISTINCT visitor_id FROM consent_records").fetchone()
    database.close()
    store = open_store(f"sqlite:///{folder}/store.db")
    found = asyncio.run(store.consent_records(visitor_id=visitor))
    store.close()
    return list(found)


def test_a_misspelt_service_fails_loudly(make_site: MakeSite) -> None:
    async def typo(request: Request) -> Response:
        return JSONResponse(request.state.visit.consent.allows_service("yuotube"))

    assert make_site([Route("/", typo)], services=SERVICES).browser().get("/").status_code == 500


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"services": [Service("a", purpose="fun")]}, r"add Purpose\('fun'\)"),
        ({"services": [SERVICES[0], SERVICES[0]]}, "twice"),
        ({"services": [SERVICES[0], Service("b", "marketing", hosts=("youtube.com",))]}, "both have the host"),
        ({"cookies": COOKIES}, r'add Service\("youtube"'),
        ({"services": SERVICES, "cookies": [Cookie("watched", service="youtube")]}, "purpose=.marketing."),
    ],
)
def test_services_that_cannot_hold_are_refused_when_settings_load(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Settings(secret_keys=KEYS, **wrong)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": "You Tube"}, "a name is at most 32"),
        ({"party": "second"}, "neither 'first' nor 'third'"),
        ({"hosts": "youtube.com"}, "hosts is a tuple"),
        ({"hosts": ("https://youtube.com",)}, "is no host"),
    ],
)
def test_a_service_that_cannot_hold_is_refused(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Service(**{"name": "youtube", "purpose": "marketing", **wrong})


def test_a_choice_reads_as_it_was_written() -> None:
    choice = Choice(
        frozenset({"analytics"}),
        frozenset({"marketing"}),
        1_790_000_000,
        7,
        "preferences",
        "ab" * 16,
        frozenset({"youtube"}),
        frozenset({"maps"}),
        {"analytics": "k3"},
        told=8,
    )
    assert from_content(to_content(choice)) == choice
