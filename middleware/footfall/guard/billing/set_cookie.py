"""Billing data in a ``Set-Cookie`` value, in a pair, in a mapping: names, values and attributes alike."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from urllib.parse import unquote

from footfall.guard.billing.finding import Finding
from footfall.guard.billing.inspection import Inspection
from footfall.guard.billing.place import Place
from footfall.guard.billing.report import trusted_pattern

# What nearly every cookie ends with; anything else is looked at like a pair (Max-Age can carry a number, too).
_ORDINARY = re.compile(
    r"(?:\s*+(?:path=/(?:[a-z_\-]{1,9}/?){0,3}|httponly|secure|partitioned|samesite=(?:lax|strict|none)"
    r"|max-age=-?[0-9]{1,9}|expires=[a-z]{3,9},? [0-9]{1,2}[ \-][a-z]{3}[ \-][0-9]{2,4} [0-9:]{8}(?: gmt| utc)?"
    r"|domain=[a-z.\-]{1,64}|priority=(?:low|medium|high)|)\s*+(?:;|$))*+",
    re.IGNORECASE,
)
_ORDINARY_NAME = re.compile(r"(?:__Host-|__Secure-)?[a-z_\-.]*|[A-Za-z_]{0,12}")
# A site writes the same few attributes over and over; only ordinary ones, which hold no data, are remembered.
_remembered: set[str] = set()
_MOST_REMEMBERED = 512
_MOST_ATTRIBUTES = 32
_COUNTED = re.compile(r"([A-Za-z_.\-:\[]{2,64}?)[_\-.:\[]?([0-9]{3,17})\]?")


def find_billing_data(set_cookie: str, *, trusted_ids: Collection[str] = ()) -> list[Finding]:
    """Billing data in the name, the value or the attributes of one ``Set-Cookie`` header value.

    A bare number of 16 digits passes for a card by chance once in 34 (of 14: 257, of 15: 414, of 19: 81) and is a
    finding: give identifiers a letter, or name them in ``trusted_ids``, as cookies or patterns (``uid``, ``*_id``) or
    as paths (``prefs>value>json>user_id``). What has the key, the grouping or the date of a card is never trusted.
    Never raises; the work is bounded for any input.
    """
    return inspect_set_cookie(set_cookie, trusted_ids).findings()


def find_in_pair(name: str, value: str, *, trusted_ids: Collection[str] = ()) -> list[Finding]:
    """Billing data in an inbound cookie, a session field or a query parameter."""
    return inspect_pair(name, value, trusted_ids).findings()


def find_in_mapping(data: Mapping[str, object], *, trusted_ids: Collection[str] = ()) -> list[Finding]:
    """Billing data in a session before it is stored; paths begin with ``session``."""
    inspection = Inspection("session", trusted_pattern(trusted_ids))
    inspection.look(data, Place(("session",)))
    return inspection.run().findings()


def take_apart(set_cookie: str) -> tuple[str, str, str]:
    """Name, value and attributes; a header without an equals sign is all value (RFC 6265bis §5.6)."""
    pair, _, attributes = set_cookie.partition(";")
    name, equals, value = pair.partition("=")
    # RFC 6265bis strips blanks and tabs only; U+00A0 may be the last byte of a digit in UTF-8.
    return (name.strip(" \t"), value.strip(" \t"), attributes) if equals else ("", pair.strip(" \t"), attributes)


def inspect_set_cookie(set_cookie: str, trusted_ids: Collection[str] = (), seen: set[str] | None = None) -> Inspection:
    name, value, attributes = take_apart(set_cookie)
    inspection = Inspection(name, trusted_pattern(trusted_ids), seen)
    if attributes and attributes not in _remembered and not _are_ordinary(attributes):
        _look_at_attributes(inspection, name, value, attributes)
    _look_at_pair(inspection, name, value)
    return inspection.run()


def inspect_pair(name: str, value: str, trusted_ids: Collection[str] = (), seen: set[str] | None = None) -> Inspection:
    inspection = Inspection(name, trusted_pattern(trusted_ids), seen)
    _look_at_pair(inspection, name, value)
    return inspection.run()


def _are_ordinary(attributes: str) -> bool:
    if not _ORDINARY.fullmatch(attributes):
        return False
    if len(_remembered) >= _MOST_REMEMBERED:
        _remembered.clear()
    _remembered.add(attributes)
    return True


def _look_at_pair(inspection: Inspection, name: str, value: str) -> None:
    if not _ORDINARY_NAME.fullmatch(name):
        _look_at_name(inspection, name)
    inspection.look(value, Place(("value",), unquote(name) if "%" in name else name))


def _look_at_name(inspection: Inspection, name: str) -> None:
    counted = _COUNTED.fullmatch(name)
    if counted:
        inspection.look(counted.group(2), Place(("name",), counted.group(1)))
    if len(name) >= 10:
        inspection.look(name, Place(("name",)))


def _look_at_attributes(inspection: Inspection, name: str, value: str, attributes: str) -> None:
    if '"' in value or "{" in value or "|" in value:  # a semicolon inside a serialised value
        inspection.look(f"{value};{attributes}", Place(("value",), name))
    for attribute in attributes.split(";", _MOST_ATTRIBUTES)[:_MOST_ATTRIBUTES]:
        key, _, held = attribute.strip().partition("=")
        if not _ORDINARY.fullmatch(attribute):
            inspection.look(held or key, Place(("attribute", (key.lower(),)), key if held else ""))
            if held and len(key) >= 10:
                inspection.look(key, Place(("attribute",)))
