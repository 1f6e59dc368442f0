"""What a detector reports: the kind of billing data and where it was, never the data (ASVS 16.2.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "card_number",
    "security_code",
    "expiry",
    "iban",
    "bank_account",
    "routing_number",
    "billing_address",
]

#: Stands where a name or a key would repeat what was found in it.
MASKED = "[masked]"

_NUMBER = re.compile(r"\d{4,}")
_SHORT = re.compile(r"[\w.\-\[\]]{1,18}", re.ASCII)
_LOWER = re.compile(r"[a-z]+(?:[_.\-][a-z]+){0,6}[_.\-]?[0-9]{0,2}")
_HUMPS = re.compile(r"[A-Z]?[a-z]{2,}(?:[A-Z][a-z]{2,}){0,5}[0-9]{0,2}")


@dataclass(frozen=True, slots=True)
class Finding:
    """Billing data in one cookie.

    ``path`` names the place from the outside in: ``value>base64>json>card``. ``last`` is at most the last two
    digits of a card number or an IBAN, to tell two findings apart, and empty for everything shorter.
    """

    kind: Kind
    cookie: str
    path: str
    last: str = ""


def safe_name(name: str) -> str:
    """A cookie's name as it may be shown where nothing was found in it: without numbers."""
    return _NUMBER.sub("*", name)


def safe_step(key: str) -> str:
    """A key as it may stand in a path: names in programs pass, what could hold or encode data does not.

    The shortest card number takes 19 characters of base64, and no base64 of digits is lower case or in humps.
    """
    if _SHORT.fullmatch(key):
        return key if sum(map(str.isdecimal, key)) < 4 else MASKED
    return key if len(key) <= 64 and (_LOWER.fullmatch(key) or _HUMPS.fullmatch(key)) else MASKED
