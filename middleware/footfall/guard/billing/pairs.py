"""Keys and values in loose text: forms, records with names, half JSON, markup."""

from __future__ import annotations

import re

_MOST_PAIRS = 256

_PAIR = re.compile(
    r"([^\W\d_][\w.\-\[\]%]{0,62}(?: [^\W\d_][\w]{0,30}){0,3})[\"']?[ ]{0,2}(?:=>|:=|[:=])[ ]{0,2}[\"']?"
    r"([^\"'&;|{}<>\r\n]{1,160})"
    r"|<([^\W\d_][\w.\-]{0,62})>([^<]{1,160})</"
)
_NUMBER_THEN_WORDS = re.compile(r"([0-9][0-9 \-]{1,24}[0-9])[ ,.]{1,3}[A-Za-z]")


def pairs(text: str) -> dict[str, object]:
    """What looks like ``key=value`` or ``key: value`` in a text; a repeated key keeps all its values."""
    found: dict[str, object] = {}
    for count, match in enumerate(_PAIR.finditer(text)):
        if count >= _MOST_PAIRS:
            break
        key, value = match.group(1) or match.group(3), match.group(2) or match.group(4)
        found[key if key not in found else f"{key}.{count}"] = _trimmed(value)
    return found


def _trimmed(value: str) -> str:
    """The number at the beginning of a sentence, or the whole."""
    number = _NUMBER_THEN_WORDS.match(value)
    return number.group(1) if number else value.strip()
