"""What ``benchmarks.served`` runs under uvicorn: one app as it is, and the same one with Footfall around it."""

from __future__ import annotations

import os

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

KEY = "a-key-for-benchmarks-0123456789-abcdefghij"
PAGE = f"<!doctype html><title>A book</title><body>{'<p>Some words of a page.</p>' * 100}</body>"


async def book(request: Request) -> Response:
    return HTMLResponse(PAGE)


def site(*middleware: Middleware) -> Starlette:
    return Starlette(routes=[Route("/books/{number:int}", book)], middleware=list(middleware))


def create_bare() -> Starlette:
    return site()


def create_footfall() -> Starlette:
    """With a ClickHouse server's URL and a journal that another process ships."""
    from footfall import Footfall, Settings  # here, so that the bare app is without it
    from footfall_analytics import ClickHouse

    data = os.environ["FOOTFALL_BENCH_DATA"]
    settings = Settings(secret_keys=[KEY], store=f"sqlite:///{data}/store.db")
    sink = ClickHouse("clickhouse://localhost:8123/footfall", journal=f"{data}/journal", ship=False)
    return site(Middleware(Footfall, settings=settings, sink=sink))
