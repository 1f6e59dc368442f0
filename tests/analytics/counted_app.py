"""An app for the fault tests: every response it gives is one page view with a path of its own."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route

from footfall import Footfall, Settings
from footfall_analytics import ClickHouse

DATA = os.environ["COUNTED_APP_DATA"]


async def page(request: Request) -> Response:
    """The body names the process, so that the test knows whom to kill."""
    return HTMLResponse(f"<p>{os.getpid()}</p>")


async def stream(request: Request) -> Response:
    async def chunks() -> AsyncIterator[str]:
        yield "<p>"
        yield str(os.getpid())
        yield "</p>"

    return StreamingResponse(chunks(), media_type="text/html")


settings = Settings(
    secret_keys=["a-key-of-the-fault-tests-0123456789"], store=f"sqlite:///{DATA}/store.db", notice=False
)
app = Starlette(
    routes=[Route("/page/{n}", page), Route("/stream/{n}", stream)],
    middleware=[Middleware(Footfall, settings=settings, sink=ClickHouse(f"chdb://{DATA}/clickhouse"))],
)
