"""What a request costs: the bare app, what others add to it, and what the whole of Footfall does, in one run.

Every figure is the cost *added* to a bare request, divided by what Starlette's ``SessionMiddleware`` adds when
the handler reads one value of the session. Ratios of one run hold on any machine; microseconds do not.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_exporter import PrometheusMiddleware
from starsessions import InMemoryStore, load_session
from starsessions import SessionMiddleware as StarSessions

from footfall import Footfall, Settings
from footfall.sink import EventSink
from footfall_analytics import ClickHouse

KEY = "a-key-for-benchmarks-0123456789-abcdefghij"
AGENT = b"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
ROUNDS = 60
REQUESTS = 200


async def receive() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def plain(scope: Scope, receive: Receive, send: Send) -> None:
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", b"13")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"<p>Hello</p>\n"})


async def reads_session(scope: Scope, receive: Receive, send: Send) -> None:
    scope["session"].get("member")
    await plain(scope, receive, send)


def scope(path: str = "/books/7", *, cookie: bytes = b"", dest: bytes = b"document") -> Callable[[], Scope]:
    headers = [
        (b"host", b"site.example"),
        (b"user-agent", AGENT),
        (b"accept", b"text/html"),
        (b"accept-language", b"en-GB,en;q=0.9"),
        (b"accept-encoding", b"gzip, br"),
        (b"referer", b"https://site.example/"),
        (b"sec-fetch-site", b"same-origin"),
        (b"sec-fetch-dest", dest),
    ]
    if cookie:
        headers.append((b"cookie", cookie))

    def fresh() -> Scope:
        return {
            "type": "http",
            "method": "GET",
            "scheme": "https",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": list(headers),
            "client": ("203.0.113.77", 50_000),
            "server": ("site.example", 443),
        }

    return fresh


async def ignore(message: Message) -> None:
    return None


async def answer_of(app: ASGIApp, scope: Scope, body: bytes = b"") -> list[Message]:
    """What the app sends back; used to sign in and to choose before anything is measured."""
    sent: list[Message] = []

    async def once() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def keep(message: Message) -> None:
        sent.append(message)

    await app(scope, once, keep)
    return sent


def cookies_of(sent: list[Message]) -> bytes:
    lines = [value for message in sent for name, value in message.get("headers", ()) if name == b"set-cookie"]
    return b"; ".join(line.partition(b";")[0] for line in lines)


async def choose(app: ASGIApp, choice: str) -> bytes:
    post = scope("/privacy")()
    post["method"] = "POST"
    return cookies_of(await answer_of(app, post, f"choice={choice}&layer=notice&return_to=/".encode()))


async def signs_in(scope: Scope, receive: Receive, send: Send) -> None:
    await scope["state"]["visit"].login("ada")
    await plain(scope, receive, send)


async def starlette_cookie() -> bytes:
    async def writes(scope: Scope, receive: Receive, send: Send) -> None:
        scope["session"]["member"] = "ada"
        await plain(scope, receive, send)

    return cookies_of(await answer_of(SessionMiddleware(writes, KEY, https_only=True), scope()()))


async def round_of(app: ASGIApp, make: Callable[[], Scope]) -> float:
    """Microseconds of one request on the processor. A request's scope is let go with it, as a server does."""
    scopes = [make() for _ in range(REQUESTS)]
    began = time.thread_time()
    while scopes:
        await app(scopes.pop(), receive, ignore)
    return (time.thread_time() - began) / REQUESTS * 1e6


async def costs(cases: list[Case]) -> dict[str, float]:
    """The best round of each case; the cases take turns, so that what else the machine does meets all of them."""
    best = dict.fromkeys((name for name, _, _, _ in cases), float("inf"))
    for _ in range(ROUNDS):
        for name, app, make, _ in cases:
            best[name] = min(best[name], await round_of(app, make))
    return best


#: Name, app, request, and what the ratio should be at most (0: nothing is said).
Case = tuple[str, ASGIApp, Callable[[], Scope], float]

BARE, ORDINARY = "bare", "Starlette SessionMiddleware, µs added"


async def others() -> list[Case]:
    """What Footfall is measured against, each doing what it is for."""
    store = InMemoryStore()

    async def loads_session(scope: Scope, receive: Receive, send: Send) -> None:
        await load_session(HTTPConnection(scope))
        await reads_session(scope, receive, send)

    async def writes_session(scope: Scope, receive: Receive, send: Send) -> None:
        await load_session(HTTPConnection(scope))
        scope["session"]["member"] = "ada"
        await plain(scope, receive, send)

    kept = cookies_of(await answer_of(StarSessions(writes_session, store), scope()()))
    return [
        (BARE, plain, scope(), 0.0),
        (ORDINARY, SessionMiddleware(reads_session, KEY), scope(cookie=await starlette_cookie()), 0.0),
        ("starsessions, in memory", StarSessions(loads_session, store), scope(cookie=kept), 0.0),
        ("starlette-exporter", PrometheusMiddleware(plain, filter_unhandled_paths=False), scope(), 0.0),
    ]


async def cases(directory: Path, sink: EventSink) -> list[Case]:
    store = f"sqlite:///{directory}/store.db"
    settings: dict[str, Any] = {"secret_keys": [KEY], "store": store}
    footfall = Footfall(reads_session, settings=Settings(**settings), sink=sink)
    consented = await choose(footfall, "accept_all")
    refused = await choose(footfall, "reject_all")
    entrance = Footfall(signs_in, settings=Settings(**settings), sink=sink)
    member = consented + b"; " + cookies_of(await answer_of(entrance, scope(cookie=consented)()))
    return [
        ("Footfall: undecided, an API call", footfall, scope(dest=b"empty"), 0.0),
        ("Footfall: undecided, a page with the notice", footfall, scope(), 0.0),
        ("Footfall: refused", footfall, scope(cookie=refused), 0.0),
        ("Footfall: consented visitor", footfall, scope(cookie=consented), 0.5),
        ("Footfall: signed-in member on SQLite", footfall, scope(cookie=member), 0.9),
        ("Footfall: static file (excluded)", footfall, scope("/static/app.js", cookie=member), 0.15),
    ]


async def compare(sink: EventSink) -> list[tuple[str, float, float]]:
    with tempfile.TemporaryDirectory() as directory:
        all_cases = await others() + await cases(Path(directory), sink)
        best = await costs(all_cases)
    ordinary = best[ORDINARY] - best[BARE]
    rows = [(ORDINARY, ordinary, 0.0)]
    for name, _, _, target in all_cases:
        if name not in (BARE, ORDINARY):
            rows.append((name, (best[name] - best[BARE]) / ordinary, target))
    return rows


def measure() -> list[tuple[str, float, float]]:
    """Rows of (case, ratio to Starlette's session middleware, target)."""
    with tempfile.TemporaryDirectory() as directory:
        sink = ClickHouse("chdb:unused", journal=directory, ship=False)  # a real journal, and nobody who ships it
        rows = asyncio.run(compare(sink))
        sink.close()
        return rows


if __name__ == "__main__":
    for name, ratio, target in measure():
        print(f"{name:46} {ratio:8.2f}  {target:6.2f}")
