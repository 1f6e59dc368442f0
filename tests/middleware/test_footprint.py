"""What a request leaves behind: nothing, not even for the garbage collector."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from footfall import Footfall, Settings

KEYS = ["0123456789abcdefghijklmnopqrstuvwxyz"]


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
    await send({"type": "http.response.body", "body": b"<body></body>"})


async def receive() -> Message:
    return {"type": "http.request"}


async def ignore(message: Message) -> None:
    """The server."""


def scope(kind: str, path: str, **more: Any) -> Scope:
    headers = [(b"host", b"site.example"), (b"accept", b"text/html"), (b"cookie", b"a=b")]
    return {"type": kind, "method": "GET", "path": path, "query_string": b"", "headers": headers, **more}


@pytest.mark.parametrize(("kind", "path"), [("http", "/"), ("http", "/static/app.js"), ("websocket", "/chat")])
def test_a_request_leaves_no_circle_for_the_garbage_collector(tmp_path: Path, kind: str, path: str) -> None:
    """A circle in each request would cost a site a collection every hundred of them."""
    site = Footfall(app, settings=Settings(secret_keys=KEYS, store=f"sqlite:///{tmp_path}/store.db"))

    async def serve() -> int:
        await site(scope(kind, path), receive, ignore)  # what is made once is made now
        gc.collect()
        gc.disable()
        try:
            await site(scope(kind, path), receive, ignore)
            return gc.collect()
        finally:
            gc.enable()

    assert asyncio.run(serve()) == 0
    site.site.close()


@pytest.mark.parametrize("path", ["/", "/static/app.js"])
def test_an_apps_headers_may_be_read_once_only(tmp_path: Path, path: str) -> None:
    """ASGI: headers are an iterable, and nobody says of how many times."""
    sent: list[Message] = []

    async def once(scope: Scope, receive: Receive, send: Send) -> None:
        headers = iter([(b"X-One", b"1"), (b"Set-Cookie", b"stranger=1")])
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def keep(message: Message) -> None:
        sent.append(message)

    site = Footfall(once, settings=Settings(secret_keys=KEYS, store=f"sqlite:///{tmp_path}/store.db"))
    asyncio.run(site(scope("http", path), receive, keep))
    assert list(sent[0]["headers"]) == [(b"X-One", b"1")]
    site.site.close()
