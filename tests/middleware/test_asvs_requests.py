"""Rows of the sessions chapter that hold for whole requests and responses, each named for its requirement."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from footfall import Access
from tests.middleware.conftest import MakeSite, choose


async def sign_in(request: Request) -> Response:
    await request.state.visit.login("ada", remember=True, roles=request.query_params.get("roles", "").split())
    return RedirectResponse("/", 303)


async def sign_out(request: Request) -> Response:
    await request.state.visit.logout()
    return Response()


async def page(request: Request) -> Response:
    request.session["note"] = "x"
    match request.query_params.get("kind", ""):
        case "stream":
            return StreamingResponse(iter((b"a", b"b")))
        case "missing":
            return Response(status_code=404)
        case "moved":
            return RedirectResponse("/elsewhere")
        case "unchanged":
            return Response(status_code=304)
        case "broken":
            raise ValueError
        case "public":
            return Response(headers={"cache-control": "public, max-age=3600"})
        case "private":
            return Response(headers={"cache-control": "private, max-age=60"})
    return JSONResponse(None)


async def whoami(request: Request) -> Response:
    member = request.state.visit.member
    return JSONResponse([member and member.id, request.url.scheme, request.state.visit.visitor_id is not None])


async def chat(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_json(websocket.state.visit.member is not None)
    await websocket.close()


ROUTES = [
    Route("/", page),
    Route("/whoami", whoami),
    Route("/members/x", page),
    Route("/desk", page),
    Route("/sign-in", sign_in, methods=["POST"]),
    Route("/sign-out", sign_out, methods=["POST"]),
    WebSocketRoute("/chat", chat),
]
ACCESS = [Access("/members/*", member=True), Access("/desk", role="librarian")]
KINDS = ["", "stream", "missing", "moved", "unchanged", "broken", "private"]


def entered(site: Any, roles: str = "", **headers: str) -> TestClient:
    browser: TestClient = site.browser(**headers)
    browser.post(f"/sign-in?roles={roles}", follow_redirects=False)
    return browser


@pytest.mark.parametrize("kind", KINDS)
def test_v3_3_1_every_cookie_of_ours_on_every_response_is_bound_secure_and_hidden(
    make_site: MakeSite, kind: str
) -> None:
    """ASVS 3.3.1 (Secure, __Host-), 3.3.2 (SameSite), 3.3.4 (HttpOnly)."""
    site = make_site(ROUTES, access=ACCESS)
    answers = [site.browser().get(f"/?kind={kind}", follow_redirects=False)]
    browser = site.browser()
    answers += [choose(browser, "accept_all"), browser.get(f"/?kind={kind}", follow_redirects=False)]
    answers += [browser.post(path, follow_redirects=False) for path in ("/sign-in", "/sign-out")]
    lines = [line for answer in answers for line in answer.headers.get_list("set-cookie")]
    assert len(lines) >= 6 - (kind == "broken")
    for line in lines:
        assert line.startswith("__Host-footfall-")
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(line.split("; "))
        assert "domain" not in line.lower()


def test_v3_3_5_no_cookie_of_ours_nears_4096_bytes(make_site: MakeSite) -> None:
    """ASVS 3.3.5, RFC 6265bis §5.6."""
    browser = make_site(ROUTES).browser()
    lines = choose(browser, "accept_all").headers.get_list("set-cookie")
    lines += browser.post("/sign-in", follow_redirects=False).headers.get_list("set-cookie")
    assert max(len(line.partition(";")[0]) for line in lines) < 1024


@pytest.mark.parametrize("claimed", ["x-forwarded-proto", "x-forwarded-host", "x-forwarded-for", "forwarded"])
def test_v4_1_3_what_a_visitor_says_of_a_proxy_counts_for_nothing(make_site: MakeSite, claimed: str) -> None:
    """Scheme and address are the server's to tell, from proxies that it trusts."""
    browser = make_site(ROUTES).browser("http://localhost:8000")
    answer = browser.post("/sign-in", headers={claimed: "https"}, follow_redirects=False)
    assert [line.partition("=")[0] for line in answer.headers.get_list("set-cookie")] == [
        "footfall-session",
        "footfall-remember",
    ]


@pytest.mark.parametrize("origin", ["https://evil.example", "https://sub.site.example", "http://site.example", "null"])
def test_v4_4_2_a_foreign_page_opens_no_socket_with_a_members_session(make_site: MakeSite, origin: str) -> None:
    browser = entered(make_site(ROUTES))
    with (
        pytest.raises(WebSocketDisconnect),
        browser.websocket_connect("wss://site.example/chat", headers={"origin": origin}),
    ):
        pass


@pytest.mark.parametrize("origin", ["https://site.example", "https://SITE.example:443"])
def test_v4_4_2_our_own_pages_open_it(make_site: MakeSite, origin: str) -> None:
    browser = entered(make_site(ROUTES))
    with browser.websocket_connect("wss://site.example/chat", headers={"origin": origin}) as connection:
        assert connection.receive_json() is True


def test_v4_4_2_without_a_session_anybody_may_open_it(make_site: MakeSite) -> None:
    browser = make_site(ROUTES).browser()
    with browser.websocket_connect("wss://site.example/chat", headers={"origin": "https://evil.example"}) as connection:
        assert connection.receive_json() is False


