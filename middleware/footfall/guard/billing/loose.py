"""Objects that are nearly JSON: cut off, with single quotes, with bare keys (Python's ``repr``, JavaScript)."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"(?P<sign>[{}\[\],:])|\"(?P<double>(?:[^\"\\]|\\.)*+)\"?|'(?P<single>(?:[^'\\]|\\.)*+)'?|(?P<bare>[^\s{}\[\],:\"']+)"
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MOST_TOKENS = 1024
_DEEPEST = 64

Container = dict[str, object] | list[object]


def from_loose_json(text: str) -> Container | None:
    """The object or array that a text begins with, as far as it goes; ``None`` where it begins with neither."""
    if text[:1] not in ("{", "["):
        return None
    reader = _Reader({} if text[0] == "{" else [])
    for count, token in enumerate(_TOKEN.finditer(text, 1)):
        if count >= _MOST_TOKENS or reader.is_closed:
            break
        if token["sign"]:
            reader.sign(token["sign"])
        else:
            reader.scalar(token)
    return reader.root


class _Reader:
    """Fills the innermost open container; a stack keeps the recursion out."""

    def __init__(self, root: Container) -> None:
        self.root = root
        self._open: list[Container] = [root]
        self._key: str | None = None
        self._is_value = False  # a colon came: what follows belongs to the key

    @property
    def is_closed(self) -> bool:
        return not self._open

    def sign(self, sign: str) -> None:
        if sign in "{[":
            self._nest({} if sign == "{" else [])
        elif sign in "}]":
            self._open.pop()
        self._is_value = sign == ":"

    def scalar(self, token: re.Match[str]) -> None:
        quoted = token["double"] if token["double"] is not None else token["single"]
        value = _ESCAPED.sub(r"\1", quoted) if quoted is not None and "\\" in quoted else quoted
        if value is None:
            value = token["bare"]
        if isinstance(self._open[-1], dict) and not self._is_value:
            self._key = value
        else:
            self._put(value)

    def _nest(self, inner: Container) -> None:
        self._put(inner)
        if len(self._open) < _DEEPEST:
            self._open.append(inner)

    def _put(self, value: object) -> None:
        container = self._open[-1]
        if isinstance(container, list):
            container.append(value)
        elif self._key is not None:
            container[self._key] = value
        self._is_value = False
