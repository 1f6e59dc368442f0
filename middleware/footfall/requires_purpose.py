"""A purpose at the handler itself: a decorator for Starlette's, a dependency for FastAPI's."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, Protocol, TypeVar, cast, overload

from starlette.exceptions import HTTPException, WebSocketException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from footfall.handlers import called, connection_of, visit_of

_NAME = "requires_purpose"
_POLICY_VIOLATION = 1008  # RFC 6455 §7.4.1

Handler = TypeVar("Handler", bound=Callable[..., Any])


class ConsentRequired(HTTPException):
    """A dependency finds a purpose not granted; ``missing`` names them.

    Starlette and FastAPI answer it with Footfall's page, or problem JSON; an exception handler of your own for this
    class, or for status 403, answers in its place.
    """

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(HTTPStatus.FORBIDDEN, f"the visitor has not granted {', '.join(missing)}")
        self.missing = tuple(missing)


class PurposeRequirement(Protocol):
    """``@requires_purpose(…)`` over a handler, or ``Depends(requires_purpose(…))``."""

    @overload
    def __call__(self, request: HTTPConnection) -> None: ...

    @overload
    def __call__(self, request: Handler) -> Handler: ...


def requires_purpose(*purposes: str) -> PurposeRequirement:
    """Let a handler run only where all of these purposes are granted.

    As a decorator: over a handler of Starlette that takes a request or WebSocket, plain or async, or over a method of
    its endpoints. As a dependency: ``dependencies=[Depends(requires_purpose("analytics"))]``. Everybody else gets 403:
    people a page that says what is missing and leads to the choices, programs problem JSON (RFC 9457) with
    ``missing``. A purpose that the settings do not have raises ValueError at the request.
    """
    if not purposes or not all(isinstance(purpose, str) for purpose in purposes):
        raise ValueError('requires_purpose() wants names of purposes, as in requires_purpose("analytics")')

    def requirement(request: HTTPConnection) -> Any:
        given: object = request  # FastAPI reads the annotation, and asks with a request; a decorator gets the handler
        return _check(purposes, given) if isinstance(given, HTTPConnection) else _guarded(purposes, given)

    return cast(PurposeRequirement, requirement)


# -- as a dependency


def _check(purposes: Sequence[str], connection: HTTPConnection) -> None:
    missing = visit_of(connection, _NAME).lacks(*purposes)
    if not missing:
        return
    if connection.scope["type"] == "websocket":
        raise WebSocketException(_POLICY_VIOLATION)
    # Where Starlette keeps the app's handlers; one of the app's own for this class stays.
    for handlers in connection.scope.get("starlette.exception_handlers", ())[:1]:
        handlers.setdefault(ConsentRequired, _answer)
    raise ConsentRequired(missing)


async def _answer(request: Request, error: ConsentRequired) -> Response:
    return visit_of(request, _NAME).consent_refusal(error.missing)


# -- as a decorator


def _guarded(purposes: Sequence[str], handler: object) -> Callable[..., Any]:
    if not callable(handler):
        raise TypeError(f"requires_purpose() decorates a handler, and {handler!r} is none")

    @functools.wraps(handler)
    async def guarded(*args: Any, **kwargs: Any) -> Any:
        connection = connection_of(handler, args, kwargs, _NAME)
        visit = visit_of(connection, _NAME)
        missing = visit.lacks(*purposes)
        if not missing:
            return await called(handler, args, kwargs)
        if isinstance(connection, WebSocket):
            return await connection.close(_POLICY_VIOLATION)
        return visit.consent_refusal(missing)

    return guarded
