"""Mutated session and remember-me cookies through the whole middleware: never a 5xx, never a session nobody issued.

``python -m soak.cookies [HOW MANY]``; the exit code is 1 as soon as one breaks the rule (ASVS 7.2.1).
"""

from __future__ import annotations

import asyncio
import logging
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Scope

from footfall import Access, Footfall, Settings
from footfall.cookies import parse
from tests.sessions.mutations import mutated

TIMES = 100_000
KEY = "a-key-for-a-long-run-0123456789-abcdefghij"
SESSION, REMEMBER = "__Host-footfall-session", "__Host-footfall-remember"
NOBODY = b'{"member":null,"session":{}}'


async def sign_in(request: Request) -> Response:
    await request.state.visit.login("ada", remember=True)
    request.session["basket"] = "mine"
    return Response()


async def who(request: Request) -> Response:
    member = request.state.visit.member
    return JSONResponse({"member": member and member.id, "session": dict(request.session)})


def site(folder: Path) -> ASGIApp:
    settings = Settings(
        secret_keys=[KEY], store=f"sqlite:///{folder / 'store.db'}", access=[Access("/members", member=True)]
    )
    routes = [Route("/", who), Route("/members", who), Route("/sign-in", sign_in, methods=["POST"])]
    return Starlette(routes=routes, middleware=[Middleware(Footfall, settings=settings)])


async def ask(app: ASGIApp, method: str, path: str, cookie: bytes) -> tuple[int, bytes, list[str]]:
    """Status, body and Set-Cookie lines of one request."""
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "https",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"site.example"), (b"accept", b"text/html"), (b"cookie", cookie)],
        "client": ("127.0.0.1", 50_000),
        "server": ("site.example", 443),
        "state": {},
    }
    status, body = 0, b""
    lines: list[str] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, body
        if message["type"] == "http.response.start":
            status = message["status"]
            lines.extend(value.decode("latin-1") for name, value in message["headers"] if name == b"set-cookie")
        body += message.get("body", b"")

    await app(scope, receive, send)
    return status, body, lines


async def run(times: int, chance: random.Random) -> Counter[Any]:
    """How often each outcome was seen. Raises AssertionError for one that may not be."""
    with tempfile.TemporaryDirectory() as folder:
        app = site(Path(folder))
        _, _, lines = await ask(app, "POST", "/sign-in", b"")
        issued = dict(line.partition(";")[0].split("=", 1) for line in lines)
        seen: Counter[Any] = Counter()
        for _ in range(times):
            header, path = forged(issued, chance), chance.choice(("/", "/members"))
            status, body, lines = await ask(app, "GET", path, header)
            seen[path, status] += 1
            check(path, status, body, lines)
        honest = "; ".join(f"{name}={value}" for name, value in issued.items())
        status, body, _ = await ask(app, "GET", "/members", honest.encode())
        if (status, body) != (200, b'{"member":"ada","session":{"basket":"mine"}}'):
            raise AssertionError(f"what was issued works no more: {status}")
        return seen


def forged(issued: dict[str, str], chance: random.Random) -> bytes:
    """A Cookie header with a mutated cookie, or two, or a mutation of the whole; no issued one is in it."""
    while True:
        names = chance.sample((SESSION, REMEMBER), chance.randint(1, 2))
        header = "; ".join(f"{name}={mutated(chance.choice(sorted(issued.values())), chance)}" for name in names)
        header = mutated(header, chance) if chance.random() < 0.2 else header
        raw = header.encode("utf-8", "surrogatepass")
        if set(issued.values()).isdisjoint(parse(raw.decode("latin-1")).values()):
            return raw


def check(path: str, status: int, body: bytes, lines: list[str]) -> None:
    expected = (200, NOBODY) if path == "/" else (303, b"")
    if (status, body) != expected:
        raise AssertionError(f"{path} answered {status} to a cookie that nobody issued")
    if [line for line in lines if "Max-Age=0" not in line]:
        raise AssertionError(f"{path} set a cookie for a cookie that nobody issued")


def main(times: int) -> int:
    logging.getLogger("footfall").setLevel(logging.CRITICAL)
    try:
        seen = asyncio.run(run(times, random.Random(times)))  # noqa: S311 - no secret of it
    except AssertionError as broken:
        print(f"soak.cookies: {broken}")
        return 1
    told = ", ".join(f"{path} {status}: {count:,}" for (path, status), count in sorted(seen.items()))
    print(f"{times:,} mutated cookies: {told}")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else TIMES))
