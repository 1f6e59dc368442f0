"""The departure: a response on its way out. One ``send`` wrapper for each request.

The guard judges the app's cookies, ours are added where something changed, the notice is put into pages
that must ask, and the event is journalled before the last message is handed to the server: a response that
was received is a row.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable
from typing import TYPE_CHECKING

from starlette.types import Message, Send

from footfall.caching import Headers, always_asked, by_name, may_be_shared, personal, with_vary_cookie
from footfall.consent.inject import Injector, encoded, may_inject, nonce_of, without_validators
from footfall.consent.regimes import STRICTEST
from footfall.cookie_probe import over_the_probe
from footfall.cookies import Attributes, expire
from footfall.hit import Hit
from footfall.sessions.sign_in import SignIn

_NOT_MODIFIED = 304

if TYPE_CHECKING:
    from footfall.site import Site


class Departure:
    """Wraps the server's ``send`` for one request. Each step gives what is to be awaited, and in the ordinary case
    that is the server's ``send`` itself."""

    _recorded = False
    _held: Message | None = None  # a start that waits for the length of its changed body
    _injector: Injector | None = None
    _content_length = b""

    def __init__(self, site: Site, hit: Hit, sign_in: SignIn, send: Send) -> None:
        self._site = site
        self._hit = hit
        self._sign_in = sign_in
        self._send = send
        self._began = time.perf_counter()

    def send(self, message: Message) -> Awaitable[None]:
        kind = message["type"]
        if kind == "http.response.body":
            return self._body(message) if self._injector is None else self._changed_body(message, self._injector)
        if kind == "http.response.start":
            sign_in = self._sign_in
            saves = sign_in.session.modified or sign_in.cookies
            return self._save_and_start(message) if saves else self._start(message)
        return self._path(message) if kind == "http.response.pathsend" else self._send(message)

    def record(self) -> None:
        """Journal the request, once: with its last message, or when the app ended without one."""
        if not self._recorded:
            self._recorded = True
            self._hit.seconds = time.perf_counter() - self._began
            self._site.recorder.served(self._hit)

    # -- the start: cookies, caching, and whether the page must ask

    async def _save_and_start(self, message: Message) -> None:
        self._hit.own_cookies += await self._site.sessions.save(self._sign_in, self._hit.at)
        await self._start(message)

    def _start(self, message: Message) -> Awaitable[None]:
        hit, status, stated = self._hit, message["status"], message.get("headers", ())
        headers: Headers = stated if isinstance(stated, list) else list(stated)
        said = by_name(headers)
        self._content_length = said.get(b"content-length", b"")
        if status == _NOT_MODIFIED:  # says no type: it is a page where the browser wants one
            hit.html = "text/html" in hit.arrival.text(b"accept")
        else:
            hit.html = said.get(b"content-type", b"").startswith(b"text/html")
        if b"set-cookie" in said:
            headers = self._site.border.release(headers, hit)
        if hit.html and not hit.placed and self._site.asking.must_ask(hit) and may_inject(status, headers, hit.scope):
            notice = self._site.asking.notice(hit, nonce=nonce_of(headers))
            self._injector = Injector(encoded(notice, headers))
        headers = self._with_own(headers, status, said.get(b"cache-control", b""))
        if hit.asks:
            headers = always_asked(with_vary_cookie(without_validators(headers)))
        if headers is not stated:
            message = {**message, "headers": headers}
        if self._injector is not None:
            self._held = message
            return _nothing()
        return self._hand_on(message)

    def _hand_on(self, message: Message) -> Awaitable[None]:
        """From here on the visitor has the status; until here an error of the app's makes it 500."""
        self._hit.status = message["status"]
        return self._send(message)

    def _with_own(self, headers: Headers, status: int, cache_control: bytes) -> Headers:
        """Add what of ours changed; an answer made for a person says so to caches (ASVS 14.3.2)."""
        hit, sign_in = self._hit, self._sign_in
        lines = hit.own_cookies
        if cache_control and may_be_shared(cache_control):
            if hit.known is None:
                hit.visitor = None  # an identifier that cannot be set names nobody
        elif hit.may_change_cookies:
            lines = lines + changed_cookies(self._site, hit)
        if lines:
            headers = [*headers, *((b"set-cookie", line.encode("latin-1")) for line in lines)]
        if hit.probes:
            headers = over_the_probe(headers, status, hit, self._site.settings.prefix)
        if hit.signed_out:  # not "cookies": the choice is none of the member's affair, and stays
            headers = [*headers, (b"clear-site-data", b'"cache", "storage"')]
        if sign_in.session.accessed:
            headers = with_vary_cookie(headers)
        if lines or sign_in.member is not None:
            headers = personal(headers, cache_control, keep_nowhere=hit.protected)
        return headers

    # -- the body: counted, and the notice put in

    def _body(self, message: Message) -> Awaitable[None]:
        self._hit.size += len(message.get("body", b""))
        if not message.get("more_body", False):
            self.record()
        return self._send(message)

    async def _changed_body(self, message: Message, injector: Injector) -> None:
        body, more = message.get("body", b""), message.get("more_body", False)
        body = injector.feed(body) if more else injector.feed(body) + injector.close()
        await self._release(len(body), more=more)
        await self._body({**message, "body": body})

    async def _path(self, message: Message) -> None:
        """A file that the server sends by itself (ASGI extension): nothing can be put into it."""
        self._injector = None
        length = int(self._content_length) if self._content_length.isdigit() else 0
        await self._release(length, more=False)
        self._hit.size = length
        self.record()
        await self._send(message)

    async def _release(self, length: int, *, more: bool) -> None:
        if self._held is None:
            return
        held, self._held = self._held, None
        if not more:
            held = {**held, "headers": [*held["headers"], (b"content-length", str(length).encode())]}
        await self._hand_on(held)


async def _nothing() -> None:
    """What is awaited where the message is held back."""


def changed_cookies(site: Site, hit: Hit) -> list[str]:
    """Our identifier where it changed, and the removal of stored cookies that lost their purpose."""
    lines = site.border.take_back(hit)
    # Where silence grants, the cookie that counts no more stays: without it nobody would be asked before.
    if hit.void and not hit.consent.decided and hit.regime == STRICTEST:
        names = site.names(hit.arrival)
        lines.append(expire(names.consent, Attributes(secure=names.secure)))
    if hit.visitor is not hit.known or hit.visitor is None:
        lines += site.identifiers.set_cookies(hit.arrival.jar, site.names(hit.arrival), hit.visitor, hit.at)
    return lines
