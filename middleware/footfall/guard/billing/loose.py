"""Objects that are nearly JSON: cut off, with single quotes, with bare keys (Python's ``repr``, JavaScript)."""

from __future__ import annotations

import re
from itertools import islice

_TOKEN = re.compile(
    r"(?P<sign>[{}\[\]:])|\"(?P<double>(?:[^\"\\]|\\.)*+)\"?|'(?P<single>(?:[^'\\]|\\.)*+)'?|(?P<bare>[^\s{}\[\],:\"']+)"
)
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_MOST_TOKENS = 2048
_DEEPEST = 64

Container = dict[str, object] | list[object]


def from_loose_json(text: str) -> tuple[Container, str]:
    """The object or array that a text begins with, as far as it goes, and the text behind it."""
    reader = _Reader({} if text[:1] == "{" else [])
    for token in islice(_TOKEN.finditer(text, 1), _MOST_TOKENS):
        kind = token.lastgroup or "bare"
        if kind != "sign":
            reader.scalar(token[kind])
        elif not reader.sign(token[kind]):
            return reader.root, text[token.end() :]
    return reader.root, ""


def _plain(escape: re.Match[str]) -> str:
    code = escape.group(1) or escape.group(2)
    return chr(int(code, 16)) if code else escape.group(3)


class _Reader:
    """Fills the innermost open container; a stack keeps the recursion out."""

    __slots__ = ("_container", "_is_value", "_key", "_open", "root")

    def __init__(self, root: Container) -> None:
        self.root = root
        self._container = root
        self._open: list[Container] = []  # around the innermost
        self._key = ""
        self._is_value = False  # a colon came: what follows belongs to the key

    def sign(self, sign: str) -> bool:
        """Whether anything is still open."""
        self._is_value = sign == ":"
        if sign in "{[":
            self._nest({} if sign == "{" else [])
        elif sign in "}]":
            if not self._open:
                return False
            self._container = self._open.pop()
        return True

    def scalar(self, value: str) -> None:
        if "\\" in value:
            value = _ESCAPED.sub(_plain, value)
        if self._is_value or type(self._container) is list:
            self._put(value)
        else:
            self._key = value

    def _nest(self, inner: Container) -> None:
        self._put(inner)
        if len(self._open) < _DEEPEST:
            self._open.append(self._container)
            self._container = inner

    def _put(self, value: object) -> None:
        if isinstance(self._container, list):
            self._container.append(value)
        else:
            self._container[self._key] = value
        self._is_value = False
