"""The departure: a response on its way out. One ``send`` wrapper for each request.

The guard judges the app's cookies, ours are added where something changed, the notice is put into pages
that must ask, and the event is journalled before the last message is handed to the server: a response that
was received is a row.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from starlette.types import Message, Send

from footfall.caching import Headers, may_be_shared, personal, with_vary_cookie
from footfall.consent.inject import Injector, may_inject
from footfall.hit import Hit
from footfall.sessions.sign_in import SignIn

if TYPE_CHECKING:
    from footfall.site import Site


class Departure:
    """Wraps the server's ``send`` for one request."""

    def __init__(self, site: Site, hit: Hit, sign_in: SignIn, send: Send, *, protected: bool) -> None:
        self._site = site
        self._hit = hit
        self._sign_in = sign_in
        self._send = send
        self._protected = protected
        self._began = time.perf_counter()
        self._recorded = False
        self._held: Message | None = None  # a start that waits for the length of its changed body
        self._injector: Injector | None = None
        self._content_length = 0

    async def send(self, message: Message) -> None:
        match message["type"]:
            case "http.response.start":
                await self._start(message)
            case "http.response.body":
                await self._body(message)
            case "http.response.pathsend":
                self._hit.size = self._content_length
                self.record()
                await self._send(message)
            case _:
                await self._send(message)

    def record(self) -> None:
        """Journal the request, once: with its last message, or when the app ended without one."""
        if not self._recorded:
            self._recorded = True
            self._hit.seconds = time.perf_counter() - self._began
            self._site.recorder.served(self._hit)

    # -- the start: cookies, caching, and whether the page must ask

    async def _start(self, message: Message) -> None:
        hit = self._hit
        hit.status = message["status"]
        headers, sets_cookie, cache_control = self._read(message)
        if sets_cookie:
            headers = self._site.guard_outbound(headers, hit)
        headers = await self._with_own(headers, cache_control)
        if self._must_ask(headers):
            self._injector = Injector(self._site.notice(hit).encode())
            self._held = {**message, "headers": personal(with_vary_cookie(headers))}
            return
        await self._send({**message, "headers": headers})

    def _read(self, message: Message) -> tuple[Headers, bool, bytes]:
        headers: Headers = list(message.get("headers", ()))
        sets_cookie, cache_control = False, b""
        for name, value in headers:
            match name.lower():
                case b"set-cookie":
                    sets_cookie = True
                case b"cache-control":
                    cache_control += value
                case b"content-type":
                    self._hit.html = value.startswith(b"text/html")
                case b"content-length":
                    self._content_length = int(value) if value.isdigit() else 0
        return headers, sets_cookie, cache_control

    async def _with_own(self, headers: Headers, cache_control: bytes) -> Headers:
        """Add what of ours changed; an answer made for a person says so to caches (ASVS 14.3.2)."""
        hit, site, sign_in = self._hit, self._site, self._sign_in
        lines = await site.sessions.save(sign_in, hit.at)
        if not may_be_shared(cache_control):
            lines = [*lines, *site.visitor_cookies(hit)]
        if lines:
            headers = [*headers, *((b"set-cookie", line.encode("latin-1")) for line in lines)]
        if sign_in.session.accessed:
            headers = with_vary_cookie(headers)
        if lines or sign_in.member is not None:
            headers = personal(headers, keep_nowhere=self._protected)
        return headers

    def _must_ask(self, headers: Headers) -> bool:
        hit = self._hit
        return hit.html and not hit.consent.decided and self._site.asks and may_inject(hit.status, headers, hit.scope)

    # -- the body: counted, and the notice put in

    async def _body(self, message: Message) -> None:
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._injector is not None:
            body = self._injector.feed(body) if more else self._injector.feed(body) + self._injector.close()
            message = {**message, "body": body}
            await self._release(len(body), more=more)
        self._hit.size += len(body)
        if not more:
            self.record()
        await self._send(message)

    async def _release(self, length: int, *, more: bool) -> None:
        if self._held is None:
            return
        headers = [header for header in self._held["headers"] if header[0].lower() != b"content-length"]
        if not more:
            headers.append((b"content-length", str(length).encode()))
        held, self._held = self._held, None
        await self._send({**held, "headers": headers})
