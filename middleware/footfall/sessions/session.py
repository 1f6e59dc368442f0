"""``request.session``: a dict with the behaviour of Starlette's, kept on the server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec

#: More belongs into the app's own tables; a session is read with every request.
LONGEST_DATA = 64 * 1024

_decode = msgspec.json.Decoder().decode


class Session(dict[str, Any]):
    """The session's data. As in Starlette, what changes inside a value is not noticed: assign the value again,
    or call ``mark_modified()``."""

    accessed = False
    modified = False

    def mark_accessed(self) -> None:
        self.accessed = True

    def mark_modified(self) -> None:
        self.accessed = True
        self.modified = True

    def __setitem__(self, key: str, value: Any) -> None:
        self.mark_modified()
        super().__setitem__(key, value)

    def __delitem__(self, key: str) -> None:
        self.mark_modified()
        super().__delitem__(key)

    def clear(self) -> None:
        self.mark_modified()
        super().clear()

    def pop(self, key: str, *default: Any) -> Any:
        if key in self:
            self.mark_modified()
        return super().pop(key, *default)

    def popitem(self) -> tuple[str, Any]:
        item = super().popitem()
        self.mark_modified()
        return item

    def setdefault(self, key: str, default: Any = None) -> Any:
        if key not in self:
            self.mark_modified()
        return super().setdefault(key, default)

    def update(self, *args: Any, **kwargs: Any) -> None:
        self.mark_modified()
        super().update(*args, **kwargs)

    def __ior__(self, other: Any, /) -> Session:  # type: ignore[override,misc]
        self.mark_modified()
        super().update(other)
        return self


def pack(session: Mapping[str, Any]) -> str:
    """The session as JSON, as Starlette would put it into a cookie. Raises TypeError for a value that is no
    JSON and ValueError for too many of them; neither repeats the value."""
    try:
        text = json.dumps(dict(session), separators=(",", ":"))
    except TypeError as error:
        raise TypeError(
            f"request.session[{_culprit(session)!r}] is not JSON; store a str, number, list or dict"
        ) from error
    if len(text) > LONGEST_DATA:
        raise ValueError(
            f"request.session has {len(text)} bytes, over {LONGEST_DATA}; keep the data in a table of the app "
            "and its key in the session"
        )
    return text


def unpack(text: str) -> dict[str, Any]:
    if text == "{}":
        return {}
    try:
        data = _decode(text)
    except msgspec.DecodeError:
        data = json.loads(text)  # NaN and lone surrogates, which Starlette's session takes
    return data if isinstance(data, dict) else {}


def _culprit(session: Mapping[str, Any]) -> str:
    for key, value in session.items():
        try:
            json.dumps({key: value})
        except TypeError:
            return str(key)
    return ""
