"""What kind of statement a piece of SQL is, so far as the command line must know. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Between statements and their first word: white space and the three kinds of comment.
_GAP = r"(?:\s+|--[^\n]*(?:\n|$)|#[! ][^\n]*(?:\n|$)|/\*(?:[^*]|\*(?!/))*\*/)*+"
_FIRST_WORD = re.compile(_GAP + r"(\(|[A-Za-z]+)")
_FORMAT = re.compile(r"\sFORMAT\s+([A-Za-z0-9]+)\s*$", re.IGNORECASE)
_OUTFILE = re.compile(r"\bOUTFILE\b", re.IGNORECASE)

_SELECTS = frozenset({"SELECT", "WITH", "FROM", "("})
_SHOWS = frozenset({"SHOW", "DESCRIBE", "DESC", "EXPLAIN", "EXISTS"})


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, without its semicolon and its ``FORMAT``."""

    text: str
    word: str  # the first one, in capitals
    format: str  # ClickHouse's name of it, or "" where the statement names none

    @property
    def selects(self) -> bool:
        """Whether it gives rows that can be described before they are asked for."""
        return self.word in _SELECTS

    @property
    def only_reads(self) -> bool:
        """Whether it begins like one that only reads, and writes no file. The engine has the last word.

        The embedded engine lets INTO OUTFILE and INSERT INTO FUNCTION file() pass where it is read-only.
        """
        return self.selects or (self.word in _SHOWS and not _OUTFILE.search(self.text))


def statement_of(sql: str) -> Statement:
    """The statement that the text is; ``word`` is "" where it is none."""
    text = sql.strip().rstrip(";").rstrip()
    named = _FORMAT.search(text)
    if named:
        text = text[: named.start()].rstrip()
    first = _FIRST_WORD.match(text)
    return Statement(text, first[1].upper() if first else "", named[1] if named else "")


def has_parameter(sql: str, name: str) -> bool:
    """Whether the text holds ``{name:Type}``."""
    return re.search(r"\{\s*" + re.escape(name) + r"\s*:", sql) is not None
