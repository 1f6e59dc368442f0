"""Billing data taken out of texts that are kept: paths, query strings, referrers, custom properties."""

from __future__ import annotations

import re

from footfall.guard.billing.detectors import find_cards
from footfall.guard.billing.digits import fold_in_place
from footfall.guard.billing.finding import Finding
from footfall.guard.billing.iban import find_ibans
from footfall.guard.billing.inspection import LONGEST_TEXT, Inspection
from footfall.guard.billing.place import Place

BILLING = "[billing]"

# Lower-case words and short numbers; no card, IBAN, key with a value or encoded text is made of these alone.
_CALM = re.compile(
    r"(?:[a-z,.!?'()/_\- ]++|(?<![A-Za-z0-9])[A-Z][a-z]*+"
    r"|(?<![A-Za-z0-9])[0-9]{1,6}(?![A-Za-z0-9])(?![ .\-_/+]{1,3}[0-9]))*+"
)
_WORD = re.compile(r"[^\s,;|<>\"]{10,}")


def find_in_text(text: str) -> list[Finding]:
    """Billing data in free text; paths begin with ``text``."""
    inspection = Inspection("")
    inspection.look(text, Place(("text",)))
    return inspection.run().findings()


def scrub(text: str) -> str:
    """The text with every piece of billing data replaced by ``[billing]``. Scrubbing twice changes nothing more."""
    if _CALM.fullmatch(text) or not holds_billing("", text[:LONGEST_TEXT]):
        return text
    text = scrub_shapes(text[:LONGEST_TEXT])
    if holds_billing("", text):
        text = _WORD.sub(lambda word: BILLING if holds_billing("", word.group()) else word.group(), text)
    return BILLING if holds_billing("", text) else text  # spread over several words


def scrub_shapes(text: str) -> str:
    """Card numbers and IBANs that stand in the open are replaced."""
    folded = fold_in_place(text)
    spans = [(card.start, card.end) for card in find_cards(folded)]
    spans += [(start, end) for start, end, _ in find_ibans(folded)]
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + BILLING + text[end:]
    return text


def guilty_fields(fields: dict[str, object]) -> set[str] | None:
    """The names (as they may stand in a path) of the fields that hold billing data, seen beside one another.

    ``None`` where there is more than can be read: then all of it is to go.
    """
    inspection = Inspection("")
    inspection.look(fields, Place(("query",)))
    findings = inspection.run().findings()
    return None if inspection.is_exhausted else {step for found in findings for step in found.path.split(">")[1:2]}


def holds_billing(name: str, value: str) -> bool:
    """A value holds billing data under this name, or more than can be read."""
    return guilty_fields({name: value}) != set()
