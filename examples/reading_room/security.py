"""What protects every page: headers, and forms that only our own pages may send."""

from __future__ import annotations

from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from examples.reading_room.errors import refused
from footfall.sessions.origin import same_origin

#: No other host is ever asked for anything, and nothing inline runs: nor do Footfall's own pages need it.
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}

_SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))


class SecurityHeaders:
    """Adds the headers to every response, Footfall's pages included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class OwnForms:
    """Refuses forms that another site sends, and clients that do not say where a form comes from (ASVS 3.5.1)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in _SAFE_METHODS:
            headers = dict(scope["headers"])
            host = headers.get(b"host", b"").decode("latin-1")
            if same_origin(headers, scope["scheme"], host) is not True:
                refusal = await refused(Request(scope), HTTPException(HTTPStatus.FORBIDDEN))
                await refusal(scope, receive, send)
                return
        await self.app(scope, receive, send)
