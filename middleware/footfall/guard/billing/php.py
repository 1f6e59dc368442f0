"""PHP's ``serialize`` and its session format, read leniently: nothing here needs the lengths to be right."""

from __future__ import annotations

import re

_LOOKS = re.compile(r"(?:[\w.\-]{1,64}\|)?(?:a:[0-9]+:\{|O:[0-9]+:\"|s:[0-9]+:\")")
_TOKEN = re.compile(
    r"(?P<string>s:[0-9]+:\")|[idb]:(?P<number>[0-9.eE+\-]{1,40});|(?P<null>N);|(?P<close>\})|(?P<name>[\w.\-]{1,64})\|"
    r"|(?P<open>a:[0-9]+:\{|[OC]:[0-9]+:\"[^\"]{0,128}\":[0-9]+:\{)"
)
_END = '";'
_DEEPEST = 64


def from_php(text: str) -> dict[str, object] | None:
    """The first serialised value in a text as nested dictionaries, or ``None`` where there is none."""
    begin = _LOOKS.search(text)
    if begin is None:
        return None
    reader = _Reader()
    position = begin.start()
    while token := _TOKEN.search(text, position):
        position = token.end()
        if token.lastgroup == "string":
            end = text.find(_END, position)
            end = len(text) if end < 0 else end  # cut off
            reader.scalar(text[position:end])
            position = end
        else:
            reader.take(token)
    return reader.document()


class _Reader:
    """Keys and values take turns in an array; a stack of open arrays keeps the recursion out."""

    def __init__(self) -> None:
        self._open: list[dict[str, object]] = [{}]
        self._keys: list[str | None] = [""]

    def document(self) -> dict[str, object]:
        root = self._open[0]
        only = root.get("")
        return only if len(root) == 1 and isinstance(only, dict) else root

    def take(self, token: re.Match[str]) -> None:
        kind = token.lastgroup
        if kind == "open":
            self._nest()
        elif kind == "close":
            self._close()
        elif kind == "name":
            self._keys[-1] = token["name"]
        else:
            self.scalar(token["number"] or "")

    def scalar(self, value: str) -> None:
        if self._keys[-1] is None:
            self._keys[-1] = value.rpartition("\x00")[2]  # private properties carry their class in front
        else:
            self._put(value)

    def _nest(self) -> None:
        inner: dict[str, object] = {}
        self._put(inner)
        if len(self._open) < _DEEPEST:
            self._open.append(inner)
            self._keys.append(None)

    def _close(self) -> None:
        if len(self._open) > 1:
            self._open.pop()
            self._keys.pop()

    def _put(self, value: object) -> None:
        key = self._keys[-1]
        if key is not None:
            self._open[-1][self._free(key)] = value
        self._keys[-1] = None if len(self._open) > 1 else ""

    def _free(self, key: str) -> str:
        return key if key not in self._open[-1] else f"{key}.{len(self._open[-1])}"
