"""The guard is the same under every ASGI framework: one app in each, one middleware, the same answers."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import django
import fastapi
import litestar
import pytest
import quart
from django.conf import settings as django_settings
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http import JsonResponse as DjangoResponse
from django.urls import path
from litestar.datastructures import Cookie as LitestarCookie
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from footfall import Cookie, Footfall, MemorySink, Settings
from tests.middleware.conftest import KEYS, ORIGIN, choose, set_cookies

CARD = "4111111111111111"
COOKIES = [Cookie("theme", purpose="preferences"), Cookie("cart", purpose="necessary")]


def starlette_app() -> Any:
    async def home(request: Request) -> Response:
        response = JSONResponse({"sees": sorted(request.cookies)})
        for name, value in (("theme", "dark"), ("cart", "books"), ("stranger", "1")):
            response.set_cookie(name, value, httponly=True)
        response.set_cookie("cart", CARD)
        return response

    return Starlette(routes=[Route("/", home)])


def fastapi_app() -> Any:
    app = fastapi.FastAPI()

    @app.get("/")
    async def home(request: fastapi.Request, response: fastapi.Response) -> dict[str, list[str]]:
        for name, value in (("theme", "dark"), ("cart", "books"), ("stranger", "1")):
            response.set_cookie(name, value, httponly=True)
        response.set_cookie("cart", CARD)
        return {"sees": sorted(request.cookies)}

    return app


def litestar_app() -> Any:
    @litestar.get("/")
    async def home(request: litestar.Request[Any, Any, Any]) -> litestar.Response[dict[str, list[str]]]:
        cookies = [
            LitestarCookie(key=name, value=value, httponly=True)
            for name, value in (("theme", "dark"), ("cart", "books"), ("stranger", "1"))
        ]
        response = litestar.Response({"sees": sorted(request.cookies)}, cookies=cookies)
        response.headers["x-framework"] = "litestar"
        response.set_cookie("receipt", CARD)
        return response

    return litestar.Litestar([home])


def quart_app() -> Any:
    app = quart.Quart(__name__)

    @app.get("/")
    async def home() -> Any:
        response = quart.jsonify({"sees": sorted(quart.request.cookies)})
        for name, value in (("theme", "dark"), ("cart", "books"), ("stranger", "1")):
            response.set_cookie(name, value, httponly=True)
        response.set_cookie("cart", CARD)
        return response

    return app


def django_app() -> Any:
    def home(request: HttpRequest) -> DjangoResponse:
        response = DjangoResponse({"sees": sorted(request.COOKIES)})
        response.set_cookie("theme", "dark", httponly=True)
        response.set_cookie("cart", "books", httponly=True)
        response.set_cookie("stranger", "1", httponly=True)
        response.set_cookie("receipt", CARD)
        return response

    urls = ModuleType("footfall_test_urls")
    urls.urlpatterns = [path("", home)]  # type: ignore[attr-defined]
    sys.modules[urls.__name__] = urls
    if not django_settings.configured:
        django_settings.configure(ROOT_URLCONF=urls.__name__, ALLOWED_HOSTS=["*"], SECRET_KEY=KEYS[0], USE_TZ=True)
        django.setup()
    return ASGIHandler()


FRAMEWORKS: dict[str, Callable[[], Any]] = {
    "starlette": starlette_app,
    "fastapi": fastapi_app,
    "litestar": litestar_app,
    "quart": quart_app,
    "django": django_app,
}


@pytest.fixture(params=sorted(FRAMEWORKS))
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    settings = Settings(secret_keys=KEYS, store=f"sqlite:///{tmp_path}/store.db", cookies=COOKIES)
    sink = MemorySink()
    app = Footfall(FRAMEWORKS[request.param](), settings=settings, sink=sink)
    # Not as a context manager: Django's handler knows no lifespan.
    return TestClient(app, base_url=ORIGIN, headers={"accept": "application/json"}), sink


def names(response: Any) -> list[str]:
    return sorted(set_cookies(response))


def test_before_the_choice_only_the_necessary_cookie_leaves(site: Any) -> None:
    browser, _ = site
    assert names(browser.get("/")) == ["cart"]


def test_after_accepting_what_was_declared_leaves_and_nothing_else(site: Any) -> None:
    browser, _ = site
    choose(browser, "accept_all")
    assert names(browser.get("/")) == ["cart", "theme"]


def test_no_card_leaves_and_each_drop_is_an_event(site: Any) -> None:
    browser, sink = site
    response = browser.get("/")
    assert CARD not in repr(response.headers)
    reasons = sorted((event.name, event.props["reason"]) for event in sink.events if event.kind == "cookie")
    assert reasons[-2:] == [("stranger", "undeclared"), ("theme", "refused")]
    assert [reason for _, reason in reasons].count("billing") == 1


def test_the_app_does_not_see_what_was_not_granted(site: Any) -> None:
    browser, _ = site
    response = browser.get("/", headers={"cookie": "theme=dark; cart=books; stranger=1"})
    assert response.json()["sees"] == ["cart"]


def test_the_request_is_one_row(site: Any) -> None:
    browser, sink = site
    browser.get("/")
    assert [(event.kind, event.path, event.status) for event in sink.events if event.kind == "request"] == [
        ("request", "/", 200)
    ]
