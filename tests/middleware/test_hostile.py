"""What somebody may send on purpose: read as the app would read it, in bounds, and accounted for."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from footfall import Access, Cookie, Footfall, MemorySink, Settings
from footfall.arrival import Arrivals
from tests.middleware.conftest import KEYS, MakeSite, choose, set_cookies

CARD = "4111111111111111"


async def sees(request: Request) -> Response:
    return JSONResponse({"sees": request.headers.get("cookie", "")})


async def page(request: Request) -> Response:
    return HTMLResponse("<!doctype html><body>" + "<p>Hello</p>" * 200 + "</body>")


async def enter(request: Request) -> Response:
    await request.state.visit.login("ada")
    return Response()


async def leave(request: Request) -> Response:
    await request.state.visit.logout()
    return Response()


async def chat(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.close()


ROUTES = [
    Route("/", page),
    Route("/sees", sees),
    Route("/in", enter, methods=["POST"]),
    Route("/out", leave, methods=["POST"]),
    WebSocketRoute("/socket", chat),
]


@pytest.mark.parametrize("space", ["\x85", "\xa0", "\x1c", "\x0b"])
def test_a_name_behind_odd_white_space_is_not_ours(space: str) -> None:
    """A sibling domain cannot set a __Host- cookie, but may set one that a lenient parser takes for it."""
    header = f"{space}__Host-footfall-session=evil; a=1".encode("latin-1")
    assert (
        "__Host-footfall-session"
        not in Arrivals().read({"type": "http", "scheme": "https", "headers": [(b"cookie", header)]}).jar
    )


@pytest.mark.parametrize(
    "header",
    [
        f"cart=1; cart={CARD}",
        CARD,
        f"={CARD}",
        "; ".join(f"x{n}=1" for n in range(256)) + "; track=1",
        f"cart=1 ; \xa0y={CARD}",
    ],
    ids=["twice", "nameless", "no name", "the 257th", "odd space"],
)
def test_the_app_sees_no_cookie_that_the_guard_did_not(make_site: MakeSite, header: str) -> None:
    cookies = [Cookie("cart"), Cookie("x*"), Cookie("track", purpose="marketing")]
    browser = make_site(ROUTES, cookies=cookies).browser()
    seen = browser.get("/sees", headers={"cookie": header.encode("latin-1")}).json()["sees"]
    assert CARD not in seen
    assert "track" not in seen


def test_many_cookies_with_cards_make_a_bounded_answer_and_a_bounded_journal(make_site: MakeSite) -> None:
    site = make_site(ROUTES, cookies=[Cookie("c*")])
    header = "; ".join(f"c{number}={CARD}" for number in range(200))
    response = site.browser().get("/sees", headers={"cookie": header})
    assert response.json()["sees"] == ""
    assert len(set_cookies(response)) == 8
    assert len(site.events("cookie")) == 8


@pytest.mark.parametrize("name", [b"cookie", b"user-agent", b"accept-language", b"host"])
def test_long_headers_are_not_remembered(name: bytes) -> None:
    arrivals = Arrivals()
    for number in range(20):
        header = (name, b"a=%d; b=" % number + b"x" * 100_000)
        arrivals.read({"type": "http", "scheme": "https", "headers": [header]})
    assert len(arrivals) == 0


def test_of_browsers_without_end_so_many_are_remembered() -> None:
    arrivals = Arrivals()
    for number in range(5_000):
        arrivals.read({"type": "http", "scheme": "https", "headers": [(b"cookie", b"a=%d" % number)]})
    assert len(arrivals) == 2048
    last = {"type": "http", "scheme": "https", "headers": [(b"cookie", b"a=4999")]}
    assert arrivals.read(last).browser is arrivals.read(last).browser


def test_a_socket_that_another_site_opens_with_a_members_session_is_refused(make_site: MakeSite) -> None:
    """ASVS 4.4.2."""
    browser = make_site(ROUTES).browser()
    evil = {"origin": "https://evil.example"}
    with browser.websocket_connect("wss://site.example/socket", headers=evil):
        pass  # nobody's session: the app's own affair
    browser.post("/in")
    with pytest.raises(WebSocketDisconnect), browser.websocket_connect("wss://site.example/socket", headers=evil):
        pass
    with browser.websocket_connect("wss://site.example/socket", headers={"origin": "https://site.example"}):
        pass


def test_signing_out_clears_what_the_browser_kept_but_not_the_choice(make_site: MakeSite) -> None:
    browser = make_site(ROUTES).browser()
    browser.post("/in")
    assert browser.post("/out").headers["clear-site-data"] == '"cache", "storage"'
    assert "clear-site-data" not in browser.get("/").headers


# -- accounted for, whatever happens


def rows(site: Any) -> list[tuple[str, int]]:
    return [(event.path, event.status) for event in site.events("page_view", "request")]


def test_an_odd_referrer_is_no_error_and_one_row(make_site: MakeSite) -> None:
    site = make_site(ROUTES, access=[Access("/closed", member=True)])
    answer = site.browser().post("/closed", headers={"referer": "http://[x"})
    assert answer.status_code == 401
    assert rows(site) == [("/closed", 401)]


def test_a_rule_that_raises_is_one_row(make_site: MakeSite) -> None:
    def broken(member: Any) -> bool:
        raise RuntimeError

    site = make_site(ROUTES, access=[Access("/", check=broken)])
    browser = site.browser()
    browser.post("/in")
    browser.get("/")
    assert rows(site) == [("/in", 200), ("/", 500)]


def test_a_socket_whose_app_fails_before_it_answers_is_one_row(make_site: MakeSite) -> None:
    async def broken(websocket: WebSocket) -> None:
        raise RuntimeError("broken")

    site = make_site([WebSocketRoute("/socket", broken)])
    with pytest.raises(RuntimeError), site.browser().websocket_connect("wss://site.example/socket"):
        pass
    assert rows(site) == [("/socket", 500)]


def test_a_page_that_fails_while_it_is_held_for_the_notice_is_a_500_in_the_event_too(make_site: MakeSite) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        raise RuntimeError

    sink = MemorySink()
    footfall = Footfall(app, settings=Settings(secret_keys=KEYS, store="sqlite://:memory:"), sink=sink)
    scope: Scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
    with pytest.raises(RuntimeError):
        asyncio.run(footfall(scope, _nothing, _nowhere))
    assert [(event.kind, event.status) for event in sink.events] == [("request", 500)]


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


async def _nowhere(message: Message) -> None:
    return None


def test_a_path_that_cannot_be_written_is_written_with_a_question_mark(make_site: MakeSite) -> None:
    site = make_site([])
    footfall = Footfall(page, settings=Settings(secret_keys=KEYS, store="sqlite://:memory:"), sink=site.sink)  # type: ignore[arg-type]
    scope: Scope = {"type": "http", "method": "GET", "path": "/\udcff", "query_string": b"", "headers": []}
    with pytest.raises(TypeError):
        asyncio.run(footfall(scope, _nothing, _nowhere))
    assert site.events()[-1].path == "/?"


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({}, "page_view"),
        ({"sec-fetch-dest": "document"}, "page_view"),
        ({"sec-fetch-dest": "iframe"}, "request"),
        ({"sec-fetch-dest": "empty"}, "request"),
        ({"sec-purpose": "prefetch"}, "request"),
        ({"hx-request": "true"}, "request"),
        ({"hx-request": "true", "hx-boosted": "true"}, "page_view"),
    ],
)
def test_a_page_view_is_a_page_that_is_looked_at(make_site: MakeSite, headers: dict[str, str], kind: str) -> None:
    site = make_site(ROUTES)
    site.browser().get("/", headers=headers)
    assert site.events()[-1].kind == kind


def test_a_page_that_has_not_changed_was_looked_at_all_the_same(make_site: MakeSite) -> None:
    async def unchanged(request: Request) -> Response:
        return Response(status_code=304)

    site = make_site([Route("/", unchanged)])
    site.browser().get("/")
    site.browser(accept="image/png").get("/")
    assert [event.kind for event in site.events()] == ["page_view", "request"]


def test_who_cannot_be_given_an_identifier_is_not_counted_as_many(make_site: MakeSite) -> None:
    async def shared(request: Request) -> Response:
        return HTMLResponse("<p>x", headers={"cache-control": "public"})

    site = make_site([Route("/", shared)])
    browser = site.browser()
    choose(browser, "accept_all")
    browser.cookies.delete("__Host-footfall-visitor")
    site.sink.events.clear()
    browser.get("/")
    assert [event.visitor_id for event in site.events()] == [""]


def test_an_app_that_compresses_sends_the_page_that_asks_as_it_is(make_site: MakeSite) -> None:
    settings = Settings(secret_keys=KEYS, store="sqlite://:memory:")
    from starlette.applications import Starlette
    from starlette.testclient import TestClient

    app = Footfall(GZipMiddleware(Starlette(routes=ROUTES)), settings=settings)
    browser = TestClient(
        app, base_url="https://site.example", headers={"accept": "text/html", "accept-encoding": "gzip"}
    )
    asked = browser.get("/")
    assert "content-encoding" not in asked.headers
    assert "footfall-notice" in asked.text
    choose(browser, "reject_all")
    assert browser.get("/").headers["content-encoding"] == "gzip"


def test_signing_in_after_the_response_has_begun_fails_loudly(make_site: MakeSite) -> None:
    async def late(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await scope["state"]["visit"].login("ada")

    footfall = Footfall(late, settings=Settings(secret_keys=KEYS, store="sqlite://:memory:"))
    scope: Scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
    with pytest.raises(RuntimeError, match="after the response has begun"):
        asyncio.run(footfall(scope, _nothing, _nowhere))
