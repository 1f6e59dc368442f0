"""A tiny site to try things on: a clock that can be moved, a sink that remembers, and a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from footfall import Event, Footfall, MemorySink, Settings

KEYS = ["0123456789abcdefghijklmnopqrstuvwxyz"]
ORIGIN = "https://site.example"


class Clock:
    """Unix time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now

    def pass_days(self, days: float) -> None:
        self.now += days * 86_400


@dataclass
class Site:
    """One site, and the browsers that visit it."""

    app: Starlette
    sink: MemorySink
    clock: Clock
    browsers: list[TestClient] = field(default_factory=list)

    def browser(self, origin: str = ORIGIN, **headers: str) -> TestClient:
        accept = {"accept": "text/html", "accept-language": "en", **headers}
        client = TestClient(self.app, base_url=origin, headers=accept, raise_server_exceptions=False)
        self.browsers.append(client)
        return client

    def events(self, *kinds: str) -> list[Event]:
        return [event for event in self.sink.events if not kinds or event.kind in kinds]


MakeSite = Callable[..., Site]


@pytest.fixture
def make_site(tmp_path: Path) -> Iterator[MakeSite]:
    sites: list[Site] = []

    def make(routes: list[BaseRoute], **settings: Any) -> Site:
        sink, clock = MemorySink(), Clock()
        given = {"secret_keys": KEYS, "store": f"sqlite:///{tmp_path}/store.db", **settings}
        mounted = Middleware(Footfall, settings=Settings(**given), sink=sink, clock=clock)
        site = Site(Starlette(routes=routes, middleware=[mounted]), sink, clock)
        sites.append(site)
        return site

    yield make
    for site in sites:
        for browser in site.browsers:
            browser.close()


def choose(browser: TestClient, choice: str, **fields: Any) -> Any:
    """What a click on a button of the notice or the preferences sends."""
    data = {"choice": choice, "layer": "notice", "return_to": "/", **fields}
    return browser.post("/privacy", data=data, headers={"sec-fetch-site": "same-origin"}, follow_redirects=False)


def set_cookies(response: Any) -> dict[str, str]:
    """The Set-Cookie lines of a response, by name."""
    lines = response.headers.get_list("set-cookie")
    return {line.partition("=")[0]: line for line in lines}
