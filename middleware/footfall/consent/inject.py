"""The notice is put into pages on their way out: before the last ``</body>``, whatever the chunks. Pure.

The last one counts because scripts may speak of ``</body>`` too. It is known to be the last only when the body
ends, so from ``</body>`` on the stream is held back, up to ``LONGEST_TRAILER`` bytes: what is followed by more
was no end of a page. Everything before flows on at once, but for the few bytes that may begin a ``</body>``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from footfall.caching import Headers

#: Bytes that may follow the last ``</body>``: the end of the page, a comment, a small script.
LONGEST_TRAILER = 4096

_BODY_END = re.compile(rb"</body[\s/>]", re.IGNORECASE)
_BEGINS = b"</body"

# Where one of these closes behind the place before it opened there, the place is inside it.
_OPAQUE = re.compile(rb"<(/?)(script|style|textarea|template|title|iframe|noscript|xmp)\b|(<!--)|(-->)", re.IGNORECASE)


class Injector:
    """Feeds on the chunks of one body and gives them back with the fragment in its place."""

    def __init__(self, fragment: bytes) -> None:
        self._fragment = fragment
        self._held = b""  # from a </body> on, or the few bytes that may begin one

    def feed(self, chunk: bytes) -> bytes:
        """What may be sent now of all that came so far."""
        body = self._held + chunk
        at = _last_end(body)
        if at is None or len(body) - at > LONGEST_TRAILER:
            at = len(body) - _possible_begin(body)
        self._held = body[at:]
        return body[:at]

    def close(self) -> bytes:
        """The rest, with the fragment before it where the page ends; without where it is no whole page."""
        rest, self._held = self._held, b""
        return self._fragment + rest if _BODY_END.match(rest) and not _is_inside(rest) else rest


def _last_end(body: bytes) -> int | None:
    last = None
    for match in _BODY_END.finditer(body):
        last = match.start()
    return last


def _possible_begin(body: bytes) -> int:
    """How many bytes at the end may be the begin of a ``</body>`` whose rest is still to come."""
    tail = body[-len(_BEGINS) :].lower()
    return next((size for size in range(len(tail), 0, -1) if _BEGINS.startswith(tail[-size:])), 0)


def _is_inside(trailer: bytes) -> bool:
    """Whether the ``</body>`` stands in a script or a comment: the next mark of those then closes one."""
    mark = _OPAQUE.search(trailer)
    return mark is not None and (bool(mark[1]) or mark[4] is not None)


# -- which responses


def may_inject(status: int, headers: Iterable[tuple[bytes, bytes]], scope: Mapping[str, Any]) -> bool:
    """Whether a response is a whole HTML page that a visitor will look at, in a form that can be changed.

    ``scope`` is the ASGI scope of the request.
    """
    return _has_page(status) and _is_document(scope) and _is_open_html(headers)


def without_validators(headers: Headers) -> Headers:
    """The headers without those that described the body before the fragment came in.

    The length is wrong now; a validator (RFC 9110 §8.8) would later bring the page with the notice back out of
    the browser's cache, after the choice; and the other two speak of bytes that moved.
    """
    return [header for header in headers if header[0].lower() not in _DESCRIBE_THE_BODY]


_DESCRIBE_THE_BODY = frozenset((b"content-length", b"etag", b"last-modified", b"accept-ranges"))
_BODILESS = frozenset((204, 205, 206))  # 206: a part is never a page
_DIGESTS = frozenset((b"content-digest", b"repr-digest", b"digest", b"content-md5", b"content-range"))
_FRAGMENT_REQUESTS = frozenset(
    (b"hx-request", b"turbo-frame", b"x-pjax", b"x-up-target", b"x-inertia", b"x-livewire", b"datastar-request")
)


def _has_page(status: int) -> bool:
    return (200 <= status < 300 and status not in _BODILESS) or status >= 400


def _is_document(scope: Mapping[str, Any]) -> bool:
    """Not a fetch, nor a fragment for a page that is there already, nor a frame within one."""
    if scope["method"] not in ("GET", "POST"):
        return False
    headers: dict[bytes, bytes] = {name.lower(): value.lower() for name, value in scope["headers"]}
    if headers.get(b"hx-boosted") == b"true":  # htmx then swaps the whole body in
        return True
    if not _FRAGMENT_REQUESTS.isdisjoint(headers) or headers.get(b"x-requested-with") == b"xmlhttprequest":
        return False
    return headers.get(b"sec-fetch-dest", b"document") == b"document"


def _is_open_html(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    html = False
    for name, value in headers:
        match name.lower():
            case b"content-type":
                html = _is_html(value.lower())
            case b"content-encoding" if value.strip().lower() not in (b"", b"identity"):
                return False
            case b"cache-control" if b"no-transform" in value.lower():
                return False
            case b"content-disposition" if value.strip().lower().startswith(b"attachment"):
                return False
            case known if known in _DIGESTS:
                return False
    return html


def _is_html(content_type: bytes) -> bool:
    media_type, _, parameters = content_type.partition(b";")
    return media_type.strip() == b"text/html" and b"utf-16" not in parameters and b"utf-32" not in parameters


# -- what the page's own headers ask of the fragment

_NONCE = re.compile(rb"'nonce-([A-Za-z0-9+/_=-]{1,256})'")


def nonce_of(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The nonce of the page's Content-Security-Policy, which our style and script must carry; "" where none is."""
    for name, value in headers:
        if name.lower() == b"content-security-policy" and (match := _NONCE.search(value)):
            return match[1].decode("ascii")
    return ""


def encoded(fragment: str, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The fragment in bytes that read right in the page's encoding: references for all but ASCII unless it is UTF-8."""
    for name, value in headers:
        if name.lower() == b"content-type" and b"utf-8" in value.lower():
            return fragment.encode()
    return fragment.encode("ascii", "xmlcharrefreplace")