@pytest.mark.parametrize("kind", [*KINDS, "public"])
def test_v14_3_2_what_a_rule_guards_is_stored_by_no_cache(make_site: MakeSite, kind: str) -> None:
    answer = entered(make_site(ROUTES, access=ACCESS)).get(f"/members/x?kind={kind}", follow_redirects=False)
    if kind == "broken":  # Starlette's own answer, from outside of all middleware
        assert answer.status_code == 500
    else:
        assert "no-store" in answer.headers["cache-control"]
        assert "public" not in answer.headers["cache-control"]


@pytest.mark.parametrize("kind", ["", "stream", "missing", "moved", "private"])
def test_v14_3_2_what_a_member_gets_elsewhere_is_their_own_browsers(make_site: MakeSite, kind: str) -> None:
    answer = entered(make_site(ROUTES)).get(f"/?kind={kind}", follow_redirects=False)
    assert "private" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    ("path", "accept"), [("/members/x", "text/html"), ("/members/x", "*/*"), ("/desk", "text/html"), ("/desk", "*/*")]
)
def test_v14_3_2_a_refusal_is_stored_by_no_cache(make_site: MakeSite, path: str, accept: str) -> None:
    site = make_site(ROUTES, access=ACCESS)
    for browser in (site.browser(accept=accept), entered(site, accept=accept)):
        answer = browser.get(path, follow_redirects=False)
        assert answer.status_code == 200 or "no-store" in answer.headers["cache-control"]


def test_v16_3_1_signing_in_and_out_is_logged_and_v16_2_5_no_token_with_it(
    make_site: MakeSite, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    browser = entered(make_site(ROUTES))
    tokens = list(browser.cookies.values())
    browser.post("/sign-out")
    ours = [record for record in caplog.records if record.name.startswith("footfall")]
    told = [record.getMessage().partition(" ")[0] for record in ours if record.name == "footfall.sessions"]
    assert told == ["sign_in", "sign_out"]
    said = " ".join(record.getMessage() for record in ours)
    assert len(tokens) == 2
    assert not [token for token in [*tokens, "ada"] if token in said]


def test_v16_3_2_refused_access_is_logged_and_v16_2_5_no_secret_of_the_path_with_it(
    make_site: MakeSite, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "footfall")
    site = make_site(ROUTES, access=[Access("/desk/*", role="librarian")])
    secret = "kX9vQ2mLr8TzWcYb4NpKd5sHf7Gm1Qe4UaZ0"
    assert entered(site).get(f"/desk/{secret}").status_code == 403
    assert "refused path=/desk/" in caplog.text
    assert secret not in "".join(record.getMessage() for record in caplog.records if record.name == "footfall.gate")


def test_v16_5_2_an_outage_answers_503_where_a_rule_stands_and_the_rest_goes_on(
    make_site: MakeSite, tmp_path: Any
) -> None:
    site = make_site(ROUTES, access=ACCESS)
    browser = entered(site)
    (tmp_path / "broken.db").write_bytes(b"this is no database" * 100)
    broken = make_site(ROUTES, access=ACCESS, store=f"sqlite:///{tmp_path}/broken.db").browser()
    broken.cookies = browser.cookies
    for path in ("/members/x", "/desk", "/privacy/sessions", "/privacy/signed-in"):
        answer = broken.get(path, follow_redirects=False)
        assert (answer.status_code, answer.headers.get_list("set-cookie")) == (503, [])
        assert "You have not been signed out" in answer.text
    assert broken.get("/whoami").json()[0] is None


def test_v7_2_4_a_session_that_was_planted_before_signing_in_is_dead_after_it(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    attacker, victim = site.browser(), site.browser()
    attacker.get("/")
    planted = attacker.cookies["__Host-footfall-session"]
    victim.cookies.set("__Host-footfall-session", planted, domain="site.example")
    victim.post("/sign-in", follow_redirects=False)
    assert victim.get("/whoami").json()[0] == "ada"
    assert attacker.get("/whoami").json()[0] is None


def test_v7_4_2_and_v7_6_2_nothing_but_the_sign_in_begins_a_session_and_the_end_is_the_end(
    make_site: MakeSite,
) -> None:
    site = make_site(ROUTES)
    browser = site.browser()
    assert browser.get("/whoami").headers.get_list("set-cookie") == []
    browser.post("/sign-in", follow_redirects=False)
    kept = dict(browser.cookies)
    browser.post("/sign-out")
    for name, value in kept.items():
        browser.cookies.set(name, value, domain="site.example")
    assert browser.get("/whoami").json()[0] is None


def test_what_has_expired_goes_from_the_store_though_nobody_signs_in(make_site: MakeSite, tmp_path: Path) -> None:
    """Sessions tell of people: browser, country, when. The requests of anybody see to it that they go."""
    site = make_site(ROUTES)
    entered(site)
    site.clock.pass_days(40)
    site.browser().get("/whoami")
    with closing(sqlite3.connect(tmp_path / "store.db")) as store:
        for table in ("sessions", "remember_series", "remember_tokens"):
            assert store.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
