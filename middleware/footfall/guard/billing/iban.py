"""IBANs (ISO 13616): the length of the SWIFT registry and mod 97 decide, no national check.

National checks of IBAN libraries refuse numbers that banks have published.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

# SWIFT IBAN registry, release 99: total length for each country code.
_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO", 16: "BE", 18: "DK FI FK FO GL NL SD", 19: "MK SI", 20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV", 22: "BG BH CR DE GB GE IE ME RS VA", 23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG", 25: "LY PT ST", 26: "IS TR", 27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HN HU LB NI PL SV", 29: "BR EG PS QA UA", 30: "JO KW MU YE", 31: "MT SC",
        32: "LC", 33: "RU",
    }.items()
    for country in countries.split()
}  # fmt: skip

_MOST_CANDIDATES = 128
_SHORTEST = 15  # Norway's

# Where the registry's structure has digits only behind the check digits: no word of hexadecimal is taken for these.
_NUMERIC = (
    "AE AT BA BE BI CR CZ DE DJ DK EE EG ES FI FO GL HR HU IL IS LT LY ME MN MR NO PL PT RS SD SE SI SK SO ST TL TN XK"
)

_SEPARATORS = " -+._/"
_BEGIN = re.compile(r"[^A-Za-z0-9](?:iban)?([A-Za-z]{2})[ \-+._/]?[0-9]{2}[ \-+._/A-Za-z0-9]", re.IGNORECASE)
_EXPANDED = str.maketrans({chr(65 + n): str(10 + n) for n in range(26)})


def may_hold_iban(text: str) -> bool:
    """It is long enough, and a word begins with two letters and two digits."""
    if len(text) < _SHORTEST:
        return False
    if text.isalnum():  # one word, as most tokens are
        return text[2:4].isdigit() or text[6:8].isdigit()
    return _BEGIN.search(f" {text}") is not None


def find_ibans(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and compact upper-case form of every IBAN in an ASCII-folded text."""
    text = f" {text}"  # a pattern that begins with a character is searched for faster than one with a lookbehind
    for begin in islice(_BEGIN.finditer(text), _MOST_CANDIDATES):
        if length := _LENGTHS.get(begin.group(1).upper()):
            found = _read(text, begin.start(1), length)
            if found and _mod97(found[1]):
                yield begin.start(1) - 1, found[0] - 1, found[1]


def _read(text: str, start: int, length: int) -> tuple[int, str] | None:
    """``length`` letters and digits from ``start`` on, over single separators, up to the end of a word."""
    compact, groups, position = "", [0], start
    for position in range(start, min(len(text), start + 2 * length)):
        char = text[position]
        if char.isalnum() and char.isascii():
            compact += char
            groups[-1] += 1
            if len(compact) == length:
                break
        elif char in _SEPARATORS and groups[-1]:
            groups.append(0)
        else:
            return None
    if len(compact) != length or text[position + 1 : position + 2].isalnum() or not _plausible(compact, groups):
        return None
    return position + 1, compact.upper()


def _plausible(compact: str, groups: list[int]) -> bool:
    """One word or groups of four pass; other groups only around digits, so that no sentence is an IBAN."""
    letters = [char for char in compact if char.isalpha()]
    if len(letters) > 2 and compact[:2].upper() in _NUMERIC:
        return False
    if not (all(map(str.isupper, letters)) or all(map(str.islower, letters))):
        return False
    if len(groups) == 1 or (all(group == 4 for group in groups[:-1]) and groups[-1] <= 4):
        return True
    return len(letters) <= 6


def _mod97(compact: str) -> bool:
    return int((compact[4:] + compact[:4]).translate(_EXPANDED)) % 97 == 1
