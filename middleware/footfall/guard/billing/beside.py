"""What stands beside a number: a date or a code makes it a card, letters and digits make it part of an identifier."""

from __future__ import annotations

import re

_NEAR = 48
_LONGEST_NAME = 20

_DATE = r"(?:0[1-9]|1[0-2])[ /\-.|,;:]{0,2}(?:20)?[1-4][0-9](?![0-9])"
_DATE_AFTER = re.compile(
    rf"[^0-9A-Za-z]{{0,4}}(?:exp[a-z]{{0,7}}|valid(?:thru)?)?[^0-9A-Za-z]{{1,3}}{_DATE}"
    r"|(?:=|D|[^0-9A-Za-z]{0,2}\^[^^]{2,26}\^)[1-4][0-9](?:0[1-9]|1[0-2])[0-9]*"  # tracks 1 and 2, ISO/IEC 7813
)
_DATE_BEFORE = re.compile(rf"(?<![0-9.]){_DATE.replace('(?![0-9])', '')}[^0-9A-Za-z.]{{1,4}}$")
_CODE = re.compile(r"(?:cvv2?|cvc2?|csc|cid)[^0-9A-Za-z]{0,4}[0-9]{3,4}(?![0-9])", re.IGNORECASE)
_NAMES = (
    r"visa|mastercard|mc|maestro|amex|american express|discover|diners(?: club)?|jcb|unionpay|rupay|troy|elo|mir|verve"
    r"|hipercard|dankort|card(?:no|number|num)?|cc(?:n|num)?|pan|credit|debit|number|num|nr|no"
)
_NAMED = re.compile(rf"(?<![A-Za-z0-9])(?:{_NAMES})[^0-9A-Za-z]{{1,3}}$", re.IGNORECASE)

# Letters that may touch a card number: its name, the B of track 1, an escaped line end.
_PREFIX = re.compile(rf"(?<![A-Za-z0-9])(?:B|{_NAMES})$|\\[nrt]$", re.IGNORECASE)
_SUFFIX = re.compile(
    rf"(?:{_NAMES}|exp[a-z]*[0-9]{{0,6}}|cvv2?[0-9]*|cvc2?[0-9]*)(?![A-Za-z0-9])|D[0-9]{{4,}}F*(?![A-Za-z0-9])",
    re.IGNORECASE,
)

_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_FIELD_BEFORE = re.compile(r"([A-Za-z0-9]+)[\-_]$")
_FIELD_AFTER = re.compile(r"[\-_]([A-Za-z0-9]+)")
_DECIMALS_AFTER = re.compile(r"\.([0-9]+)(?![A-Za-z0-9_\-+/=])")
_HARMLESS_DECIMALS = re.compile(r"0{1,2}|(?:0[1-9]|1[0-2])(?:20)?[2-4][0-9]|0[1-9]|1[0-2]")
_ID = re.compile(
    r"(?=[A-Fa-f]*[0-9])(?=[0-9]*[A-Fa-f])[0-9A-Fa-f]{4,}|(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{8,}"
    r"|1[4-9][0-9]{8}|1[4-9][0-9]{11}"  # hexadecimal, base 36 or 62, timestamps in seconds and milliseconds
)


def is_uuid(text: str) -> bool:
    """RFC 9562 §4: no digits in it are a card's, even where they would pass for one across the dashes."""
    return len(text) == 36 and text[8] == "-" and _UUID.fullmatch(text) is not None


def expiry_beside(text: str, start: int, end: int) -> bool:
    """An expiry date, a security code or a network's name stands next to the number."""
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    return bool(
        _DATE_AFTER.match(after)
        or _DATE_BEFORE.search(before)
        or _NAMED.search(before[-_LONGEST_NAME:])
        or _CODE.search(after)
        or _CODE.search(before)
    )


def is_part_of_an_id(text: str, start: int, end: int, *, keyed: bool) -> bool:
    """The digits are a piece of a longer identifier: a hash, a UUID, a dotted analytics id, a decimal fraction."""
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    if before[-1:].isalnum() and not _PREFIX.search(before[-_LONGEST_NAME:]):
        return True
    if after[:1].isalnum() and not _SUFFIX.match(after):
        return True
    return not keyed and (_is_dotted(before, after) or _is_hyphenated(before, after))


def _is_dotted(before: str, after: str) -> bool:
    if before[-1:] == "." and before[-2:-1].isdigit():
        return True
    decimals = _DECIMALS_AFTER.match(after)
    return decimals is not None and not _HARMLESS_DECIMALS.fullmatch(decimals.group(1))


def _is_hyphenated(before: str, after: str) -> bool:
    left, right = _FIELD_BEFORE.search(before), _FIELD_AFTER.match(after)
    return any(field is not None and _ID.fullmatch(field.group(1)) for field in (left, right))
