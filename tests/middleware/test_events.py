"""Events: what is recorded of a request, of whom, and what never is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from footfall import Drop, Event, Footfall, Settings
from tests.middleware.conftest import KEYS, MakeSite, choose

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


async def page(request: Request) -> Response:
    return HTMLResponse("<p>Hello</p>")


async def use(request: Request) -> Response:
    visit = request.state.visit
    visit.document("price-list.pdf", pages=4)
    visit.database("crm")
    visit.event("signup", plan="pro", card="4111 1111 1111 1111")
    return JSONResponse({})


async def enter(request: Request) -> Response:
    await request.state.visit.login("ada")
    return JSONResponse({})


async def leave(request: Request) -> Response:
    await request.state.visit.logout()
    return JSONResponse({})


async def fail(request: Request) -> Response:
    raise RuntimeError("broken")


ROUTES = [
    Route("/", page),
    Route("/books/{id}", page),
    Route("/use", use),
    Route("/in", enter, methods=["POST"]),
    Route("/out", leave, methods=["POST"]),
    Route("/fail", fail),
]


def test_a_page_view_of_somebody_who_agreed_says_who_what_and_how(make_site: MakeSite) -> None:
    site = make_site(ROUTES, country_header="CF-IPCountry")
    browser = site.browser(**{"user-agent": AGENT, "cf-ipcountry": "NL", "accept-language": "nl-NL,nl;q=0.9"})
    choose(browser, "accept_all")
    site.sink.events.clear()
    response = browser.get("/books/7?utm_source=news", headers={"referer": "https://search.example/?q=books"})
    (event,) = site.events()
    assert (event.kind, event.method, event.path, event.route, event.status) == (
        "page_view", "GET", "/books/7", "/books/{id}", 200,
    )  # fmt: skip
    assert (event.query, event.host, event.site) == ("utm_source=news", "site.example", "main")
    assert (event.bytes, event.time_ms) == (len(response.content), int(site.clock.now * 1000))
    assert (event.country, event.language, event.user_agent) == ("NL", "nl-nl", AGENT)
    assert event.referrer.startswith("https://search.example/")
    assert (event.visit_number, event.policy_version, event.consent_source) == (1, 1, "banner")
    assert event.purposes == ("analytics", "marketing", "necessary", "preferences")
    assert len(event.visitor_id) == 36


@pytest.mark.parametrize("choice", ["reject_all", None])
def test_of_somebody_who_did_not_agree_only_an_anonymous_count_is_kept(make_site: MakeSite, choice: str | None) -> None:
    """CNIL: the anonymous path carries no identifier."""
    site = make_site(ROUTES)
    site.clock.now += 7.5
    browser = site.browser(**{"user-agent": AGENT})
    if choice:
        choose(browser, choice)
    browser.post("/in")
    site.sink.events.clear()
    browser.get("/use?email=a@b.example", headers={"referer": "https://search.example/private?q=me"})
    for event in site.events():
        assert (event.visitor_id, event.visit_number, event.member_id, event.ip) == ("", 0, "", "")
        assert (event.query, event.language, event.props) == ("", "", {})
        assert event.time_ms % 60_000 == 0
        assert event.referrer == "https://search.example/"
    assert [event.kind for event in site.events()] == ["document", "database", "event", "request"]


def test_views_carry_the_member_from_signing_in_to_signing_out(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    browser = site.browser()
    choose(browser, "accept_all")
    site.sink.events.clear()
    for method, path in (("GET", "/"), ("POST", "/in"), ("GET", "/"), ("POST", "/out"), ("GET", "/")):
        browser.request(method, path)
    assert [(event.kind, event.member_id) for event in site.events()] == [
        ("page_view", ""),
        ("sign_in", "ada"),
        ("request", "ada"),
        ("page_view", "ada"),
        ("sign_out", "ada"),
        ("request", ""),
        ("page_view", ""),
    ]
    assert len({(event.visitor_id, event.visit_number) for event in site.events()}) == 1


def test_documents_databases_and_events_are_recorded_with_their_names(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    browser = site.browser()
    choose(browser, "accept_all")
    browser.get("/use")
    document, database, event = site.events("document", "database", "event")
    assert (document.name, document.props) == ("price-list.pdf", {"pages": "4"})
    assert database.name == "crm"
    assert (event.name, event.props["plan"]) == ("signup", "pro")


def test_no_billing_data_reaches_an_event(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    browser = site.browser()
    choose(browser, "accept_all")
    browser.get("/use?card=4111111111111111&x=1")
    browser.get("/books/4111-1111-1111-1111", headers={"referer": "https://shop.example/?pan=4111111111111111"})
    written = repr(site.events())
    assert "4111" not in written
    assert "x=1" in written


def test_a_whole_address_is_in_no_event(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    browser = site.browser()
    choose(browser, "accept_all")
    browser._transport.client = ("203.0.113.77", 50_000)  # type: ignore[attr-defined]
    browser.get("/")
    assert site.events()[-1].ip == "203.0.113.0"
    assert "203.0.113.77" not in repr(site.events())


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [("/", 200, "page_view"), ("/use", 200, "request"), ("/nowhere", 404, "request"), ("/fail", 500, "request")],
)
def test_every_request_is_exactly_one_row(make_site: MakeSite, path: str, status: int, kind: str) -> None:
    site = make_site(ROUTES)
    site.browser().get(path)
    rows = [event for event in site.events("page_view", "request") if event.path == path]
    assert [(event.kind, event.status) for event in rows] == [(kind, status)]


def test_probes_and_static_files_are_counted_reasons(make_site: MakeSite) -> None:
    site = make_site(ROUTES, excluded=["/internal/*"])
    for path in ("/healthz", "/static/x.css", "/internal/x", "/privacy/style.css"):
        site.browser().get(path)
    assert [drop.reason for drop in site.sink.drops] == ["health", "static", "excluded", "static"]
    assert site.events() == []


def test_a_file_and_a_stream_are_counted_in_bytes(make_site: MakeSite, tmp_path: Any) -> None:
    (tmp_path / "book.txt").write_bytes(b"x" * 5000)

    async def file(request: Request) -> Response:
        return FileResponse(tmp_path / "book.txt")

    async def stream(request: Request) -> Response:
        async def chunks() -> AsyncIterator[bytes]:
            yield b"12345"
            yield b"678"

        return StreamingResponse(chunks())

    site = make_site([Route("/file", file), Route("/stream", stream)])
    site.browser().get("/file")
    site.browser().get("/stream")
    assert [event.bytes for event in site.events()] == [5000, 8]


class Order:
    """Remembers in which order the journal and the server heard of a response."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def open(self) -> None: ...
    def close(self) -> None: ...
    def drop(self, drop: Drop) -> None: ...

    def record(self, event: Event) -> None:
        self.heard.append("journal")

    async def send(self, message: Message) -> None:
        self.heard.append("last" if not message.get("more_body") else "body")


