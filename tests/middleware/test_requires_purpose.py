"""A purpose at the handler: the decorator of Starlette's handlers, and FastAPI's dependency."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import Depends, FastAPI
from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from footfall import ConsentRequired, Footfall, Settings, requires_purpose
from tests.middleware.conftest import KEYS, ORIGIN, MakeSite, choose

JSON = {"accept": "application/json"}


@requires_purpose("analytics")
async def asynchronous(request: Request) -> Response:
    return PlainTextResponse("counted")


@requires_purpose("analytics", "marketing")
def plain(request: Request) -> Response:
    return PlainTextResponse("in a thread")


class Endpoint(HTTPEndpoint):
    @requires_purpose("preferences")
    async def get(self, request: Request) -> Response:
        return PlainTextResponse("endpoint")


@requires_purpose("analytics")
async def socket(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("live")
    await websocket.close()


@requires_purpose("analitycs")
async def typo(request: Request) -> Response:
    return PlainTextResponse("never")


ROUTES = [
    Route("/one", asynchronous, methods=["GET", "POST"]),
    Route("/two", plain),
    Route("/three", Endpoint),
    Route("/typo", typo),
    WebSocketRoute("/socket", socket),
]


def test_a_granted_purpose_lets_every_kind_of_handler_run(make_site: MakeSite) -> None:
    browser = make_site(ROUTES).browser()
    choose(browser, "accept_all")
    assert [browser.get(path).text for path in ("/one", "/two", "/three")] == ["counted", "in a thread", "endpoint"]
    with browser.websocket_connect("wss://site.example/socket") as connection:
        assert connection.receive_text() == "live"


def test_a_program_is_told_what_is_missing(make_site: MakeSite) -> None:
    """RFC 9457. Failure is closed: before the choice nothing is granted."""
    browser = make_site(ROUTES).browser()
    answer = browser.get("/two", headers=JSON)
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")
    assert (answer.json()["missing"], answer.json()["choices"]) == (["analytics", "marketing"], "/privacy")
    assert answer.headers["cache-control"] == "no-store"
    choose(browser, "save", purpose=["analytics"])
    assert browser.get("/two", headers=JSON).json()["missing"] == ["marketing"]


def test_a_person_is_told_in_words_and_led_to_the_choice_and_back(make_site: MakeSite) -> None:
    answer = make_site(ROUTES).browser(**{"accept-language": "de"}).get("/one?a=1")
    assert answer.status_code == 403
    assert "Das braucht Ihre Erlaubnis" in answer.text
    assert "Statistik" in answer.text
    assert 'href="/privacy?return_to=/one%3Fa%3D1#choose"' in answer.text


def test_a_form_is_no_way_back(make_site: MakeSite) -> None:
    answer = make_site(ROUTES).browser().post("/one", headers={"sec-fetch-site": "same-origin"})
    assert (answer.status_code, 'href="/privacy#choose"' in answer.text) == (403, True)


def test_a_socket_is_not_accepted(make_site: MakeSite) -> None:
    browser = make_site(ROUTES).browser()
    with pytest.raises(WebSocketDisconnect) as refused, browser.websocket_connect("/socket"):
        pass
    assert refused.value.code == 1008


def test_a_misspelt_purpose_fails_loudly_and_closed(make_site: MakeSite) -> None:
    browser = make_site(ROUTES).browser()
    choose(browser, "accept_all")
    assert browser.get("/typo").status_code == 500


@pytest.mark.parametrize("wrong", [(), (1,), (asynchronous,)])
def test_names_are_wanted(wrong: Any) -> None:
    with pytest.raises(ValueError, match='as in requires_purpose\\("analytics"\\)'):
        requires_purpose(*wrong)


def test_a_handler_without_a_request_says_what_to_do(make_site: MakeSite) -> None:
    @requires_purpose("analytics")
    async def handler() -> None: ...

    with pytest.raises(TypeError, match="give it a parameter"):
        handler().send(None)


# -- FastAPI


def fast() -> FastAPI:
    app = FastAPI()

    @app.get("/one", dependencies=[Depends(requires_purpose("analytics"))])
    async def one() -> str:
        return "counted"

    @app.websocket("/socket", dependencies=[Depends(requires_purpose("analytics"))])
    async def live(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.close()

    return app


def inside(app: FastAPI, settings: Settings) -> Any:
    app.add_middleware(Footfall, settings=settings)
    return app


def around(app: FastAPI, settings: Settings) -> Any:
    return Footfall(app, settings=settings)


Mount = Callable[[FastAPI, Settings], Any]


@pytest.fixture(params=[inside, around])
def mounted(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[FastAPI], TestClient]]:
    mount: Mount = request.param
    clients: list[TestClient] = []

    def client_of(app: FastAPI) -> TestClient:
        settings = Settings(secret_keys=KEYS, store=f"sqlite:///{tmp_path}/store.db")
        client = TestClient(mount(app, settings), base_url=ORIGIN, headers={"accept": "text/html"})
        clients.append(client)
        return client

    yield client_of
    for client in clients:
        client.close()


def test_a_dependency_lets_in_and_keeps_out(mounted: Callable[[FastAPI], TestClient]) -> None:
    browser = mounted(fast())
    answer = browser.get("/one", headers=JSON)
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")
    assert answer.json()["missing"] == ["analytics"]
    assert 'href="/privacy?return_to=/one#choose"' in browser.get("/one").text
    choose(browser, "accept_all")
    assert browser.get("/one", headers=JSON).json() == "counted"


def test_a_dependency_refuses_a_socket(mounted: Callable[[FastAPI], TestClient]) -> None:
    browser = mounted(fast())
    with pytest.raises(WebSocketDisconnect) as refused, browser.websocket_connect("/socket"):
        pass
    assert refused.value.code == 1008


def test_an_app_may_answer_in_its_own_words(mounted: Callable[[FastAPI], TestClient]) -> None:
    app = fast()

    async def own(request: Request, error: Exception) -> Response:
        assert isinstance(error, ConsentRequired)
        return JSONResponse({"please": error.missing}, 451)

    app.add_exception_handler(ConsentRequired, own)
    answer = mounted(app).get("/one")
    assert (answer.status_code, answer.json()) == (451, {"please": ["analytics"]})


def test_without_footfall_it_says_what_is_missing() -> None:
    with (
        TestClient(Starlette(routes=ROUTES)) as browser,
        pytest.raises(RuntimeError, match=r"requires_purpose\(\) finds no visit"),
    ):
        browser.get("/one")
