"""The arrival: what a request's headers say, read once."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from starlette.types import Scope

from footfall.cookies import Jar, header_of, parse

#: A longer Cookie header is read anew each time: the memory of them is bounded in bytes too.
_LONGEST_REMEMBERED = 4096

#: Characters kept of a header that the visitor writes.
_LONGEST = 512

_SECURE_SCHEMES = frozenset(("https", "wss"))


@dataclass(slots=True)
class Arrival:
    """The facts of one request that come from outside; none of them is to be trusted as they are."""

    headers: dict[bytes, bytes]  # lower-case names; the last of duplicates, cookies joined
    jar: Jar
    plain: bool  # whether the Cookie header says just the jar, so that an app reads it as we do
    secure: bool  # whether our cookies are the __Host- ones
    gpc: bool

    def text(self, name: bytes) -> str:
        """A header as text, cut to a length that can be kept."""
        return self.headers.get(name, b"")[:_LONGEST].decode("latin-1")

    @property
    def host(self) -> str:
        return self.text(b"host")

    @property
    def browser(self) -> Browser:
        """What a browser says alike in every request."""
        headers = self.headers
        return browser_of(
            headers.get(b"host", b"")[:_LONGEST],
            headers.get(b"user-agent", b"")[:_LONGEST],
            headers.get(b"accept-language", b"")[:_LONGEST],
        )


class Browser(NamedTuple):
    """The headers that a browser repeats with every request, as they are kept."""

    host: str
    user_agent: str
    language: str


@lru_cache(maxsize=4096)
def browser_of(host: bytes, user_agent: bytes, accept_language: bytes) -> Browser:
    """The three, decoded and cut once for each browser and not for each request."""
    name, agent, languages = (value.decode("latin-1") for value in (host, user_agent, accept_language))
    return Browser(name.lower(), agent, first_language(languages))


def read(scope: Scope) -> Arrival:
    """Read the headers of an ``http`` or ``websocket`` scope."""
    raw: list[tuple[bytes, bytes]] = scope["headers"]
    headers = dict(raw)
    if len(headers) != len(raw):
        _merge_duplicates(headers, raw)
    cookie = headers.get(b"cookie")
    jar, plain = _jar_of(cookie) if cookie else ({}, True)
    return Arrival(
        headers,
        jar,
        plain,
        scope.get("scheme", "http") in _SECURE_SCHEMES or not is_loopback(headers.get(b"host", b"")[:_LONGEST]),
        headers.get(b"sec-gpc") == b"1",
    )


def _merge_duplicates(headers: dict[bytes, bytes], raw: list[tuple[bytes, bytes]]) -> None:
    """HTTP/2 splits cookies over several headers (RFC 9113 §8.2.3); of several GPC signals one valid suffices."""
    headers[b"cookie"] = b"; ".join(value for name, value in raw if name == b"cookie")
    if (b"sec-gpc", b"1") in raw:
        headers[b"sec-gpc"] = b"1"


def _jar_of(cookie: bytes) -> tuple[Jar, bool]:
    """The jar of a Cookie header, and whether it says nothing else. A browser sends the same one again and
    again; nobody changes the jar."""
    return _remembered(cookie) if len(cookie) <= _LONGEST_REMEMBERED else _look_into(cookie)


def _look_into(cookie: bytes) -> tuple[Jar, bool]:
    header = cookie.decode("latin-1")
    jar = parse(header)
    return jar, header == header_of(jar)


_remembered = lru_cache(maxsize=1024)(_look_into)


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
