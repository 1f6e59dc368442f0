"""What one SQL text is, as far as ClickHouse's HTTP protocol has to know.

The embedded engine runs several statements in one call, writes files with ``INTO OUTFILE``, reads them with
``FROM INFILE`` and ``file(…)``, and reads this process's own variables with ``python(…)``; some of it even for a
reader. A ClickHouse server does none of that for a client of its HTTP port, so it is refused here: the words
themselves, wherever they stand, because what refuses must not depend on reading quotes exactly as the engine does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: What is opened and never closed reaches to the end; the engine refuses it, and nothing is looked through twice.
_SPACE = rb"(?:\s|(?:--|\#[ !])[^\n]*|/\*.*?(?:\*/|\Z))"

_TOKEN = re.compile(
    rb"(?P<space>" + _SPACE + rb"+)"
    rb"|(?P<quoted>'(?:[^'\\]|\\.)*(?:'|\Z)|\"(?:[^\"\\]|\\.)*(?:\"|\Z)|`(?:[^`\\]|\\.)*(?:`|\Z)"
    rb"|\$(?P<tag>\w*)\$.*?(?:\$(?P=tag)\$|\Z)|\xe2\x80\x98.*?(?:\xe2\x80\x99|\Z)|\xe2\x80\x9c.*?(?:\xe2\x80\x9d|\Z))"
    rb"|(?P<word>\w+)"
    rb"|(?P<mark>.)",
    re.DOTALL,
)

_LOCAL_ONLY = re.compile(rb"\b(?:(OUTFILE)|(INFILE)|(PYTHON|FILE)[\"`]?\s*(?:\(|/\*|--|\#))", re.IGNORECASE)

#: What answers with rows, and can do nothing else once the engine was told ``readonly``.
_READS = frozenset((b"SELECT", b"WITH", b"SHOW", b"DESCRIBE", b"DESC", b"EXPLAIN", b"EXISTS", b"FROM", b"VALUES"))
_ANSWERS = _READS | {b"CHECK", b"KILL"}

#: Statements are short; data are not part of them.
_LONGEST = 1024 * 1024

_Token = tuple[bytes, int, int]


class Refused(ValueError):  # noqa: N818  (what happens to a text, not to a program)
    """A text that a shared engine does not run; the message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sql:
    """One statement, without the data that an ``INSERT`` brings along."""

    text: bytes
    answers: bool = False  # with rows
    reads_only: bool = False
    output_format: str = ""  # of its FORMAT clause
    input_format: str = ""  # of ``data``
    settings: bytes = b""  # the SETTINGS clause of an INSERT with data, which is not in ``text``
    data: bytes | None = None


def read_sql(text: bytes) -> Sql:
    """The statement of a request. Raises Refused for none, for several, and for what only a local client may do."""
    tokens = _tokens(text)
    first = next((word for word, _, _ in tokens if word != b"("), b"")
    if not first:
        raise Refused("Empty query")
    if first == b"INSERT":
        return _insert(text, tokens)
    _refuse_local(text)
    output_format, end = _rest(text, tokens)
    return Sql(text=text[:end], answers=first in _ANSWERS, reads_only=first in _READS, output_format=output_format)


def _tokens(text: bytes) -> Iterator[_Token]:
    """Words in capitals and marks, each with where it starts and ends; a quoted text is the mark ``'``."""
    for match in _TOKEN.finditer(text):
        if match.end() > _LONGEST:
            raise Refused(f"a statement longer than {_LONGEST} bytes; send what is long as data or as a parameter")
        if match["space"] is None:
            yield b"'" if match["quoted"] is not None else match[0].upper(), match.start(), match.end()


def _refuse_local(text: bytes) -> None:
    if found := _LOCAL_ONLY.search(text):
        word = next(word for word in found.groups() if word).decode().upper()
        raise Refused(
            f"{word} is for a local client: it would use the files or the memory of the process that serves you. "
            "Send or receive the data over HTTP; a text with this word can be given as a query parameter"
        )


def _rest(text: bytes, tokens: Iterator[_Token]) -> tuple[str, int]:
    """The format that the statement names, and where it ends."""
    previous, output_format, end = b"", "", len(text)
    for token, start, stop in tokens:
        if end < len(text):
            raise Refused("several statements in one request are not allowed; send them one by one")
        if token == b";":
            end = start
        elif previous == b"FORMAT" and token.isalnum():
            output_format = text[start:stop].decode()
        previous = token
    return output_format, end


def _insert(text: bytes, tokens: Iterator[_Token]) -> Sql:
    """Up to the data: what follows VALUES or FORMAT x outside of parentheses belongs to them, whatever it is."""
    depth, settings, previous, previous_start = 0, len(text), b"", 0
    for token, start, stop in tokens:
        depth += {b"(": 1, b")": -1}.get(token, 0)
        if depth == 0 and previous == b"FORMAT" and token.isalnum():
            data = _after_format(text[stop:])
            return _with_data(text[:previous_start], settings, text[start:stop].decode(), data)
        if depth == 0 and token == b"VALUES":
            return _with_data(text[:start], settings, "Values", text[stop:])
        if token in (b"SELECT", b"WITH"):
            _refuse_local(text)
            return Sql(text=text[: _rest(text, tokens)[1]])
        if depth == 0 and token == b"SETTINGS":
            settings = start
        previous, previous_start = token, start
    _refuse_local(text)
    raise Refused("an INSERT needs VALUES, a SELECT, or FORMAT and its data")


def _after_format(text: bytes) -> bytes:
    """The data begin after the format's name, an optional semicolon and the end of that line."""
    for between in (b";", b"\n"):
        bare = text.lstrip(b" \t\r")
        text = bare[1:] if bare.startswith(between) else text
    return text


def _with_data(head: bytes, settings: int, input_format: str, data: bytes) -> Sql:
    _refuse_local(head)
    return Sql(text=head[:settings], settings=head[settings:], input_format=input_format, data=data)
