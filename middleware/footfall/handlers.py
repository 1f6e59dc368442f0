"""What decorators over handlers have in common: whose request it is, and how the handler is called."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.websockets import WebSocket

from footfall.visit import Visit


async def called(handler: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What the handler returns."""
    if inspect.iscoroutinefunction(handler):
        return await handler(*args, **kwargs)
    return await run_in_threadpool(handler, *args, **kwargs)  # as Starlette does with plain functions


def connection_of(
    handler: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], decorator: str
) -> Request | WebSocket:
    """The request among a handler's arguments. Raises TypeError, naming the decorator, where there is none."""
    for given in (*args, *kwargs.values()):
        if isinstance(given, Request | WebSocket):
            return given
    raise TypeError(
        f"{handler.__qualname__} takes no request, so {decorator}() cannot ask who it comes from; give it a parameter "
        f"request: Request, or use Depends({decorator}(…))"
    )


def visit_of(connection: HTTPConnection, decorator: str) -> Visit:
    """The visit of a request. Raises RuntimeError where Footfall did not see it."""
    visit = getattr(connection.state, "visit", None)
    if not isinstance(visit, Visit):
        raise RuntimeError(
            f"{decorator}() finds no visit: mount Footfall around the app, and take the path out of Settings.excluded, "
            "static and health"
        )
    return visit
