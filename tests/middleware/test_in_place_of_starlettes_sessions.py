"""What Starlette's ``SessionMiddleware`` does for an app, ``Footfall`` does in its place: each case runs on both.

Where they differ on purpose the last tests say so: names and attributes of the cookie, renewal, and sign-out.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from footfall import Footfall, Settings
from tests.middleware.conftest import KEYS, Clock

ORIGIN = "https://site.example"


async def read(request: Request) -> Response:
    return JSONResponse({"session": request.session})


async def change(request: Request) -> Response:
    request.session.update(await request.json())
    return JSONResponse({"session": request.session})


async def clear(request: Request) -> Response:
    request.session.clear()
    return JSONResponse({"session": request.session})


async def delete(request: Request) -> Response:
    del request.session[request.query_params["key"]]
    return JSONResponse({"session": request.session})


async def pop(request: Request) -> Response:
    return JSONResponse({"popped": request.session.pop(request.query_params["key"], None)})


async def default(request: Request) -> Response:
    return JSONResponse({"default": request.session.setdefault("key", "first")})


async def inside(request: Request) -> Response:
    request.session["list"].append(1)
    if "mark" in request.query_params:
        cast(Any, request.session).mark_modified()
    return Response()


async def leave_alone(request: Request) -> Response:
    return Response()


async def vary(request: Request) -> Response:
    return JSONResponse(dict(request.session), headers={"vary": "Accept-Language"})


async def socket(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_json({"session": websocket.session})
    await websocket.close()


ROUTES: list[Any] = [
    Route("/read", read),
    Route("/change", change, methods=["POST"]),
    Route("/clear", clear, methods=["POST"]),
    Route("/delete", delete, methods=["POST"]),
    Route("/pop", pop, methods=["POST"]),
    Route("/default", default, methods=["POST"]),
    Route("/inside", inside, methods=["POST"]),
    Route("/alone", leave_alone),
    Route("/vary", vary),
    WebSocketRoute("/socket", socket),
]


class Kept:
    """An app with one of the two in front; ``expire`` lets the session's time run out."""

    cookie: str

    def __init__(self, middleware: Middleware) -> None:
        self.app = Starlette(routes=[*ROUTES, Mount("/mounted", routes=ROUTES)], middleware=[middleware])

    def browser(self, origin: str = ORIGIN) -> TestClient:
        return TestClient(self.app, base_url=origin)

    def expire(self) -> None: ...


class Starlettes(Kept):
    cookie = "session"

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self._now, self._patch = 1_700_000_000, monkeypatch
        monkeypatch.setattr("itsdangerous.TimestampSigner.get_timestamp", lambda signer: self._now)
        super().__init__(Middleware(SessionMiddleware, secret_key="example", max_age=1800, https_only=True))

    def expire(self) -> None:
        self._now += 1801


class Footfalls(Kept):
    cookie = "__Host-footfall-session"

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.clock = Clock()
        settings = Settings(secret_keys=KEYS, store=f"sqlite:///{folder}/store.db")
        super().__init__(Middleware(Footfall, settings=settings, clock=self.clock))

    def expire(self) -> None:
        self.clock.now += 1801


