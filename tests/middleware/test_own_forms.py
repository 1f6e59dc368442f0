"""What another site's page sends with a member's session is refused (ASVS 3.5.1–3.5.3)."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from footfall import Access
from tests.middleware.conftest import MakeSite

CROSS = {"sec-fetch-site": "cross-site"}


async def sign_in(request: Request) -> Response:
    await request.state.visit.login("ada")
    return RedirectResponse("/", 303)


async def change(request: Request) -> Response:
    return JSONResponse((await request.body()).decode())


async def token(request: Request) -> Response:
    return JSONResponse(request.state.visit.form_token())


METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
ROUTES = [
    Route("/sign-in", sign_in, methods=["POST"]),
    Route("/token", token),
    Route("/hook", change, methods=["POST"]),
    Route("/change", change, methods=METHODS),
    Route("/privacy/export", change, methods=["POST"]),
]


def said_by_the_gate(caplog: pytest.LogCaptureFixture) -> str:
    return "".join(record.getMessage() for record in caplog.records if record.name == "footfall.gate")


def entered(make_site: MakeSite, **settings: Any) -> TestClient:
    browser = make_site(ROUTES, **settings).browser()
    browser.post("/sign-in", headers={"sec-fetch-site": "same-origin"}, follow_redirects=False)
    return browser


@pytest.mark.parametrize("method", METHODS[1:])
@pytest.mark.parametrize("headers", [CROSS, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}])
def test_v3_5_1_a_foreign_page_changes_nothing(make_site: MakeSite, method: str, headers: dict[str, str]) -> None:
    refused = entered(make_site).request(method, "/change", headers=headers)
    assert refused.status_code == 403
    assert "This did not come from our pages" in refused.text


def test_v3_5_1_nor_does_it_below_our_prefix_where_the_app_answers(make_site: MakeSite) -> None:
    assert entered(make_site).post("/privacy/export", headers=CROSS).status_code == 403


def test_v3_5_3_a_foreign_link_is_followed(make_site: MakeSite) -> None:
    assert entered(make_site).get("/change", headers=CROSS).status_code == 200


@pytest.mark.parametrize(
    "headers", [{}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, {"origin": "https://site.example"}]
)
def test_our_own_pages_and_programs_may_change_things(make_site: MakeSite, headers: dict[str, str]) -> None:
    assert entered(make_site).post("/change", data={"a": "b"}, headers=headers).json() == "a=b"


def test_without_a_session_nobody_is_asked_so_that_webhooks_and_bearer_tokens_go_on(make_site: MakeSite) -> None:
    for settings in ({}, {"csrf": "token"}):
        program = make_site(ROUTES, **settings).browser(accept="application/json")
        assert program.post("/change", data={"a": "b"}, headers=CROSS | {"authorization": "Bearer x"}).json() == "a=b"


def test_nobody_is_signed_in_from_another_site(make_site: MakeSite) -> None:
    """Login CSRF: the victim would write into the attacker's account."""
    browser = make_site(ROUTES).browser()
    assert browser.post("/sign-in", headers=CROSS).status_code == 403
    assert len(browser.cookies) == 0


def test_an_exempt_path_takes_what_others_send(make_site: MakeSite) -> None:
    browser = entered(make_site, csrf_exempt=["/hook"])
    assert browser.post("/hook", headers=CROSS).status_code == 200
    assert browser.post("/change", headers=CROSS).status_code == 403


def test_it_can_be_switched_off(make_site: MakeSite) -> None:
    assert entered(make_site, csrf="off").post("/change", headers=CROSS).status_code == 200


def test_a_program_is_told_in_problem_json_and_the_log_has_it(
    make_site: MakeSite, caplog: pytest.LogCaptureFixture
) -> None:
    """ASVS 16.3.2; RFC 9457."""
    browser = entered(make_site)
    caplog.set_level(logging.INFO, "footfall.gate")
    refused = browser.post("/change?name=ada", headers=CROSS | {"accept": "application/json"})
    assert (refused.status_code, refused.headers["content-type"]) == (403, "application/problem+json")
    assert "foreign path=/change" in caplog.text
    assert "ada" not in said_by_the_gate(caplog)


def test_v3_5_2_where_tokens_are_wanted_a_silent_browser_brings_one(make_site: MakeSite) -> None:
    browser = entered(make_site, csrf="token")
    refused = browser.post("/change", data={"a": "b"})
    assert refused.status_code == 403
    assert "Nothing was changed" in refused.text
    given = browser.get("/token").json()
    assert browser.post("/change", data={"a": "b", "form_token": given}).json().startswith("a=b&form_token=")
    assert browser.post("/change", content=b"{}", headers={"x-form-token": given}).json() == "{}"


def test_where_tokens_are_wanted_a_browser_that_speaks_for_itself_needs_none(make_site: MakeSite) -> None:
    browser = entered(make_site, csrf="token")
    assert browser.post("/change", data={"a": "b"}, headers={"sec-fetch-site": "same-origin"}).json() == "a=b"


def test_a_token_is_for_one_member_and_twelve_hours(make_site: MakeSite) -> None:
    site = make_site(ROUTES, csrf="token", session_idle=timedelta(days=1))
    strangers = site.browser().get("/token").json()
    browser = site.browser()
    browser.post("/sign-in", headers={"sec-fetch-site": "same-origin"}, follow_redirects=False)
    given = browser.get("/token").json()
    assert browser.post("/change", data={"form_token": strangers}).status_code == 403
    assert browser.post("/change", data={"form_token": given}).status_code == 200
    site.clock.now += 13 * 3600
    assert browser.post("/change", data={"form_token": given}).status_code == 403


def test_the_rules_of_access_come_before_the_token(make_site: MakeSite) -> None:
    browser = entered(make_site, csrf="token", access=[Access("/change", role="editor")])
    assert "your account" in browser.post("/change", data={"a": "b"}).text


def test_v16_4_1_a_path_writes_no_line_of_its_own_into_the_log(
    make_site: MakeSite, caplog: pytest.LogCaptureFixture
) -> None:
    browser = entered(make_site, access=[Access("/*", role="editor")])
    caplog.set_level(logging.INFO, "footfall.gate")
    browser.get("/x%0Asign_in%20session=none")
    assert "refused path=/x%0Asign_in%20session%3Dnone" in caplog.text
    assert "\nsign_in" not in caplog.text


def test_refused_access_is_logged_without_the_member(make_site: MakeSite, caplog: pytest.LogCaptureFixture) -> None:
    """ASVS 16.3.2, 16.2.5."""
    browser = entered(make_site, access=[Access("/change", role="editor")])
    caplog.set_level(logging.INFO, "footfall.gate")
    assert browser.get("/change").status_code == 403
    assert "refused path=/change" in caplog.text
    assert "ada" not in said_by_the_gate(caplog)
