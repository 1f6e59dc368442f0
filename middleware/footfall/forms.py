"""Our own small forms, read within bounds."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import Receive

#: Our forms are a few fields; nothing longer is one.
_LONGEST_FORM = 16_384  # bytes
_MOST_FIELDS = 512

Pair = tuple[str, str]


class Fields:
    """The fields of a url-encoded form. Of a field that is not there the value is ""."""

    def __init__(self, pairs: list[Pair]) -> None:
        self._fields: dict[str, list[str]] = {}
        for name, value in pairs:
            self._fields.setdefault(name, []).append(value)

    def first(self, name: str) -> str:
        return self._fields.get(name, [""])[0]

    def all(self, name: str) -> list[str]:
        return self._fields.get(name, [])


async def read_form(request: Request) -> Fields | None:
    """The form that a request brings; ``None`` for what is none, or longer than any of ours."""
    body = await read_body(request.receive, _LONGEST_FORM)
    pairs = None if body is None else read_pairs(body, most=_MOST_FIELDS)
    return None if pairs is None else Fields(pairs)


async def read_body(receive: Receive, longest: int) -> bytes | None:
    """The body, or ``None`` when it is longer than that or the client has gone. What was read is then lost."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > longest:
            return None
    return body


def read_pairs(body: bytes, *, most: int) -> list[Pair] | None:
    """The fields in their order; ``None`` for what is no url-encoded UTF-8, or has more fields than that."""
    try:
        return parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=most, errors="strict")
    except ValueError:
        return None
