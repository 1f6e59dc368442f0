"""Payment cards: checked, masked and let go. Nothing here keeps a number or puts one into a message."""

from __future__ import annotations

import re
from datetime import date

_SEPARATORS = re.compile(r"[\s-]+")
_EXPIRY = re.compile(r"(0[1-9]|1[0-2])\s*/\s*(?:20)?(\d\d)", re.ASCII)
_SECURITY_CODE = re.compile(r"\d{3,4}", re.ASCII)


def digits_of(number: str) -> str:
    """The number without the spaces and dashes that people type; "" for what cannot be one."""
    plain = _SEPARATORS.sub("", number)
    return plain if plain.isascii() and plain.isdigit() and 12 <= len(plain) <= 19 else ""


def passes_luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812-1, annex B."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + position % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def masked(digits: str) -> str:
    """``4111111111111111`` → ``•••• 1111``: the most that a confirmation may show."""
    return f"•••• {digits[-4:]}"


def complaints(number: str, expiry: str, code: str, today: date) -> dict[str, str]:
    """What is wrong with each field, in words; empty when nothing is."""
    found = {
        "number": _about_number(number),
        "expiry": _about_expiry(expiry, today),
        "code": "" if _SECURITY_CODE.fullmatch(code.strip()) else "Enter the 3 or 4 digits of the security code.",
    }
    return {field: words for field, words in found.items() if words}


def _about_number(number: str) -> str:
    digits = digits_of(number)
    if not digits:
        return "Enter the card number: 12 to 19 digits, with or without spaces."
    return "" if passes_luhn(digits) else "This card number has a wrong digit in it. Check it and type it again."


def _about_expiry(expiry: str, today: date) -> str:
    match = _EXPIRY.fullmatch(expiry.strip())
    if match is None:
        return "Enter the expiry date as month and year, like 04/29."
    if (2000 + int(match[2]), int(match[1])) < (today.year, today.month):
        return "This card has expired. Use another one."
    return ""
