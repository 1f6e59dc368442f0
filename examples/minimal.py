"""The ten-line mount: a page, one middleware, and the choice is asked, kept and honoured.

Run it with ``uvicorn examples.minimal:app`` and open http://127.0.0.1:8000; then ``footfall report pages``.
"""

import os
import secrets

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from footfall import Footfall, Settings
from footfall_analytics import ClickHouse

# Keep yours in the environment: a random key forgets every visitor when the server restarts.
KEYS = os.environ.get("FOOTFALL_SECRET_KEYS", secrets.token_urlsafe(32)).split(",")


async def home(request: Request) -> HTMLResponse:
    greeting = "Welcome back." if request.state.visit.returning else "Welcome."
    return HTMLResponse(f"<!doctype html><title>Home</title><body><h1>{greeting}</h1></body>")


app = Starlette(
    routes=[Route("/", home)],
    middleware=[
        Middleware(Footfall, settings=Settings(secret_keys=KEYS), sink=ClickHouse("chdb:footfall-data/clickhouse")),
    ],
)
