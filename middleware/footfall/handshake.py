"""The handshake: a WebSocket on its way to being accepted. The same visit, the same guard."""

from __future__ import annotations

import time

from starlette.types import Message, Send

from footfall.departure import changed_cookies
from footfall.hit import Hit
from footfall.sessions.sign_in import SignIn
from footfall.site import Site

_SWITCHING_PROTOCOLS = 101
_FORBIDDEN = 403
_FAILED = 500


class Handshake:
    """Wraps the server's ``send`` for one WebSocket."""

    def __init__(self, site: Site, hit: Hit, sign_in: SignIn, send: Send) -> None:
        self._site = site
        self._hit = hit
        self._sign_in = sign_in
        self._send = send
        self._began = time.perf_counter()
        self._answered = False

    async def send(self, message: Message) -> None:
        if not self._answered:
            match message["type"]:
                case "websocket.accept":
                    message = {**message, "headers": await self._headers(message)}
                    self._answer(_SWITCHING_PROTOCOLS)
                case "websocket.close":
                    self._answer(_FORBIDDEN)
                case "websocket.http.response.start":
                    message = {**message, "headers": await self._headers(message)}
                    self._answer(message["status"])
        await self._send(message)

    async def finish(self) -> None:
        """What the app wrote to the session while it was connected is saved; no cookie can be set any more."""
        if not self._answered:
            self._answer(_FAILED)
        await self._site.sessions.save(self._sign_in, self._site.clock())

    def _answer(self, status: int) -> None:
        self._answered = True
        self._hit.status = status
        self._hit.seconds = time.perf_counter() - self._began
        self._site.recorder.served(self._hit)

    async def _headers(self, message: Message) -> list[tuple[bytes, bytes]]:
        headers = self._site.border.release(list(message.get("headers", ())), self._hit)
        lines = await self._site.sessions.save(self._sign_in, self._hit.at) + changed_cookies(self._site, self._hit)
        return [*headers, *((b"set-cookie", line.encode("latin-1")) for line in lines)]
