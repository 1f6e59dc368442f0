"""What a visitor was shown when they chose, as text with a fingerprint, so that a record can name it.

The text is read from the rendered layer itself, so it is what was shown and nothing else: rendering the same
layer, language, purposes and policy again gives the same text and the same fingerprint, and a record of
GDPR 7(1) can be checked against it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Literal

from footfall.consent.services import Service

Layer = Literal["notice", "preferences", "placeholder", "change", "do_not_sell", "account_notice"]

_SKIPPED = frozenset(("script", "style", "template"))


@dataclass(frozen=True, slots=True)
class ShownText:
    """One layer as it was shown: its language and its words, one line for each piece of text."""

    layer: Layer
    language: str
    policy_version: int
    text: str

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all four, the first 128 bits in hexadecimal."""
        stated = "\n".join((self.layer, self.language, str(self.policy_version), self.text))
        return hashlib.sha256(stated.encode()).hexdigest()[:32]


def shown_service(service: Service, purpose_title: str, language: str, policy_version: int) -> ShownText:
    """What the placeholder of a service says of it: the words that a choice for it alone is made by."""
    stated = (service.title or service.name, service.provider, service.description, purpose_title)
    return ShownText("placeholder", language, policy_version, "\n".join(line for line in stated if line))


def visible_text(html: str) -> str:
    """The text of a piece of HTML, a line for each piece, white space collapsed."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "\n".join(reader.lines)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        line = " ".join(data.split())
        if line and not self._inside:
            self.lines.append(line)
