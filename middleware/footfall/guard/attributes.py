"""The attributes of a cookie: what is missing or too long, and the same line put right. Pure.

Two rules always hold, whatever the settings: no browser keeps a cookie longer than 400 days or larger than
4096 bytes of name and value (RFC 6265bis §5.5, §5.6), and none may outlive what the declaration tells
visitors before they choose.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from footfall.consent.purposes import Cookie
from footfall.cookies import LONGEST_LIFETIME, LONGEST_NAME_AND_VALUE
from footfall.guard.set_cookie import SetCookie

Attribute = Literal["size", "lifetime", "prefix", "secure", "httponly", "samesite"]


@dataclass(frozen=True, slots=True)
class Flaw:
    """One attribute that is not as it should be, and what to write instead."""

    attribute: Attribute
    says: str


def flaws(cookie: SetCookie, declared: Cookie | None, *, secure: bool, now: float) -> list[Flaw]:
    """Everything that is wrong with the line; ``secure`` says whether it travels over HTTPS."""
    return [*_size(cookie), *_lifetime(cookie, declared, now), *_prefix(cookie), *_flags(cookie, declared, secure)]


def repaired(line: str, cookie: SetCookie, found: list[Flaw], declared: Cookie | None) -> str:
    """The line with its flaws mended; all that was right stays as it was written. Size cannot be mended."""
    wrong = {flaw.attribute for flaw in found}
    if "lifetime" in wrong:
        line = _without(line, ("max-age", "expires"))
        limit = _limit(declared)
        line += f"; Max-Age={limit}" if limit else ""
    if "prefix" in wrong and cookie.name.startswith("__Host-"):
        line = f"{_without(line, ('path', 'domain'))}; Path=/"
    if wrong & {"secure", "prefix"} and "secure" not in cookie.attributes:
        line += "; Secure"
    if "httponly" in wrong:
        line += "; HttpOnly"
    if "samesite" in wrong:
        line = f"{_without(line, ('samesite',))}; SameSite=Lax"
    return line


def _size(cookie: SetCookie) -> Iterator[Flaw]:
    size = len(cookie.name) + len(cookie.value)
    if size > LONGEST_NAME_AND_VALUE:
        yield Flaw("size", f"{size} bytes of name and value; browsers refuse more than {LONGEST_NAME_AND_VALUE}")


def _lifetime(cookie: SetCookie, declared: Cookie | None, now: float) -> Iterator[Flaw]:
    lifetime = cookie.lifetime(now)
    limit = _limit(declared)
    # A second of grace: Expires is a date the app worked out a moment ago.
    if lifetime is not None and lifetime > limit + 1:
        yield Flaw("lifetime", f"lives {lifetime / 86_400:.0f} days; {limit / 86_400:g} at most")


def _limit(declared: Cookie | None) -> int:
    lifetime = declared.lifetime if declared is not None else None
    return int((LONGEST_LIFETIME if lifetime is None else lifetime).total_seconds())


def _prefix(cookie: SetCookie) -> Iterator[Flaw]:
    """RFC 6265bis §4.1.3; user agents compare the prefixes without case."""
    attributes, name = cookie.attributes, cookie.name.lower()
    if name.startswith("__host-") and (
        "secure" not in attributes or attributes.get("domain") or attributes.get("path") != "/"
    ):
        yield Flaw("prefix", "__Host- wants Secure, Path=/ and no Domain")
    elif name.startswith("__secure-") and "secure" not in attributes:
        yield Flaw("prefix", "__Secure- wants Secure")


def _flags(cookie: SetCookie, declared: Cookie | None, secure: bool) -> Iterator[Flaw]:
    attributes = cookie.attributes
    same_site = attributes.get("samesite", "").lower()
    if "secure" not in attributes and (secure or same_site == "none" or "partitioned" in attributes):
        yield Flaw("secure", "travels over HTTPS without Secure (ASVS 3.3.1)")
    if "httponly" not in attributes and declared is not None and declared.http_only:
        yield Flaw("httponly", "is declared HttpOnly and set without it (ASVS 3.3.4)")
    if same_site not in ("lax", "strict", "none"):
        yield Flaw("samesite", "says no SameSite; browsers differ in what they make of that (ASVS 3.3.2)")


def _without(line: str, names: tuple[str, ...]) -> str:
    pair, *rest = line.split(";")
    kept = [part for part in rest if part.partition("=")[0].strip(" \t").lower() not in names]
    return ";".join((pair, *kept))
