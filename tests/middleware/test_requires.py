"""Access rules at the handler: the decorator of Starlette's handlers, and FastAPI's dependency."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, cast

import pytest
from fastapi import Depends, FastAPI, WebSocket
from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from footfall import Footfall, Member, Refused, Settings, refused, requires
from tests.middleware.conftest import KEYS, ORIGIN, Clock

TEN_MINUTES = timedelta(minutes=10)


async def sign_in(request: Request) -> Response:
    roles = request.query_params.get("roles", "").split()
    await request.state.visit.login("ada", roles=roles, remember="remember" in request.query_params)
    return RedirectResponse("/", 303)


@requires()
async def members(request: Request) -> Response:
    return JSONResponse(request.state.visit.member.id)


@requires(role="editor")
def editors(request: Request) -> Response:
    return PlainTextResponse("in a thread")


@requires(fresh=TEN_MINUTES)
async def fresh(request: Request) -> Response:
    return JSONResponse((await request.body()).decode())


@requires(check=lambda member: member.id == "grace")
async def checked(request: Request) -> Response:
    return Response()


class Endpoint(HTTPEndpoint):
    @requires(role="editor")
    async def get(self, request: Request) -> Response:
        return PlainTextResponse("endpoint")


@requires()
async def chat(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_json("welcome")
    await websocket.close()


def starlette_app() -> Starlette:
    return Starlette(
        routes=[
            Route("/sign-in", sign_in, methods=["POST"]),
            Route("/members", members),
            Route("/editors", editors),
            Route("/fresh", fresh, methods=["GET", "POST"]),
            Route("/checked", checked),
            Route("/endpoint", Endpoint),
            WebSocketRoute("/chat", chat),
        ]
    )


def fastapi_app(**options: Any) -> FastAPI:
    app = FastAPI(**options)
    app.add_route("/sign-in", sign_in, methods=["POST"])

    @app.get("/members")
    async def members(member: Annotated[Member, Depends(requires())]) -> str:
        return member.id

    @app.get("/editors", dependencies=[Depends(requires(role="editor"))])
    def editors() -> str:
        return "in a thread"

    @app.api_route("/fresh", methods=["GET", "POST"], dependencies=[Depends(requires(fresh=TEN_MINUTES))])
    async def fresh() -> str:
        return ""

    @app.get("/checked", dependencies=[Depends(requires(check=lambda member: member.id == "grace"))])
    async def checked() -> None: ...

    @app.get("/endpoint")
    @requires(role="editor")
    async def decorated(request: Request) -> str:
        return "endpoint"

    @app.websocket("/chat")
    async def chat(websocket: WebSocket, member: Annotated[Member, Depends(requires())]) -> None:
        await websocket.accept()
        await websocket.send_json("welcome")
        await websocket.close()

    return app


class Site:
    def __init__(self, app: Any, folder: Path) -> None:
        self.clock = Clock()
        settings = Settings(secret_keys=KEYS, store=f"sqlite:///{folder}/store.db", excluded=["/excluded"])
        self.app = Footfall(app, settings=settings, clock=self.clock)

    def browser(self, accept: str = "text/html") -> TestClient:
        return TestClient(self.app, base_url=ORIGIN, headers={"accept": accept, "accept-language": "en"})

    def member(self, roles: str = "", **options: Any) -> TestClient:
        browser = self.browser(**options)
        browser.post(f"/sign-in?roles={roles}", follow_redirects=False)
        return browser


@pytest.fixture(params=[starlette_app, fastapi_app], ids=["starlette", "fastapi"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    site = Site(request.param(), tmp_path)
    yield site
    site.app.site.close()


def got(browser: TestClient, path: str) -> tuple[int, str]:
    answer = browser.get(path, follow_redirects=False)
    return answer.status_code, answer.headers.get("location", "")


def test_who_may_enter_does(site: Site) -> None:
    editor = site.member("editor")
    assert [got(editor, path)[0] for path in ("/members", "/editors", "/fresh", "/endpoint")] == [200] * 4
    assert editor.get("/members").json() == "ada"


def test_a_page_leads_a_guest_to_the_sign_in_and_back(site: Site) -> None:
    assert got(site.browser(), "/members") == (303, "/sign-in?next=/members")


def test_a_program_is_told_401_and_by_what_to_sign_in(site: Site) -> None:
    """RFC 9110 §11.6.1."""
    answer = site.browser("application/json").get("/members")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Cookie")


@pytest.mark.parametrize("path", ["/editors", "/endpoint", "/checked"])
def test_a_member_without_the_role_or_whom_the_check_refuses_gets_403(site: Site, path: str) -> None:
    assert got(site.member(), path)[0] == 403


def test_v7_5_3_a_sign_in_that_is_too_old_is_asked_for_again(site: Site) -> None:
    browser = site.member()
    site.clock.now += 11 * 60
    assert got(browser, "/fresh") == (303, "/sign-in?next=/fresh")


def test_what_a_rule_guards_is_kept_by_no_cache(site: Site) -> None:
    """ASVS 14.3.2."""
    assert site.member().get("/members").headers["cache-control"] == "no-store"
    assert site.browser().get("/members", follow_redirects=False).headers["cache-control"] == "no-store"


def test_a_websocket_is_refused_before_it_is_accepted(site: Site) -> None:
    with pytest.raises(WebSocketDisconnect) as closed, site.browser().websocket_connect("wss://site.example/chat"):
        pass
    assert closed.value.code == 1008
    with site.member().websocket_connect("wss://site.example/chat") as connection:
        assert connection.receive_json() == "welcome"


def test_an_outage_opens_nothing(tmp_path: Path) -> None:
    """ASVS 16.5.2."""
    (tmp_path / "store.db").write_bytes(b"this is no database" * 100)
    site = Site(starlette_app(), tmp_path)
    browser = site.browser()
    browser.cookies.set("__Host-footfall-session", "A" * 43, domain="site.example")
    assert got(browser, "/members")[0] == 503


def test_the_decorator_offers_a_form_again(tmp_path: Path) -> None:
    site = Site(starlette_app(), tmp_path)
    answer = site.browser().post("/fresh", data={"text": "Dear Grace"}, headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 401
    assert 'value="Dear Grace"' in answer.text
    site.app.site.close()


@pytest.mark.parametrize(
    ("accept", "kind", "words"),
    [("text/html", "text/html", "your account"), ("*/*", "application/problem+json", '"status":403')],
)
def test_with_its_handler_the_dependency_answers_as_the_gate_does(
    tmp_path: Path, accept: str, kind: str, words: str
) -> None:
    site = Site(fastapi_app(exception_handlers={Refused: refused}), tmp_path)
    answer = site.member(accept=accept).get("/editors")
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (403, kind)
    assert words in answer.text
    assert got(site.browser(), "/members") == (303, "/sign-in?next=/members")
    site.app.site.close()


def _nothing() -> None: ...


@pytest.mark.parametrize(
    ("misuse", "error"),
    [(lambda: requires(fresh=timedelta(0)), ValueError), (lambda: requires()("no handler"), TypeError)],
)
def test_misuse_is_told_when_it_is_written(misuse: Callable[[], Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        misuse()


def test_a_handler_without_a_request_is_told_the_fix() -> None:
    unasked = requires()(_nothing)
    with pytest.raises(TypeError, match="request: Request"):
        asyncio.run(cast(Any, unasked)())


def test_without_footfall_around_it_says_so() -> None:
    with pytest.raises(RuntimeError, match="mount Footfall"):
        TestClient(starlette_app()).get("/members")
