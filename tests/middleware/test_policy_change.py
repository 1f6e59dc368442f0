"""A changed policy: who chose under an older version is told in words, once; their choice stands."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from footfall import Policy, Service
from footfall.consent.evidence import evidence, outdated_members
from footfall.store import open_store
from tests.middleware.conftest import MakeSite, choose, set_cookies

PAGE = "<body><p>x</p></body>"
CHANGED = Policy(
    version=2, changes={"en": "We now count downloads.", "de": "Wir zählen jetzt Downloads."}, url="/policy"
)


async def page(request: Request) -> Response:
    return HTMLResponse(PAGE)


async def facts(request: Request) -> Response:
    consent = request.state.visit.consent
    return JSONResponse({"analytics": consent.allows("analytics"), "version": consent.policy_version})


async def enter(request: Request) -> Response:
    await request.state.visit.login("ada")
    return Response()


ROUTES = [Route("/", page), Route("/facts", facts), Route("/enter", enter, methods=["POST"])]


def came_back(make_site: MakeSite, choice: str = "accept_all", **settings: Any) -> TestClient:
    """A visitor who chose under version 1, and comes again."""
    before = make_site(ROUTES, policy=Policy(version=1)).browser()
    choose(before, choice)
    browser = make_site(ROUTES, **{"policy": CHANGED, **settings}).browser()
    browser.cookies = before.cookies
    return browser


@pytest.mark.parametrize("choice", ["accept_all", "reject_all"])
def test_the_change_is_told_once_in_words_and_the_choice_stands(make_site: MakeSite, choice: str) -> None:
    """Promise 7: told of policy changes; a reworded policy asks nobody again."""
    browser = came_back(make_site, choice)
    first = browser.get("/")
    assert "We now count downloads." in first.text
    assert "Accept all" not in first.text
    assert browser.get("/").text == PAGE
    assert browser.get("/facts").json() == {"analytics": choice == "accept_all", "version": 1}


def test_the_page_that_tells_is_the_visitors_own_and_sets_only_the_choice(make_site: MakeSite) -> None:
    """RFC 9111: what was made for somebody is not for everybody."""
    response = came_back(make_site, "reject_all").get("/")
    assert response.headers["cache-control"].startswith("private, no-")
    assert list(set_cookies(response)) == ["__Host-footfall-consent"]
    assert int(response.headers["content-length"]) == len(response.content)


def test_to_have_been_told_prolongs_nothing(make_site: MakeSite) -> None:
    site = make_site(ROUTES, policy=Policy(version=1))
    before = site.browser()
    choose(before, "reject_all")
    after = make_site(ROUTES, policy=CHANGED)
    after.clock.pass_days(180)
    browser = after.browser()
    browser.cookies = before.cookies
    line = set_cookies(browser.get("/"))["__Host-footfall-consent"]
    assert f"Max-Age={2 * 86_400};" in line
    after.clock.pass_days(3)
    assert "Accept all" in browser.get("/").text


def test_a_refusal_that_was_told_still_identifies_nobody(make_site: MakeSite) -> None:
    first, second = (set_cookies(came_back(make_site, "reject_all").get("/")) for _ in range(2))
    assert first == second


def test_the_change_is_in_the_language_of_the_visitor(make_site: MakeSite) -> None:
    assert "Wir zählen jetzt Downloads." in came_back(make_site).get("/", headers={"accept-language": "de"}).text


def test_who_reads_the_privacy_page_was_told(make_site: MakeSite) -> None:
    browser = came_back(make_site)
    assert "We now count downloads." in browser.get("/privacy").text
    assert browser.get("/").text == PAGE


def test_who_chooses_anew_was_told(make_site: MakeSite) -> None:
    browser = came_back(make_site)
    choose(browser, "reject_all", layer="preferences")
    assert browser.get("/").text == PAGE
    assert browser.get("/facts").json() == {"analytics": False, "version": 2}


def test_a_program_or_a_fragment_is_told_nothing_and_spends_nothing(make_site: MakeSite) -> None:
    browser = came_back(make_site)
    browser.get("/facts")
    assert browser.get("/", headers={"hx-request": "true"}).text == PAGE
    assert "We now count downloads." in browser.get("/").text


def test_who_is_asked_again_reads_the_change_in_the_notice_and_has_been_told(make_site: MakeSite) -> None:
    """Promise 7: told of policy changes, where the change asks for a purpose again."""
    browser = came_back(make_site, services=[Service("ads", "marketing")])
    asking = browser.get("/").text
    assert ("We now count downloads." in asking, "<li>Marketing" in asking) == (True, True)
    assert "We now count downloads." in browser.get("/").text
    choose(browser, "reject_all")
    assert browser.get("/").text == PAGE


def test_who_is_asked_for_the_first_time_reads_of_no_change(make_site: MakeSite) -> None:
    assert "We now count downloads." not in make_site(ROUTES, policy=CHANGED).browser().get("/").text


def test_a_version_without_words_tells_nothing(make_site: MakeSite) -> None:
    assert came_back(make_site, policy=Policy(version=2)).get("/").text == PAGE


def test_who_chose_under_this_version_is_told_nothing(make_site: MakeSite) -> None:
    browser = make_site(ROUTES, policy=CHANGED).browser()
    choose(browser, "accept_all")
    assert browser.get("/").text == PAGE


def test_a_template_that_places_the_notice_places_the_change(make_site: MakeSite) -> None:
    async def own(request: Request) -> Response:
        return HTMLResponse(f"<main>{request.state.visit.notice()}</main>")

    before = make_site(ROUTES).browser()
    choose(before, "reject_all")
    browser = make_site([Route("/", own)], notice=False, policy=CHANGED).browser()
    browser.cookies = before.cookies
    assert "We now count downloads." in browser.get("/").text
    assert browser.get("/").text == "<main></main>"


def test_a_member_who_was_told_is_on_record_and_no_longer_listed(make_site: MakeSite, tmp_path: Path) -> None:
    """Those who agreed to an older policy are listed, so that they can be told; who was told is not."""
    before = make_site(ROUTES).browser()
    before.post("/enter", headers={"sec-fetch-site": "same-origin"})
    choose(before, "accept_all")
    site = make_site(ROUTES, policy=CHANGED)
    browser = site.browser()
    browser.cookies = before.cookies
    browser.get("/facts")
    assert [one.member_id for one in outdated(tmp_path)] == ["ada"]
    browser.get("/")
    site.clock.now += 2
    browser.get("/facts")
    assert outdated(tmp_path) == []
    told = proofs(tmp_path, "ada")[-1]
    assert told.shown is not None
    assert (told.record.method, told.intact) == ("notice_served", True)
    assert "We now count downloads." in told.shown.text


def outdated(folder: Path) -> list[Any]:
    store = open_store(f"sqlite:///{folder}/store.db")
    found = asyncio.run(outdated_members(store))
    store.close()
    return list(found)


def proofs(folder: Path, member: str) -> list[Any]:
    store = open_store(f"sqlite:///{folder}/store.db")
    found = asyncio.run(evidence(store, member_id=member))
    store.close()
    return list(found)


def test_changes_in_no_language_are_refused_when_settings_load() -> None:
    with pytest.raises(ValueError, match="no words"):
        Policy(version=2, changes={"en": ""})


def test_changes_fall_back_to_a_language_there_is() -> None:
    policy = Policy(version=2, changes={"en": "E", "de": "D"})
    assert [policy.changes_in(language) for language in ("de-AT", "fr", "en")] == ["D", "E", "E"]
    assert Policy(changes={"de": "D"}).changes_in("fr") == "D"
