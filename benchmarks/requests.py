"""What a request costs: the bare app, Starlette's session middleware, and the whole of Footfall, in one run.

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
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from footfall import Footfall, Settings
from footfall.sink import EventSink
from footfall_analytics import ClickHouse

KEY = "a-key-for-benchmarks-0123456789-abcdefghij"
AGENT = b"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
ROUNDS = 15
REQUESTS = 1500


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


async def cost(app: ASGIApp, make: Callable[[], Scope]) -> float:
    """Microseconds of one request on the processor, whatever else the machine does: the best of the rounds."""
    rounds = []
    for _ in range(ROUNDS):
        scopes = [make() for _ in range(REQUESTS)]
        began = time.thread_time()
        for one in scopes:
            await app(one, receive, ignore)
        rounds.append((time.thread_time() - began) / REQUESTS * 1e6)
    return min(rounds)


Case = tuple[str, ASGIApp, Callable[[], Scope], float]


async def cases(directory: Path, sink: EventSink) -> list[Case]:
    """Name, app, request, and what the ratio should be at most (0: nothing is said)."""
    store = f"sqlite:///{directory}/store.db"
    settings: dict[str, Any] = {"secret_keys": [KEY], "store": store}
    footfall = Footfall(reads_session, settings=Settings(**settings), sink=sink)
    consented = await choose(footfall, "accept_all")
    refused = await choose(footfall, "reject_all")
    entrance = Footfall(signs_in, settings=Settings(**settings), sink=sink)
    member = consented + b"; " + cookies_of(await answer_of(entrance, scope(cookie=consented)()))
    return [
        ("undecided, an API call", footfall, scope(dest=b"empty"), 0.0),
        ("undecided, a page with the notice", footfall, scope(), 0.0),
        ("refused", footfall, scope(cookie=refused), 0.5),
        ("consented visitor", footfall, scope(cookie=consented), 0.5),
        ("signed-in member on SQLite", footfall, scope(cookie=member), 0.9),
        ("excluded path", footfall, scope("/static/app.js", cookie=member), 0.15),
    ]


async def compare(sink: EventSink) -> list[tuple[str, float, float]]:
    with tempfile.TemporaryDirectory() as directory:
        bare = await cost(plain, scope())
        ordinary = await cost(SessionMiddleware(reads_session, KEY), scope(cookie=await starlette_cookie())) - bare
        rows = [("Starlette SessionMiddleware, µs added", ordinary, 0.0)]
        for name, app, make, target in await cases(Path(directory), sink):
            rows.append((name, (await cost(app, make) - bare) / ordinary, target))
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
        print(f"{name:40} {ratio:8.2f}  {target:6.2f}")
