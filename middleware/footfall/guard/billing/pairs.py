"""Keys and values in loose text: forms, records with names, half JSON, markup. Linear in the length of the text."""

from __future__ import annotations

import re
from itertools import islice

_MOST_PAIRS = 256
_MOST_SIGNS = 4  # in one pair
_LONGEST_KEY = 64

_BREAK = re.compile(r"[&;|{}<>?,\r\n]")
_SIGN = re.compile(r"=>|:=|[:=]")
_AROUND = " \t\"'[]()"
_NUMBER_THEN_WORDS = re.compile(r"([0-9][0-9 \-]{1,24}[0-9])[ ,.]{1,3}[A-Za-z]")
_ELEMENT = re.compile(r"<([^\W\d_][\w.\-]{0,62})>([^<>]{1,160})</")


def pairs(text: str) -> dict[str, object]:
    """What looks like ``key=value`` or ``key: value`` in a text; of ``a=b:c`` both ``a`` and ``b`` are keys."""
    found: dict[str, object] = {}
    for piece in _BREAK.split(text, _MOST_PAIRS):
        start = 0
        for sign in islice(_SIGN.finditer(piece), _MOST_SIGNS):
            key, value = piece[start : sign.start()].strip(_AROUND), _value(piece[sign.end() :])
            if value and 2 <= len(key) <= _LONGEST_KEY and not key.isdecimal():
                found[key if key not in found else f"{key}.{len(found)}"] = value
            start = sign.end()
    if "</" in text:
        found.update(_ELEMENT.findall(text)[:_MOST_PAIRS])
    return found


def _value(text: str) -> str:
    """What a quotation mark encloses, the number at the beginning of a sentence, or the whole."""
    text = text.lstrip(" \t")
    if text[:1] in ('"', "'"):
        return text[1:].partition(text[0])[0]
    text = text.strip(_AROUND + "=")
    number = _NUMBER_THEN_WORDS.match(text)
    return number.group(1) if number else text
