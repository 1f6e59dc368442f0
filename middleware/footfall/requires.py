"""An access rule at the handler itself: a decorator for Starlette's, a dependency for FastAPI's. The gate decides."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Protocol, TypeVar, cast, overload

from starlette.exceptions import HTTPException, WebSocketException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from footfall.handlers import called, connection_of, visit_of
from footfall.refusals import Reason
from footfall.sessions.access import Access
from footfall.sessions.member import Member

_NAME = "requires"
_POLICY_VIOLATION = 1008  # RFC 6455 §7.4.1

Handler = TypeVar("Handler", bound=Callable[..., Any])


class Refused(HTTPException):
    """A dependency lets somebody not in. Starlette's and FastAPI's own handlers make a plain answer of it; with
    ``exception_handlers={Refused: refused}`` it is Footfall's page, or problem JSON."""

    def __init__(self, reason: Reason, status: HTTPStatus, headers: dict[str, str]) -> None:
        super().__init__(status, headers=headers)
        self.reason: Reason = reason


class Requirement(Protocol):
    """``@requires(…)`` over a handler, or ``Depends(requires(…))``, which gives the handler the member."""

    @overload
    def __call__(self, request: HTTPConnection) -> Member | None: ...

    @overload
    def __call__(self, request: Handler) -> Handler: ...


def requires(
    *,
    member: bool = True,
    role: str | None = None,
    fresh: timedelta | None = None,
    check: Callable[[Member], bool] | None = None,
) -> Requirement:
    """What ``Access`` asks of a path, asked at one handler. Raises ValueError as ``Access`` does.

    As a decorator: ``@requires(role="editor")`` over a handler of Starlette that takes a request or WebSocket, or over
    a method of its endpoints. As a dependency: ``member: Member = Depends(requires(role="editor"))``; it raises
    ``Refused``, an HTTPException.
    """
    rule = Access("/", member=member, role=role, fresh=fresh, check=check)

    def requirement(request: HTTPConnection) -> Any:
        given: object = request  # FastAPI reads the annotation, and asks with a request; a decorator gets the handler
        return _member(rule, given) if isinstance(given, HTTPConnection) else _guarded(rule, given)

    return cast(Requirement, requirement)


async def refused(request: Request, error: Exception) -> Response:
    """The handler for ``Refused``: the words and forms of the gate."""
    if not isinstance(error, Refused):
        raise error
    return await visit_of(request, _NAME).refusal(error.reason, request.receive)


# -- as a dependency


def _member(rule: Access, connection: HTTPConnection) -> Member | None:
    visit = visit_of(connection, _NAME)
    reason = visit.refuses(rule)
    if reason is None:
        return visit.member
    if connection.scope["type"] == "websocket":
        raise WebSocketException(_POLICY_VIOLATION)
    raise Refused(reason, *visit.plain_refusal(reason))


# -- as a decorator


def _guarded(rule: Access, handler: object) -> Callable[..., Any]:
    if not callable(handler):
        raise TypeError(f"requires() decorates a handler, and {handler!r} is none")

    @functools.wraps(handler)
    async def guarded(*args: Any, **kwargs: Any) -> Any:
        connection = connection_of(handler, args, kwargs, _NAME)
        visit = visit_of(connection, _NAME)
        reason = visit.refuses(rule)
        if reason is None:
            return await called(handler, args, kwargs)
        if isinstance(connection, WebSocket):
            return await connection.close(_POLICY_VIOLATION)
        return await visit.refusal(reason, connection.receive)

    return guarded
