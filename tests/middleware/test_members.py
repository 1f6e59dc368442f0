"""Members at the middleware: signed in, remembered, let through, sent to the sign-in and back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from starlette.authentication import requires
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from footfall import Access
from footfall.sessions.return_to import safe_return
from tests.middleware.conftest import MakeSite, choose, set_cookies

ACCESS = [
    Access("/members/help"),
    Access("/members/*", member=True),
    Access("/desk/*", role="librarian"),
    Access("/account/*", fresh=timedelta(minutes=10)),
    Access("/vip", check=lambda member: member.id == "ada"),
    Access("/socket", member=True),
]


async def sign_in(request: Request) -> Response:
    form = dict(pair.split("=") for pair in (await request.body()).decode().split("&"))
    roles = ["librarian"] if form["who"] == "grace" else []
    await request.state.visit.login(form["who"], remember=form.get("remember") == "yes", roles=roles)
    return RedirectResponse(safe_return(request.query_params.get("next", "")) or "/", 303)


async def sign_out(request: Request) -> Response:
    await request.state.visit.logout(everywhere="everywhere" in request.query_params)
    return RedirectResponse("/", 303)


async def who(request: Request) -> Response:
    member = request.state.visit.member
    request.session["seen"] = request.session.get("seen", 0) + 1
    return JSONResponse({"member": member and member.id, "how": member and member.how, "seen": request.session["seen"]})


@requires(["authenticated", "librarian"])
async def for_librarians(request: Request) -> Response:
    return JSONResponse(request.user.display_name)


async def chat(websocket: WebSocket) -> None:
    await websocket.accept()
    websocket.session["chatted"] = True
    await websocket.send_json(websocket.state.visit.member.id)
    await websocket.close()


async def session(request: Request) -> Response:
    return JSONResponse(dict(request.session))


ROUTES = [
    Route("/", who),
    Route("/sign-in", sign_in, methods=["GET", "POST"]),
    Route("/sign-out", sign_out, methods=["POST"]),
    Route("/members/{page:path}", who, methods=["GET", "POST"]),
    Route("/desk/{page}", who),
    Route("/account/{page}", who),
    Route("/vip", who),
    Route("/starlette", for_librarians),
    Route("/session", session),
    WebSocketRoute("/socket", chat),
]


def enter(browser: TestClient, who: str = "ada", *, remember: bool = False, back: str = "/") -> Any:
    body = {"who": who, "remember": "yes" if remember else "no"}
    return browser.post(f"/sign-in?next={back}", data=body, follow_redirects=False)


def status(browser: TestClient, path: str) -> int:
    return int(browser.get(path, follow_redirects=False).status_code)


def test_a_plain_visit_creates_no_session(make_site: MakeSite) -> None:
    """ASVS 7.6.2."""
    browser = make_site(ROUTES, access=ACCESS).browser()
    assert set_cookies(browser.get("/session")) == {}


def test_signing_in_opens_the_members_area_and_the_way_back_is_kept(make_site: MakeSite) -> None:
    browser = make_site(ROUTES, access=ACCESS).browser()
    refused = browser.get("/members/page?x=1", follow_redirects=False)
    assert (refused.status_code, refused.headers["location"]) == (303, "/sign-in?next=/members/page%3Fx%3D1")
    assert enter(browser, back="/members/page%3Fx%3D1").headers["location"] == "/members/page?x=1"
    assert browser.get("/members/page?x=1").json()["member"] == "ada"


def test_the_first_rule_that_matches_decides(make_site: MakeSite) -> None:
    browser = make_site(ROUTES, access=ACCESS).browser()
    assert status(browser, "/members/help") == 200
    assert status(browser, "/members/other") == 303


@pytest.mark.parametrize(
    "path", ["//members/x", "/members//x", "/MEMBERS/x", "/./members/x", "/a/../members/x", "/members"]
)
def test_no_way_of_writing_a_path_passes_a_rule(make_site: MakeSite, path: str) -> None:
    response = make_site(ROUTES, access=ACCESS).browser().get(f"https://site.example{path}", follow_redirects=False)
    assert response.status_code in (303, 307, 404)
    assert "member" not in response.text


def test_a_role_that_is_missing_is_refused_and_not_asked_to_sign_in(make_site: MakeSite) -> None:
    site = make_site(ROUTES, access=ACCESS)
    ada, grace = site.browser(), site.browser()
    enter(ada)
    enter(grace, "grace")
    assert (status(ada, "/desk/today"), status(grace, "/desk/today")) == (403, 200)
    assert (status(ada, "/vip"), status(grace, "/vip")) == (200, 403)


def test_a_fresh_area_wants_a_recent_sign_in(make_site: MakeSite) -> None:
    """ASVS 7.5.1."""
    site = make_site(ROUTES, access=ACCESS)
    browser = site.browser()
    enter(browser)
    assert status(browser, "/account/password") == 200
    site.clock.now += 601
    assert status(browser, "/account/password") == 303
    assert status(browser, "/members/page") == 200


def test_remembered_after_the_browser_restarts_but_never_fresh(make_site: MakeSite) -> None:
    """ASVS 7.5.3."""
    site = make_site(ROUTES, access=ACCESS)
    browser = site.browser()
    remember = set_cookies(enter(browser, remember=True))["__Host-footfall-remember"]
    assert "Max-Age=2592000" in remember
    restarted = site.browser()  # session cookies are gone, persistent ones are kept
    restarted.cookies.set("__Host-footfall-remember", browser.cookies["__Host-footfall-remember"])
    site.clock.pass_days(2)
    assert restarted.get("/members/page").json() == {"member": "ada", "how": "remembered", "seen": 1}
    assert status(restarted, "/account/password") == 303


def test_signing_out_ends_the_session_everywhere_at_once(make_site: MakeSite) -> None:
    """ASVS 7.4.1: the old cookie is worth nothing on another worker."""
    site, other_worker = make_site(ROUTES, access=ACCESS), make_site(ROUTES, access=ACCESS)
    browser = site.browser()
    enter(browser)
    old = {"cookie": f"__Host-footfall-session={browser.cookies['__Host-footfall-session']}"}
    assert other_worker.browser().get("/members/x", headers=old).status_code == 200
    browser.post("/sign-out")
    assert other_worker.browser().get("/members/x", headers=old, follow_redirects=False).status_code == 303


def test_a_planted_session_is_never_signed_in(make_site: MakeSite) -> None:
    """ASVS 7.2.4: fixation."""
    site = make_site(ROUTES, access=ACCESS)
    planted = "A" * 43
    victim = site.browser()
    victim.cookies.set("__Host-footfall-session", planted)
    enter(victim)
    attacker = {"cookie": f"__Host-footfall-session={planted}"}
    assert site.browser().get("/members/x", headers=attacker, follow_redirects=False).status_code == 303


def test_a_program_gets_401_and_403_as_problem_json(make_site: MakeSite) -> None:
    """RFC 9110 §15.5.2, RFC 9457."""
    site = make_site(ROUTES, access=ACCESS)
    program = site.browser(accept="application/json")
    refused = program.get("/members/x")
    assert (refused.status_code, refused.headers["content-type"]) == (401, "application/problem+json")
    assert refused.headers["www-authenticate"]
    enter(program)
    assert program.get("/desk/x").json()["status"] == 403


def test_a_form_sent_after_the_session_ended_is_not_lost_silently(make_site: MakeSite) -> None:
    browser = make_site(ROUTES, access=ACCESS).browser()
    answer = browser.post(
        "/members/comment", data={"text": "long"}, headers={"referer": "https://site.example/members/book"}
    )
    assert answer.status_code == 401
    assert "send it again" in answer.text
    assert "/sign-in?next=/members/book" in answer.text


def test_a_websocket_is_refused_before_it_is_accepted(make_site: MakeSite) -> None:
    site = make_site(ROUTES, access=ACCESS)
    browser = site.browser()
    with pytest.raises(WebSocketDisconnect), browser.websocket_connect("wss://site.example/socket"):
        pass
    enter(browser)
    with browser.websocket_connect("wss://site.example/socket") as connection:
        assert connection.receive_json() == "ada"
    assert browser.get("/session").json()["chatted"] is True


def test_starlettes_own_requires_works(make_site: MakeSite) -> None:
    site = make_site(ROUTES, access=ACCESS)
    ada, grace = site.browser(), site.browser()
    enter(ada)
    enter(grace, "grace")
    assert (status(ada, "/starlette"), status(grace, "/starlette")) == (403, 200)


def test_the_session_behaves_as_starlettes_does(make_site: MakeSite) -> None:
    browser = make_site(ROUTES).browser()
    first = browser.get("/")
    assert first.json()["seen"] == 1
    assert "Cookie" in first.headers["vary"]
    assert list(set_cookies(first)) == ["__Host-footfall-session"]
    second = browser.get("/")
    assert second.json()["seen"] == 2
    assert set_cookies(second) == {}


def test_answers_for_a_member_are_private_and_protected_ones_are_kept_nowhere(make_site: MakeSite) -> None:
    """ASVS 14.3.2."""
    browser = make_site(ROUTES, access=ACCESS).browser()
    enter(browser)
    assert browser.get("/").headers["cache-control"] == "private"
    assert browser.get("/members/x").headers["cache-control"] == "no-store"


def test_an_outage_of_the_store_opens_nothing_and_signs_nobody_out(make_site: MakeSite, tmp_path: Any) -> None:
    """ASVS 16.5.2."""
    site = make_site(ROUTES, access=ACCESS)
    browser = site.browser()
    choose(browser, "accept_all")
    enter(browser, remember=True)
    broken = make_site(ROUTES, access=ACCESS, store=f"sqlite:///{tmp_path}/broken.db")
    (tmp_path / "broken.db").write_bytes(b"this is no database" * 100)
    visitor = broken.browser()
    visitor.cookies = browser.cookies
    assert status(visitor, "/members/x") == 503
    public = visitor.get("/session")
    assert (public.status_code, set_cookies(public)) == (200, {})


def test_over_plain_http_on_this_machine_the_names_are_plain(make_site: MakeSite) -> None:
    browser = make_site(ROUTES, access=ACCESS).browser("http://localhost:8000")
    answer = enter(browser, remember=True)
    assert list(set_cookies(answer)) == ["footfall-session", "footfall-remember"]
    assert not any("Secure" in line for line in set_cookies(answer).values())
    assert browser.get("/members/x").status_code == 200
