"""One ``Set-Cookie`` value, taken apart as a user agent would (RFC 6265bis §5.6). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, slots=True)
class SetCookie:
    """What a line says. ``attributes`` has lower-case names; a flag's value is ""; the last of duplicates counts."""

    name: str
    value: str
    attributes: Mapping[str, str]

    def removes(self, now: float) -> bool:
        """Whether the line deletes the cookie, which needs nobody's consent."""
        lifetime = self.lifetime(now)
        return lifetime is not None and lifetime <= 0

    def lifetime(self, now: float) -> float | None:
        """Seconds to live; ``None`` until the browser closes. Max-Age wins over Expires (RFC 6265bis §5.6.2)."""
        max_age = self.attributes.get("max-age", "")
        if max_age.removeprefix("-").isdecimal():
            return float(max_age[:20])
        return _seconds_until(self.attributes.get("expires", ""), now)


def take_apart(line: str) -> SetCookie:
    """Never raises: any text is some cookie, if only a nameless one."""
    pair, *rest = line.split(";")
    name, equals, value = pair.partition("=")
    if not equals:
        name, value = "", pair
    attributes: dict[str, str] = {}
    for part in rest:
        key, _, content = part.partition("=")
        attributes[key.strip(" \t").lower()] = content.strip(" \t")
    return SetCookie(name.strip(" \t"), value.strip(" \t"), attributes)


def _seconds_until(expires: str, now: float) -> float | None:
    if not expires or len(expires) > 64:
        return None
    try:
        return parsedate_to_datetime(expires.replace("-", " ")).timestamp() - now
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
