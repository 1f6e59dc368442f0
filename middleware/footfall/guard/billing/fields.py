"""The shapes that a value must have for its key to be believed."""

from __future__ import annotations

import re

from footfall.guard.billing.finding import Kind
from footfall.guard.billing.keys import Role

_CODE = re.compile(r"[0-9]{3,4}")
_EXPIRY = re.compile(
    r"(?:0?[1-9]|1[0-2])[ /\-.]{0,3}(?:20)?[1-4][0-9]|20[1-4][0-9][ /\-.]?(?:0[1-9]|1[0-2])(?:[ /\-.]?[0-3][0-9])?"
    r"|(?:0?[1-9]|1[0-2])|(?:20)?[1-4][0-9]"
)
_ACCOUNT = re.compile(r"[A-Z0-9]{0,6}[0-9](?:[ \-./]?[0-9]){4,21}[0-9A-Z]{0,2}")
_ROUTING = re.compile(
    r"[0-9]{5,6}|[0-9]{8,9}|[0-9]{2}([ \-])[0-9]{2}\1[0-9]{2}|[0-9]{3}[ \-][0-9]{3}|[0-9]{4}[ \-][0-9]{4,5}"
    r"|[0-9]{5}[ \-][0-9]{3}|[0-9]{3} [0-9]{3} [0-9]{2,3}|[A-Z]{4}0[A-Z0-9]{6}"  # ABA, sort code, BSB, BLZ, IFSC
)
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_NOTHING = re.compile(
    r"true|false|yes|no|none|null|nil|same|default|shipping|undefined|billing|on|off|home|work|other|new|empty"
    r"|same[ _\-]?as[ _\-]?shipping",
    re.IGNORECASE,
)
_OPAQUE = re.compile(
    r"[0-9]{1,3}|[0-9]{9,}|(?=.*[0-9])[0-9a-fA-F\-]{12,}|(?=.*[0-9])[A-Za-z]{2,6}_[A-Za-z0-9_\-]{6,}|[A-Za-z0-9_\-]{24,}"
)
_MASK = re.compile(r"[*•●x#X]{3,}|\[masked\]|\[redacted\]", re.IGNORECASE)


def kind_by_key(role: Role, value: str) -> Kind | None:
    """The kind of billing data that a field of this role holds, or ``None``."""
    text = value.strip().strip("\"'")
    if role is Role.SECURITY_CODE:
        return "security_code" if _CODE.fullmatch(text) else None
    if role is Role.BANK_ACCOUNT:
        return "bank_account" if is_account(text) else None
    if role is Role.ROUTING_NUMBER:
        return "routing_number" if _ROUTING.fullmatch(text.upper()) else None
    if role is Role.ROUTING:
        return "routing_number" if is_aba(text) else None
    if role is Role.BILLING_ADDRESS:
        return "billing_address" if is_address(text) else None
    return None


def is_account(text: str) -> bool:
    """Five digits or more, as banks write them."""
    return len(text) <= 34 and _ACCOUNT.fullmatch(text.strip().upper()) is not None and text.strip("0 -") != ""


def is_routing(text: str) -> bool:
    """A routing number or BIC of any country; evidence for an account beside it."""
    upper = text.strip().upper()
    return _ROUTING.fullmatch(upper) is not None or _BIC.fullmatch(upper) is not None


def is_aba(text: str) -> bool:
    """Nine digits with the check digit of the American Bankers Association."""
    if len(text) != 9 or not (text.isascii() and text.isdecimal()) or text == "0" * 9:
        return False
    return sum(int(digit) * weight for digit, weight in zip(text, (3, 7, 1) * 3, strict=True)) % 10 == 0


def is_expiry(text: str) -> bool:
    """A month, a year or both, as on a card; a timestamp is none."""
    return _EXPIRY.fullmatch(text.strip()) is not None


def is_security_code(text: str) -> bool:
    return _CODE.fullmatch(text.strip()) is not None


def is_address(text: str) -> bool:
    """Words, a postcode or both; no flag, identifier or masked text."""
    if not 3 <= len(text) <= 512 or _NOTHING.fullmatch(text) or _MASK.search(text):
        return False
    return any(map(str.isalnum, text)) and _OPAQUE.fullmatch(text) is None
