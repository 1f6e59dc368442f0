"""Consent, enforced on every cookie of every kind of response (ePrivacy, PECR reg. 6)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from footfall import Cookie, Purpose
from tests.middleware.conftest import MakeSite, choose, set_cookies

COOKIES = [
    Cookie("theme", purpose="preferences", lifetime=timedelta(days=365)),
    Cookie("_ad_*", purpose="marketing"),
    Cookie("csrf", purpose="necessary"),
]

SETS = ("theme=dark; Path=/", "_ad_1=x; Path=/", "csrf=token; Path=/; HttpOnly", "stranger=1")


def with_cookies(response: Response) -> Response:
    for line in SETS:
        response.raw_headers.append((b"set-cookie", line.encode()))
    return response


async def page(request: Request) -> Response:
    return with_cookies(HTMLResponse("<!doctype html><title>x</title><body><p>Hello</p></body>"))


async def data(request: Request) -> Response:
    return with_cookies(JSONResponse({"sees": dict(request.cookies)}))


async def elsewhere(request: Request) -> Response:
    return with_cookies(RedirectResponse("/", 302))


async def unchanged(request: Request) -> Response:
    return with_cookies(Response(status_code=304))


async def missing(request: Request) -> Response:
    return with_cookies(Response("no", 404))


async def broken(request: Request) -> Response:
    return with_cookies(Response("oh", 500))


async def stream(request: Request) -> Response:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"a"
        yield b"b"

    return with_cookies(StreamingResponse(chunks()))


async def image(request: Request) -> Response:
    return with_cookies(Response(b"\x89PNG", media_type="image/png"))


async def odd_case(scope: Scope, receive: Receive, send: Send) -> None:
    headers = [(b"Set-Cookie", SETS[0].encode()), (b"SET-COOKIE", SETS[2].encode()), (b"X-Kept", b"1")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def socket(websocket: WebSocket) -> None:
    await websocket.accept(headers=[(b"set-cookie", line.encode()) for line in SETS])
    await websocket.send_json(dict(websocket.cookies))
    await websocket.close()


class OddCase:
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await odd_case(scope, receive, send)


ROUTES = [
    Route("/", page),
    Route("/data", data),
    Route("/elsewhere", elsewhere),
    Route("/unchanged", unchanged),
    Route("/missing", missing),
    Route("/broken", broken),
    Route("/stream", stream),
    Route("/image", image),
    Route("/odd", OddCase()),
    WebSocketRoute("/socket", socket),
]
KINDS = ["/", "/data", "/elsewhere", "/unchanged", "/missing", "/broken", "/stream", "/image", "/odd"]


@pytest.mark.parametrize("path", KINDS)
def test_before_the_choice_only_necessary_cookies_leave(make_site: MakeSite, path: str) -> None:
    """ePrivacy 2002/58, PECR reg. 6: nothing stored before the choice unless strictly necessary."""
    response = make_site(ROUTES, cookies=COOKIES).browser().get(path, follow_redirects=False)
    assert response.headers.get_list("set-cookie") == [SETS[2]]


@pytest.mark.parametrize("path", KINDS)
def test_after_accepting_declared_cookies_leave_byte_for_byte_and_in_order(make_site: MakeSite, path: str) -> None:
    browser = make_site(ROUTES, cookies=COOKIES).browser()
    choose(browser, "accept_all")
    response = browser.get(path, follow_redirects=False)
    expected = [SETS[0], SETS[2]] if path == "/odd" else list(SETS[:3])
    assert response.headers.get_list("set-cookie") == expected


def test_a_handshake_is_a_response_like_any_other(make_site: MakeSite) -> None:
    browser = make_site(ROUTES, cookies=COOKIES).browser()
    with browser.websocket_connect("/socket") as connection:
        sent = [value.decode() for name, value in connection.extra_headers or [] if name == b"set-cookie"]
    assert sent == [SETS[2]]


def test_cookies_without_a_grant_are_not_visible_to_the_app(make_site: MakeSite) -> None:
    browser = make_site(ROUTES, cookies=COOKIES).browser()
    sent = {"cookie": "theme=dark; csrf=token; stranger=1; _ad_9=x"}
    assert browser.get("/data", headers=sent).json()["sees"] == {"csrf": "token"}


def test_handshakes_do_not_show_them_either(make_site: MakeSite) -> None:
    browser = make_site(ROUTES, cookies=COOKIES).browser()
    with browser.websocket_connect("/socket", headers={"cookie": "theme=dark; csrf=token"}) as connection:
        assert connection.receive_json() == {"csrf": "token"}


def test_a_refusal_keeps_it_so_and_sets_no_identifier(make_site: MakeSite) -> None:
    browser = make_site(ROUTES, cookies=COOKIES).browser()
    answer = choose(browser, "reject_all")
    assert list(set_cookies(answer)) == ["__Host-footfall-consent"]
    assert browser.get("/").headers.get_list("set-cookie") == [SETS[2]]


def test_the_app_may_delete_its_own_cookies_without_consent(make_site: MakeSite) -> None:
    async def forget(request: Request) -> Response:
        response = Response()
        response.delete_cookie("theme")
        return response

    response = make_site([Route("/", forget)], cookies=COOKIES).browser().get("/")
    assert "theme" in set_cookies(response)


def test_withdrawing_removes_every_cookie_of_the_purpose_in_that_response(make_site: MakeSite) -> None:
    """GDPR 7(3): HttpOnly, Path, Domain, __Host- and Partitioned cookies alike."""
    cookies = [
        Cookie("plain", purpose="preferences"),
        Cookie("__Host-strict", purpose="preferences"),
        Cookie("deep", purpose="preferences", path="/shop", domain="site.example"),
        Cookie("parted", purpose="preferences", partitioned=True),
        Cookie("kept", purpose="necessary"),
    ]
    browser = make_site(ROUTES, cookies=cookies).browser()
    choose(browser, "accept_all")
    held = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    jar = f"{held}; plain=1; __Host-strict=1; deep=1; parted=1; kept=1"
    browser.cookies.clear()
    answer = browser.post(
        "/privacy",
        data={"choice": "withdraw", "layer": "preferences"},
        headers={"cookie": jar, "sec-fetch-site": "same-origin"},
        follow_redirects=False,
    )
    removed = [line for line in answer.headers.get_list("set-cookie") if "Max-Age=0" in line]
    names = {line.partition("=")[0] for line in removed}
    assert names == {"plain", "__Host-strict", "deep", "parted", "__Host-footfall-visitor"}
    assert any(line.startswith("deep=; Path=/shop; Domain=site.example; Max-Age=0") for line in removed)
    assert any(line.startswith("parted=") and "Partitioned" in line for line in removed)
    assert all("Secure" in line for line in removed if line.startswith("__Host-"))


def test_what_a_slower_response_resurrected_is_gone_by_the_next_one(make_site: MakeSite) -> None:
    browser = make_site(ROUTES, cookies=COOKIES).browser()
    choose(browser, "reject_all")
    browser.cookies.set("theme", "dark")
    assert "Max-Age=0" in set_cookies(browser.get("/data"))["theme"]


def test_a_purpose_of_the_apps_own_is_asked_for_and_enforced(make_site: MakeSite) -> None:
    async def play(request: Request) -> Response:
        response = Response()
        response.headers["set-cookie"] = "volume=3"
        return response

    site = make_site([Route("/", play)], purposes=[Purpose("video")], cookies=[Cookie("volume", purpose="video")])
    browser = site.browser()
    choose(browser, "save", purpose=["analytics"])
    assert "volume" not in set_cookies(browser.get("/"))
    choose(browser, "save", purpose=["video"])
    assert set_cookies(browser.get("/")).get("volume") == "volume=3"


def test_a_dropped_cookie_is_an_event_with_its_name_and_reason(make_site: MakeSite) -> None:
    site = make_site(ROUTES, cookies=COOKIES)
    site.browser().get("/")
    assert [(event.name, event.kind) for event in site.events("cookie")] == [
        ("theme", "cookie"),
        ("_ad_1", "cookie"),
        ("stranger", "cookie"),
    ]


def test_an_undeclared_cookie_passes_where_the_setting_only_reports(make_site: MakeSite) -> None:
    browser = make_site(ROUTES, cookies=COOKIES, undeclared="report").browser()
    assert "stranger" in set_cookies(browser.get("/"))


def test_the_app_cannot_set_a_cookie_of_our_name(make_site: MakeSite) -> None:
    async def forge(request: Request) -> Response:
        return Response(headers={"set-cookie": "__Host-footfall-session=mine; Secure; Path=/"})

    assert make_site([Route("/", forge)]).browser().get("/").headers.get_list("set-cookie") == []


def test_an_excluded_path_reads_no_cookie_and_sets_only_necessary_ones(make_site: MakeSite) -> None:
    site = make_site([Route("/static/app.js", data)], cookies=COOKIES)
    response = site.browser().get("/static/app.js", headers={"cookie": "theme=dark; csrf=1"})
    assert response.json()["sees"] == {}
    assert response.headers.get_list("set-cookie") == [SETS[2]]
    assert [(drop.reason, drop.count) for drop in site.sink.drops] == [("static", 1)]
    assert site.events("page_view", "request") == []


def test_a_cookie_dropped_on_an_excluded_path_is_an_event_too(make_site: MakeSite) -> None:
    site = make_site([Route("/static/app.js", data)], cookies=COOKIES)
    site.browser().get("/static/app.js")
    assert [event.name for event in site.events("cookie")] == ["theme", "_ad_1", "stranger"]
