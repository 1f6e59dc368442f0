"""``/privacy/choices``: the choice as JSON, under the rules of the form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from footfall import Access, Service
from tests.middleware.conftest import MakeSite, choose, set_cookies

OURS = {"sec-fetch-site": "same-origin"}
SERVICES = [Service("youtube", "marketing"), Service("maps", "marketing")]


async def page(request: Request) -> Response:
    return HTMLResponse("<body></body>")


ROUTES = [Route("/", page)]


@pytest.fixture
def browser(make_site: MakeSite) -> TestClient:
    return make_site(ROUTES, services=SERVICES).browser()


def state(browser: TestClient) -> dict[str, Any]:
    answer = browser.get("/privacy/choices", headers=OURS)
    assert answer.headers["cache-control"] == "no-store"
    found: dict[str, Any] = answer.json()
    return found


def send(browser: TestClient, **fields: Any) -> Any:
    return browser.post("/privacy/choices", json=fields, headers=OURS)


def test_the_state_of_who_is_undecided(browser: TestClient) -> None:
    seen = state(browser)
    assert (seen["decided"], seen["source"], seen["at"], seen["policy_version"]) == (False, None, None, None)
    assert seen["purposes"] == {"necessary": True, "preferences": False, "analytics": False, "marketing": False}
    assert seen["services"] == {"youtube": False, "maps": False}
    assert seen["asked"] == ["preferences", "analytics", "marketing"]
    assert (seen["gpc"], seen["regime"], seen["language"], len(seen["shown"])) == (False, "opt-in", "en", 32)


def test_a_choice_is_made_and_answered_with_the_new_state(browser: TestClient) -> None:
    answer = send(
        browser,
        choice="save",
        purposes=["marketing"],
        services=["maps"],
        offered=["maps", "youtube"],
        layer="preferences",
    )
    assert answer.status_code == 200
    assert list(set_cookies(answer)) == ["__Host-footfall-consent"]
    assert answer.json()["services"] == {"youtube": False, "maps": True}
    seen = state(browser)
    assert (seen["decided"], seen["source"], seen["policy_version"], seen["asked"]) == (True, "preferences", 1, [])
    assert seen["at"] == 1_790_000_000
    assert seen["purposes"]["marketing"] is True


def test_all_and_nothing_can_be_said_too(browser: TestClient) -> None:
    assert all(send(browser, choice="accept_all").json()["purposes"].values())
    withdrawn = send(browser, choice="withdraw")
    assert [name for name, granted in withdrawn.json()["purposes"].items() if granted] == ["necessary"]
    assert "Max-Age=0" in set_cookies(withdrawn)["__Host-footfall-visitor"]


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}]
)
def test_another_site_neither_asks_nor_chooses(browser: TestClient, headers: dict[str, str]) -> None:
    """ASVS 3.5.1."""
    assert browser.get("/privacy/choices", headers=headers).status_code == 403
    answer = browser.post("/privacy/choices", json={"choice": "accept_all"}, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")
    assert set_cookies(answer) == {}


def test_a_browser_that_does_not_say_where_it_comes_from_sends_our_token(browser: TestClient) -> None:
    sent = {"choice": "reject_all"}
    assert browser.post("/privacy/choices", json=sent).status_code == 403
    assert browser.post("/privacy/choices", json={**sent, "token": state(browser)["token"]}).status_code == 200


WRONG: list[tuple[bytes, str, int]] = [
    (b"", "application/json", 400),
    (b"[" * 16_000, "application/json", 400),
    (b'{"choice": "accept_all"', "application/json", 400),
    (b'{"choice": "maybe"}', "application/json", 400),
    (b'{"choice": "save", "purposes": "analytics"}', "application/json", 400),
    (b'{"choice": "save", "purposes": ["analitycs"]}', "application/json", 400),
    (b'{"choice": "save", "services": ["yuotube"]}', "application/json", 400),
    (b'{"choice": "save", "purpose": ["analytics"]}', "application/json", 400),
    (b'{"choice": "\xff"}', "application/json", 400),
    (b'{"choice": "accept_all", "shown": "' + b"x" * 20_000 + b'"}', "application/json", 400),
    (b"choice=accept_all", "application/x-www-form-urlencoded", 415),
    (b'{"choice": "accept_all"}', "text/plain", 415),
    (b'{"choice": "accept_all", "shown": "0000"}', "application/json", 409),
]


@pytest.mark.parametrize(("body", "kind", "status"), WRONG)
def test_what_is_no_choice_is_told_and_changes_nothing(
    browser: TestClient, body: bytes, kind: str, status: int
) -> None:
    answer = browser.post("/privacy/choices", content=body, headers={**OURS, "content-type": kind})
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert set_cookies(answer) == {}


def test_the_words_that_were_shown_are_checked_and_taken(browser: TestClient) -> None:
    assert send(browser, choice="accept_all", shown=state(browser)["shown"]).status_code == 200


def test_a_grant_that_cannot_be_recorded_is_not_given_and_a_refusal_holds(make_site: MakeSite, tmp_path: Path) -> None:
    """Failure is closed."""
    (tmp_path / "store.db").write_bytes(b"this is no database" * 100)
    browser = make_site(ROUTES).browser()
    answer = send(browser, choice="accept_all")
    assert (answer.status_code, set_cookies(answer)) == (503, {})
    assert send(browser, choice="reject_all").json()["decided"] is True


def test_a_signal_is_honoured_here_too(make_site: MakeSite) -> None:
    """11 CCR 7025(c)(1)."""
    browser = make_site(ROUTES).browser(**{"sec-gpc": "1"})
    answer = send(browser, choice="accept_all").json()
    assert (answer["gpc"], answer["purposes"]["marketing"], answer["purposes"]["analytics"]) == (True, False, True)


def test_it_is_open_where_the_rest_of_the_site_is_not(make_site: MakeSite) -> None:
    browser = make_site(ROUTES, access=[Access("/*", member=True)]).browser()
    assert browser.get("/privacy/choices", headers=OURS).status_code == 200
    assert send(browser, choice="reject_all").status_code == 200


def test_what_the_form_chose_the_endpoint_tells(browser: TestClient) -> None:
    choose(browser, "reject_all")
    assert (state(browser)["decided"], state(browser)["source"]) == (True, "banner")
