"""One alphabet for the detectors: digits of every script, full width, exotic spaces and dashes become ASCII."""

from __future__ import annotations

import unicodedata

#: Characters whose folding is remembered; a page of text in any language needs a few hundred.
_REMEMBERED = 4096


def _folded(char: str) -> str:
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(char)
    if category == "Zs":
        return " "
    if category == "Pd" or char == "\u2212":  # the minus sign is no dash to Unicode
        return "-"
    if category == "Cf":  # zero-width characters and soft hyphens hide a number from a pattern, not from a reader
        return ""
    compatible = unicodedata.normalize("NFKC", char)  # one character only: whole texts can take quadratic time
    return compatible if compatible.isascii() else char


class _Folding(dict[int, str]):
    """A table for ``str.translate`` that fills itself with the characters that really come."""

    def __missing__(self, code: int) -> str:
        folded = chr(code) if code < 128 else _folded(chr(code))
        if len(self) < _REMEMBERED:
            self[code] = folded
        return folded


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The text with everything that reads as an ASCII digit, space, dash or letter written as one."""
    return text if text.isascii() else _as_utf8(text).translate(_FOLDING)


def fold_in_place(text: str) -> str:
    """As ``fold``, but position by position, so that what is found can be cut out of the original."""
    return "".join(folded if len(folded := _FOLDING[ord(char)]) == 1 else "\x00" for char in text)


def _as_utf8(text: str) -> str:
    # Header bytes are read as Latin-1 (ASGI servers hand out bytes); UTF-8 written into them reads as mojibake.
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
