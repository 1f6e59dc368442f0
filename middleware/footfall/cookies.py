"""The only reader and writer of cookies: headers in, header lines out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

#: RFC 6265bis §5.5: user agents keep no cookie longer.
LONGEST_LIFETIME = timedelta(days=400)

#: RFC 6265bis §5.6: user agents refuse a longer name and value (ASVS 3.3.5).
LONGEST_NAME_AND_VALUE = 4096

#: Pairs looked at in one request; browsers send some 180 for one site at most.
MOST_PAIRS = 256

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")  # RFC 9110 §5.6.2 token
_VALUE = re.compile(r"[\x21\x23-\x2B\x2D-\x3A\x3C-\x5B\x5D-\x7E]*")  # RFC 6265 §4.1.1 cookie-octet
_ATTRIBUTE = re.compile(r"[\x20-\x3A\x3C-\x7E]*")

Jar = dict[str, str]


def parse(header: str) -> Jar:
    """The pairs of a ``Cookie`` header. Where a name comes twice the first counts: browsers send the
    most specific path first (RFC 6265 §5.4)."""
    jar: Jar = {}
    for pair in header.split(";", MOST_PAIRS)[:MOST_PAIRS]:
        name, equals, value = pair.partition("=")
        # Only what RFC 6265 §4.2 calls white space: a name behind any other must not pass for ours.
        name = name.strip(" \t")
        if equals and name and name not in jar:
            jar[name] = value.strip(" \t")
    return jar


def header_of(jar: Jar) -> str:
    """The ``Cookie`` header that says a jar, and nothing else."""
    return "; ".join(f"{name}={value}" for name, value in jar.items())


@dataclass(frozen=True, kw_only=True, slots=True)
class Attributes:
    """What a cookie of ours is set with; the defaults are the strictest that work (ASVS 3.3.1–3.3.4)."""

    max_age: timedelta | None = None  # None: until the browser closes
    path: str = "/"
    domain: str | None = None
    secure: bool = True
    http_only: bool = True
    same_site: Literal["Lax", "Strict", "None"] = "Lax"
    partitioned: bool = False


def write(name: str, value: str, attributes: Attributes) -> str:
    """One ``Set-Cookie`` value. Raises ValueError for what no browser would keep, and names the cookie."""
    _check(name, value, attributes)
    parts = [f"{name}={value}", f"Path={attributes.path}"]
    if attributes.domain is not None:
        parts.append(f"Domain={attributes.domain}")
    if attributes.max_age is not None:
        parts.append(f"Max-Age={int(attributes.max_age.total_seconds())}")
    parts.append(f"SameSite={attributes.same_site}")
    parts += [flag for flag, on in _flags(attributes) if on]
    return "; ".join(parts)


def expire(name: str, attributes: Attributes) -> str:
    """The ``Set-Cookie`` value that removes a cookie set with these attributes: all but the age must agree."""
    gone = Attributes(
        max_age=timedelta(0),
        path=attributes.path,
        domain=attributes.domain,
        secure=attributes.secure,
        http_only=attributes.http_only,
        same_site=attributes.same_site,
        partitioned=attributes.partitioned,
    )
    # Expires as well, for the clients that know no Max-Age.
    return f"{write(name, '', gone)}; Expires=Thu, 01 Jan 1970 00:00:00 GMT"


def _flags(attributes: Attributes) -> tuple[tuple[str, bool], ...]:
    return (
        ("Secure", attributes.secure),
        ("HttpOnly", attributes.http_only),
        ("Partitioned", attributes.partitioned),
    )


def _check(name: str, value: str, attributes: Attributes) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError(f"cookie name {name[:64]!r} is not a token (RFC 6265 §4.1.1)")
    if not _VALUE.fullmatch(value):
        raise ValueError(f"the value of cookie {name!r} has characters that no cookie may hold (RFC 6265 §4.1.1)")
    if len(name) + len(value) > LONGEST_NAME_AND_VALUE:
        raise ValueError(
            f"cookie {name!r} has {len(name) + len(value)} bytes of name and value; browsers refuse "
            f"more than {LONGEST_NAME_AND_VALUE} (RFC 6265bis, ASVS 3.3.5)"
        )
    if attributes.max_age is not None and attributes.max_age > LONGEST_LIFETIME:
        raise ValueError(f"cookie {name!r} would live {attributes.max_age.days} days; 400 at most (RFC 6265bis)")
    if not (_ATTRIBUTE.fullmatch(attributes.path) and _ATTRIBUTE.fullmatch(attributes.domain or "")):
        raise ValueError(f"cookie {name!r}: path or domain has characters that no attribute may hold")
    if name.startswith("__Host-") and (not attributes.secure or attributes.domain or attributes.path != "/"):
        raise ValueError(f"cookie {name!r}: __Host- wants Secure, Path=/ and no Domain (RFC 6265bis §4.1.3)")
    if attributes.same_site == "None" and not attributes.secure:
        raise ValueError(f"cookie {name!r}: SameSite=None wants Secure (RFC 6265bis)")


@dataclass(frozen=True, slots=True)
class CookieNames:
    """The names of our own cookies over one kind of transport."""

    visitor: str
    consent: str
    session: str
    remember: str
    secure: bool

    @classmethod
    def of(cls, prefix: str, *, secure: bool) -> CookieNames:
        """``__Host-`` names over HTTPS; plain ones on http://localhost, where browsers may refuse the prefix."""
        begin = f"__Host-{prefix}" if secure else prefix
        return cls(f"{begin}-visitor", f"{begin}-consent", f"{begin}-session", f"{begin}-remember", secure)

    @property
    def all(self) -> tuple[str, ...]:
        return self.visitor, self.consent, self.session, self.remember