@pytest.fixture(params=[Starlettes, Footfalls])
def kept(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Kept:
    make: Callable[[pytest.MonkeyPatch, Path], Kept] = request.param
    return make(monkeypatch, tmp_path)


@pytest.fixture
def browser(kept: Kept) -> TestClient:
    return kept.browser()


def held(browser: TestClient) -> Any:
    return browser.get("/read").json()["session"]


def test_it_is_empty_at_first_and_kept_afterwards(browser: TestClient) -> None:
    assert held(browser) == {}
    assert browser.post("/change", json={"some": "data"}).json() == {"session": {"some": "data"}}
    assert held(browser) == {"some": "data"}
    assert browser.post("/change", json={"more": [1, None, {"a": True}]}).json()["session"]["some"] == "data"
    assert held(browser) == {"some": "data", "more": [1, None, {"a": True}]}


def test_every_way_of_changing_it_is_kept(browser: TestClient) -> None:
    browser.post("/change", json={"a": 1, "b": 2})
    assert browser.post("/delete?key=a").json() == {"session": {"b": 2}}
    assert browser.post("/pop?key=b").json() == {"popped": 2}
    assert held(browser) == {}
    assert browser.post("/default").json() == browser.post("/default").json() == {"default": "first"}
    assert held(browser) == {"key": "first"}


def test_a_cleared_session_is_gone_and_so_is_its_cookie(kept: Kept, browser: TestClient) -> None:
    browser.post("/change", json={"some": "data"})
    assert browser.post("/clear").json() == {"session": {}}
    assert kept.cookie not in browser.cookies
    assert held(browser) == {}


def test_clearing_what_is_empty_sets_no_cookie(browser: TestClient) -> None:
    assert "set-cookie" not in browser.post("/clear").headers


def test_it_ends_when_its_time_is_over(kept: Kept, browser: TestClient) -> None:
    browser.post("/change", json={"some": "data"})
    kept.expire()
    assert held(browser) == {}


@pytest.mark.parametrize("value", ["invalid", "", "ey", "a.b.c", "null", "é", "A" * 43, "A" * 5000])
def test_an_invalid_cookie_is_an_empty_session(kept: Kept, browser: TestClient, value: str) -> None:
    header = [(b"cookie", f"{kept.cookie}={value}".encode("latin-1"))]
    answer = browser.get("/read", headers=header)
    assert (answer.status_code, answer.json()) == (200, {"session": {}})


def test_a_cookie_is_set_only_where_something_changed(browser: TestClient) -> None:
    assert "set-cookie" not in browser.get("/read").headers
    assert "set-cookie" in browser.post("/change", json={"some": "data"}).headers
    assert "set-cookie" not in browser.get("/read").headers


def test_vary_names_the_cookie_where_the_session_was_looked_at(browser: TestClient) -> None:
    assert "vary" not in browser.get("/alone").headers
    assert browser.get("/read").headers["vary"] == "Cookie"
    assert browser.get("/vary").headers["vary"] == "Accept-Language, Cookie"


def test_what_changes_inside_a_value_is_kept_once_it_is_marked(browser: TestClient) -> None:
    browser.post("/change", json={"list": []})
    browser.post("/inside")
    assert held(browser) == {"list": []}
    browser.post("/inside?mark=yes")
    assert held(browser) == {"list": [1]}


def test_a_mounted_app_has_the_same_session(browser: TestClient) -> None:
    browser.post("/mounted/change", json={"some": "data"})
    assert held(browser) == browser.get("/mounted/read").json()["session"] == {"some": "data"}


def test_a_websocket_has_it_too(browser: TestClient) -> None:
    browser.post("/change", json={"some": "data"})
    with browser.websocket_connect("wss://site.example/socket") as connection:
        assert connection.receive_json() == {"session": {"some": "data"}}


def test_over_https_the_cookie_is_secure_and_for_scripts_out_of_reach(kept: Kept, browser: TestClient) -> None:
    """ASVS 3.3.1, 3.3.2, 3.3.4."""
    line = browser.post("/change", json={"some": "data"}).headers["set-cookie"].lower()
    assert line.startswith(f"{kept.cookie.lower()}=")
    assert {"path=/", "httponly", "samesite=lax", "secure"} <= set(line.split("; "))
    assert held(kept.browser("http://site.example")) == {}


# -- where they differ, on purpose


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Footfalls:
    return Footfalls(monkeypatch, tmp_path)


def test_ours_is_for_this_host_and_this_window_alone(ours: Footfalls) -> None:
    """No Domain, no other path, no age: ``__Host-`` allows none of the first two, and the server ends it."""
    line = ours.browser().post("/change", json={"some": "data"}).headers["set-cookie"].lower()
    assert not {"domain", "max-age", "expires"} & {part.partition("=")[0] for part in line.split("; ")}


def test_on_this_machine_ours_works_over_plain_http(ours: Footfalls) -> None:
    browser = ours.browser("http://localhost:8000")
    line = browser.post("/change", json={"some": "data"}).headers["set-cookie"]
    assert line.startswith("footfall-session=")
    assert "Secure" not in line
    assert held(browser) == {"some": "data"}


def test_ours_is_renewed_by_use_without_a_cookie(ours: Footfalls) -> None:
    browser = ours.browser()
    browser.post("/change", json={"some": "data"})
    for _ in range(3):
        ours.clock.now += 1200
        assert "set-cookie" not in browser.get("/read").headers
        ours.app.middleware_stack.app.site.store.close()  # type: ignore[union-attr]  # let the touch be written
    assert held(browser) == {"some": "data"}


def test_an_old_cookie_of_ours_brings_nothing_back(ours: Footfalls) -> None:
    """ASVS 7.4.1; of a session that lives in the cookie the old one is as good as ever."""
    browser = ours.browser()
    browser.post("/change", json={"some": "data"})
    old = browser.cookies[ours.cookie]
    browser.post("/clear")
    browser.cookies.set(ours.cookie, old, domain="site.example")
    assert held(browser) == {}
