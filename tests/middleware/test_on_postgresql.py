"""A site whose store is a PostgreSQL server: what a request asks of it, and what becomes of it when it hangs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from footfall import Access
from footfall.store.postgresql import server
from footfall.store.postgresql import store as postgresql_store
from tests.middleware.conftest import MakeSite, choose
from tests.postgresql import PostgreSQL
from tests.wire import Wire, wire_to

ACCESS = [Access("/members/*", member=True), Access("/safe/*", fresh=timedelta(minutes=10))]


async def page(request: Request) -> PlainTextResponse:
    member = request.state.visit.member
    return PlainTextResponse(member.id if member else "nobody")


async def count(request: Request) -> PlainTextResponse:
    request.session["seen"] = request.session.get("seen", 0) + 1
    return PlainTextResponse(str(request.session["seen"]))


async def enter(request: Request) -> PlainTextResponse:
    await request.state.visit.login("ada", remember=True)
    return PlainTextResponse("welcome")


ROUTES = [Route("/enter", enter, methods=["POST"]), Route("/members/x", page), Route("/count", count), Route("/", page)]


@pytest.fixture
def wire(postgresql: PostgreSQL) -> Iterator[Wire]:
    with wire_to(postgresql.emptied()) as wire:
        yield wire


@pytest.fixture
def member(make_site: MakeSite, wire: Wire) -> Iterator[TestClient]:
    """The browser of a member who has agreed to everything, and used the site a little."""
    with make_site(ROUTES, access=ACCESS, store=wire.url).browser() as browser:
        choose(browser, "accept_all")
        browser.post("/enter", headers={"sec-fetch-site": "same-origin"})
        assert browser.get("/members/x").text == "ada"
        yield browser


def test_a_members_request_is_one_round_trip(member: TestClient, wire: Wire) -> None:
    before = wire.round_trips
    for _ in range(10):
        assert member.get("/members/x").text == "ada"
    assert wire.round_trips == before + 10


def test_a_members_request_that_changes_the_session_is_two(member: TestClient, wire: Wire) -> None:
    for _ in range(2 * server.POOL_SIZE):
        member.get("/count")  # each connection prepares the statement once
    before = wire.round_trips
    assert member.get("/count").text == str(2 * server.POOL_SIZE + 1)
    assert wire.round_trips == before + 2


def test_a_visitors_request_is_none(member: TestClient, wire: Wire) -> None:
    member.cookies = {name: value for name, value in member.cookies.items() if "visitor" in name or "consent" in name}  # type: ignore[assignment]
    before = wire.round_trips
    for _ in range(10):
        assert member.get("/").text == "nobody"
    assert wire.round_trips == before


def test_what_was_withdrawn_elsewhere_is_asked_while_requests_go_on(
    make_site: MakeSite, wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    """Once a second somebody has to ask; where requests are frequent none of them waits for it."""
    site = make_site(ROUTES, store=wire.url)
    with site.browser() as visitor:
        visitor.get("/")
        site.clock.now += 0.6
        before = wire.round_trips
        wire.block()
        assert visitor.get("/").text == "nobody"
        assert wire.round_trips == before
        assert "could not be exchanged" not in caplog.text  # which who had waited would have read
        wire.unblock()
        for _ in range(200):
            if wire.round_trips > before:
                return
            time.sleep(0.05)
    raise AssertionError(f"{wire.round_trips - before} asked")


def test_connections_that_were_cut_are_noticed_by_no_request(member: TestClient, wire: Wire) -> None:
    for _ in range(3):
        wire.cut()
        assert member.get("/members/x").text == "ada"


def test_a_server_that_hangs_closes_what_is_protected_and_nothing_else_and_is_back_by_itself(
    member: TestClient, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ASVS 16.5.2: 503 on protected paths, anonymous on public ones, and no cookie changes."""
    monkeypatch.setattr(postgresql_store, "READ_PATIENCE_S", 0.2)
    monkeypatch.setattr(server, "STATEMENT_PATIENCE_S", 0.2)
    wire.block()
    for _ in range(3):
        protected, public = member.get("/members/x"), member.get("/")
        assert (protected.status_code, "set-cookie" in protected.headers) == (503, False)
        assert (public.status_code, public.text, "set-cookie" in public.headers) == (200, "nobody", False)
    wire.unblock()
    for _ in range(200):
        if member.get("/members/x").status_code == 200:
            return
        time.sleep(0.05)
    raise AssertionError("the store did not come back")
