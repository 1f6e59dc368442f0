"""The arrival: what a request's headers say, read once. What a browser says alike in every request is looked up."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import TYPE_CHECKING

from starlette.types import Scope

from footfall.cookies import Jar, header_of, parse
from footfall.event import Outline

if TYPE_CHECKING:
    from footfall.standing import Standing

#: A browser that says more is looked at anew each time: the memory of them is bounded in bytes too.
_LONGEST_REMEMBERED = 4096

_MOST_REMEMBERED = 2048

#: Characters kept of a header that the visitor writes.
_LONGEST = 512

_SECURE_SCHEMES = frozenset(("https", "wss"))

#: What a browser repeats: cookies, host, user agent, languages, GPC signal, and how it comes.
_Said = tuple[bytes | None, bytes | None, bytes | None, bytes | None, bytes | None, str | None]


class Browser:
    """What a browser repeats with every request, as it is kept: its cookies, and the headers that say what it is.

    Shared by its requests. What was concluded from it is left here: its standing, and the outline of its events.
    """

    __slots__ = ("gpc", "host", "jar", "language", "outline", "plain", "secure", "standing", "user_agent")

    def __init__(self, said: _Said) -> None:
        cookie, host, user_agent, accept_language, gpc, scheme = said
        host = (host or b"")[:_LONGEST]
        header = (cookie or b"").decode("latin-1")
        self.jar = parse(header)
        self.plain = header == header_of(self.jar)  # the header says just the jar, so that an app reads it as we do
        self.host = host.decode("latin-1").lower()
        self.user_agent = (user_agent or b"")[:_LONGEST].decode("latin-1")
        self.language = first_language((accept_language or b"")[:_LONGEST].decode("latin-1"))
        self.gpc = gpc == b"1"
        self.secure = scheme in _SECURE_SCHEMES or not is_loopback(host)  # whether our cookies are the __Host- ones
        self.standing: Standing | None = None
        self.outline: Outline | None = None


class Arrival:
    """The facts of one request that come from outside; none of them is to be trusted as they are."""

    __slots__ = ("browser", "headers")

    def __init__(self, headers: dict[bytes, bytes], browser: Browser) -> None:
        self.headers = headers  # lower-case names; the last of duplicates, cookies joined
        self.browser = browser

    @property
    def jar(self) -> Jar:
        return self.browser.jar

    @property
    def secure(self) -> bool:
        """Whether our cookies are the ``__Host-`` ones."""
        return self.browser.secure

    @property
    def gpc(self) -> bool:
        return self.browser.gpc

    @property
    def host(self) -> str:
        return self.text(b"host")

    def text(self, name: bytes) -> str:
        """A header as text, cut to a length that can be kept."""
        return self.headers.get(name, b"")[:_LONGEST].decode("latin-1")


class Arrivals:
    """Reads the headers of one site's requests, and remembers its browsers."""

    def __init__(self) -> None:
        self._browsers: dict[_Said, Browser] = {}

    def __len__(self) -> int:
        """How many browsers are remembered."""
        return len(self._browsers)

    def read(self, scope: Scope) -> Arrival:
        """Read the headers of an ``http`` or ``websocket`` scope."""
        raw: list[tuple[bytes, bytes]] = scope["headers"]
        headers = dict(raw)
        if len(headers) != len(raw):
            _merge_duplicates(headers, raw)
        say = headers.get
        said = (
            say(b"cookie"),
            say(b"host"),
            say(b"user-agent"),
            say(b"accept-language"),
            say(b"sec-gpc"),
            scope.get("scheme"),
        )
        return Arrival(headers, self._browsers.get(said) or self._meet(said))

    def _meet(self, said: _Said) -> Browser:
        browser = Browser(said)
        if sum(map(len, filter(None, said))) <= _LONGEST_REMEMBERED:
            if len(self._browsers) >= _MOST_REMEMBERED:
                self._browsers.pop(next(iter(self._browsers)), None)  # the oldest: dicts keep insertion order
            self._browsers[said] = browser
        return browser


def _merge_duplicates(headers: dict[bytes, bytes], raw: list[tuple[bytes, bytes]]) -> None:
    """HTTP/2 splits cookies over several headers (RFC 9113 §8.2.3); of several GPC signals one valid suffices."""
    headers[b"cookie"] = b"; ".join(value for name, value in raw if name == b"cookie")
    if (b"sec-gpc", b"1") in raw:
        headers[b"sec-gpc"] = b"1"


def without_cookies(raw: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of a request but its cookies; as a rule those are one header or none."""
    headers = dict(raw)
    if b"cookie" not in headers:
        return raw
    cookie = (b"cookie", headers[b"cookie"])
    if len(headers) == len(raw) and cookie in raw:
        kept = raw.copy()
        kept.remove(cookie)
        return kept
    return [header for header in raw if header[0] != b"cookie"]


@lru_cache(maxsize=1024)
def is_loopback(host: bytes) -> bool:
    """Whether a Host header names this very machine: there, browsers trust plain HTTP as they do HTTPS."""
    name = host.decode("latin-1").lower()
    name = name[1 : name.index("]")] if name.startswith("[") and "]" in name else name.partition(":")[0]
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


@lru_cache(maxsize=4096)
def truncated(address: str) -> str:
    """An IP address without the part that tells one connection from its neighbours: /24, or /48 for IPv6.

    "" for what is no address. The whole one is never written anywhere.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    prefix = 24 if ip.version == 4 else 48
    return str(ipaddress.ip_network((ip, prefix), strict=False).network_address)


@lru_cache(maxsize=1024)
def first_language(accept_language: str) -> str:
    """``de-CH,de;q=0.9`` → ``de-ch``; "" where nothing usable stands."""
    tag = accept_language.partition(",")[0].partition(";")[0].strip().lower()
    return tag if len(tag) <= 16 and tag.replace("-", "").isalnum() and tag.isascii() else ""
