"""The articles: small text files, read once. A heading begins with ``##``, a pulled-out sentence with ``>``."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

_WORDS_A_MINUTE = 200

#: Words of a search that are looked at.
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading, or a sentence pulled out of the text."""

    kind: Literal["text", "heading", "quote"]
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article, and where it stands in the table of contents."""

    slug: str
    number: int  # from 1
    title: str
    summary: str
    kind: str
    blocks: tuple[Block, ...]

    @property
    def minutes(self) -> int:
        words = sum(len(block.text.split()) for block in self.blocks)
        return math.ceil(words / _WORDS_A_MINUTE)

    def has(self, words: Sequence[str]) -> bool:
        """Whether title, summary and text together hold all of the words."""
        text = " ".join((self.title, self.summary, *(block.text for block in self.blocks))).casefold()
        return all(word in text for word in words)


def read_articles(directory: Path) -> dict[str, Article]:
    """All articles by slug, in the order of the numbers that their files' names begin with."""
    found = [_article(path) for path in directory.glob("*.txt")]
    return {article.slug: article for article in sorted(found, key=lambda article: article.number)}


def search(articles: Sequence[Article], query: str) -> list[Article]:
    """The articles that hold every word of the query; all of them for an empty one."""
    words = query.casefold().split()[:_MOST_WORDS]
    return [article for article in articles if article.has(words)]


def read_text(path: Path) -> tuple[dict[str, str], list[str]]:
    """A content file: its ``Name: value`` lines, and its paragraphs."""
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return fields, [paragraph.strip("\n") for paragraph in body.split("\n\n")]


def _article(path: Path) -> Article:
    fields, paragraphs = read_text(path)
    number, _, slug = path.stem.partition("-")
    blocks = tuple(_block(" ".join(paragraph.split())) for paragraph in paragraphs)
    return Article(slug, int(number), fields["Title"], fields["Summary"], fields["Kind"], blocks)


def _block(text: str) -> Block:
    if text.startswith("## "):
        return Block("heading", text[3:])
    if text.startswith("> "):
        return Block("quote", text[2:])
    return Block("text", text)