async def two_chunks(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"a", "more_body": True})
    await send({"type": "http.response.body", "body": b"b"})


def test_the_event_is_journalled_before_the_last_message_is_handed_to_the_server(tmp_path: Any) -> None:
    """A response that was received is a row, whatever happens to the worker a moment later."""
    import asyncio

    order = Order()
    settings = Settings(secret_keys=KEYS, store=f"sqlite:///{tmp_path}/store.db")
    app = Footfall(two_chunks, settings=settings, sink=order)
    scope: Scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [], "scheme": "https"}

    async def receive() -> Message:
        return {"type": "http.request"}

    asyncio.run(app(scope, receive, order.send))
    app.site.close()
    assert order.heard == ["last", "body", "journal", "last"]


class Failing:
    """A sink that breaks, as none may."""

    def open(self) -> None: ...
    def close(self) -> None: ...
    def drop(self, drop: Drop) -> None:
        raise OSError("broken")

    def record(self, event: Event) -> None:
        raise OSError("broken")


@pytest.mark.parametrize("path", ["/", "/static/x"])
def test_a_request_never_fails_because_tracking_did(make_site: MakeSite, path: str, caplog: Any) -> None:
    site = make_site([*ROUTES, Route("/static/x", page)])
    browser = site.browser()
    assert browser.get(path).status_code == 200
    site.sink.record = Failing().record  # type: ignore[method-assign]
    site.sink.drop = Failing().drop  # type: ignore[method-assign]
    assert browser.get(path).status_code == 200
    assert "could not be recorded" in caplog.text
