"""One bounded look at one cookie: unwraps layer by layer, and hands every text and field to the detectors.

A stack instead of recursion, and one allowance of work for all layers together: whatever comes, the time and the
memory are bounded, and nothing raises.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from footfall.guard.billing import decoders
from footfall.guard.billing.beside import is_uuid
from footfall.guard.billing.detectors import find_cards, shapes_in
from footfall.guard.billing.digits import fold
from footfall.guard.billing.fields import kind_by_key
from footfall.guard.billing.finding import MASKED, Finding
from footfall.guard.billing.iban import find_ibans
from footfall.guard.billing.keys import Role, role
from footfall.guard.billing.loose import from_loose_json
from footfall.guard.billing.pairs import pairs
from footfall.guard.billing.php import from_php
from footfall.guard.billing.place import Place
from footfall.guard.billing.records import Field, by_neighbours, fields_of, has_evidence, is_trivial, named, scalar
from footfall.guard.billing.report import Report

#: Longer input is cut: browsers keep no cookie over 4096 bytes, and headers end long before.
LONGEST_TEXT = 16_384
#: Characters read and bytes decoded in all layers together.
MOST_WORK = 98_304
#: What one look costs at least, in characters.
_LOOK = 128
#: What one field, and one payload of any kind, costs, in characters.
_FIELD, _PAYLOAD = 32, 48
#: After so many the rest is no news.
_MOST_FINDINGS = 24
_DEEPEST = 12
_MOST_INFLATED = 32_768
_MOST_ITEMS = 2048

_SHORTEST_KEY = 12
_SHORTEST_HEX = 24  # of a card number; no decimal number is base64 of a text
_SHORTEST_LOOK = 7  # nothing shorter speaks without its key
_NONE = Role.NONE
_KEYED = frozenset(Role) - {Role.NONE, Role.CARD, Role.EXPIRY, Role.ACCOUNT}
_WORD = re.compile(r"[A-Za-z0-9_\-]+")
_SPECIAL = re.compile(r"[%\"\\&{\[=:<]")  # begins every wrapping of a whole text, or makes a pair
_PAIR_SIGN = re.compile(r"[=:](?![=.:]|$)|</")  # not the padding of base64
_CARDS = (Role.CARD_NUMBER, Role.CARD)


class _Whole(str):
    """A text whose pairs have been looked at."""

    __slots__ = ()


class Inspection:
    """Finds billing data in what ``look`` is given; ``findings`` after ``run``."""

    __slots__ = ("_report", "_stack", "work")

    def __init__(self, cookie: str, trusted: re.Pattern[str] | None = None, seen: set[str] | None = None) -> None:
        self._report = Report(cookie, trusted, seen)
        self._stack: list[tuple[object, Place]] = []
        self.work = 0

    def look(self, payload: object, place: Place) -> None:
        self._stack.append((payload, place))

    def run(self) -> Inspection:
        stack, found = self._stack, self._report.found
        while stack and self.work < MOST_WORK and len(found) < _MOST_FINDINGS:
            payload, place = stack.pop()
            self.work += _PAYLOAD
            if isinstance(payload, _Whole):
                self._words(payload, place, Role.NONE, keyed=False)
            elif isinstance(payload, str):
                self._text(payload, place)
            elif isinstance(payload, dict):
                self._record(payload, place)
            elif isinstance(payload, bytes):
                self._bytes(payload, place)
            elif isinstance(payload, list | tuple):
                self._list(payload, place)
            elif isinstance(payload, Mapping):
                self._record(payload, place)
            else:
                self._text(scalar(payload), place)
        return self

    @property
    def is_exhausted(self) -> bool:
        """Something was left unread, because the allowance was used up or because so much was found."""
        return self.work >= MOST_WORK or len(self._report.found) >= _MOST_FINDINGS

    def findings(self) -> list[Finding]:
        return self._report.findings(_holds_data)

    # -- texts

    def _text(self, text: str, place: Place) -> None:
        if not text.isascii() or len(text) > LONGEST_TEXT:
            text = fold(text[:LONGEST_TEXT])
        self.work += _LOOK + len(text)
        found = role(place.key, place.context)
        keyed = found is not _NONE and found in _KEYED
        if keyed and (kind := kind_by_key(found, text)):
            self._report.add(kind, place, text)
        elif (len(text) < _SHORTEST_LOOK and not keyed) or place.depth >= _DEEPEST or self.work >= MOST_WORK:
            return
        elif text.isalnum() or _WORD.fullmatch(text):  # nothing around it that could be a wrapping or a pair
            if not is_uuid(text):
                self._shapes(text, place, found)
                self._token(text, place, keyed)
        elif _SPECIAL.search(text) is None:
            self._words(text, place, found, keyed)
        elif not self._unwrapped(text, place):
            self._plain(text, place, found, keyed)

    def _unwrapped(self, text: str, place: Place) -> bool:
        """One wrapping around the whole text is taken off: the outermost first, or the inner ones would break it."""
        first = text[0] if text else ""
        if first in ("{", "[") and (document := decoders.from_json(text)) is not None:
            self._structure(document, place.through("json"))
        elif first == '"':
            self._quoted(text, place)
        elif "%" in text and (raw := decoders.percent_decoded(text)) is not None:
            return self._percent(text, raw, place)
        elif first in ("{", "["):
            self._loose_json(text, place)
        elif ':"' in text and (fields := from_php(text)):
            self._record(fields, place.through("php"))
        elif ("\\" in text or "&" in text) and "{" not in text and (plain := decoders.unescaped(text)) is not None:
            self._text(plain, place.through("escaped"))
        else:
            return False
        return True

    def _percent(self, text: str, raw: bytes, place: Place) -> bool:
        if _PAIR_SIGN.search(text, 2) and (record := pairs(text)):
            self.look(record, place.through("pairs"))  # each value may be percent-encoded by itself
        if ':"' in text and (fields := from_php(text)):
            self._record(fields, place.through("php"))
        self._bytes(raw, place, "percent")
        return "%B" not in text  # track 1 of a card begins with it

    def _loose_json(self, text: str, place: Place) -> None:
        document, rest = from_loose_json(text)
        self.look(_Whole(text), place)
        self.look(rest, place)
        self._structure(document, place.through("json"))

    def _quoted(self, text: str, place: Place) -> None:
        document = decoders.from_json(text)
        inner = document if isinstance(document, str) else decoders.unquoted(text)
        self._text(inner or "", place.through("quoted"))

    def _plain(self, text: str, place: Place, found: Role, keyed: bool) -> None:
        """What the pairs in the text say, or the text itself and what its words hide."""
        if _PAIR_SIGN.search(text, 2) is None or not self._loose(text, place):
            self._words(text, place, found, keyed)

    def _loose(self, text: str, place: Place) -> bool:
        """Pairs whose keys say something, or JSON behind a prefix, such as the ``j:`` of Express."""
        whole, begin = text, text.find("{")
        if begin > 0:
            self._embedded_json(text[begin:], place)
            text = text[:begin]
        record, context = pairs(text), place.parents()
        if all(role(key, context) is _NONE for key in record):
            return False
        self.look(_Whole(whole), place)  # comes last: what a field shows has the better path
        self.look(record, place.through("pairs"))
        return True

    def _embedded_json(self, text: str, place: Place) -> None:
        end = text.rfind("}") + 1
        document, rest = decoders.from_json(text[:end]), text[end:]
        if document is None:
            document, rest = from_loose_json(text)
            if '\\"' in text and (plain := decoders.unescaped(text)) is not None:
                self.look(plain, place.through("escaped"))
        self.look(rest, place)
        self._structure(document, place.through("json"))

    def _words(self, text: str, place: Place, found: Role, keyed: bool) -> None:
        self._shapes(text, place, found)
        for token in decoders.tokens(text, short=keyed):
            self._token(token, place, keyed)
            if self.work >= MOST_WORK:
                break

    def _shapes(self, text: str, place: Place, found: Role) -> None:
        card_like, iban_like = shapes_in(text)
        if card_like:
            for card in find_cards(text, found, evidence=place.evidence):
                self.work += _LOOK
                self._report.add("card_number", place, card.digits, trustable=card.alone)
        if iban_like:
            for _, _, iban in find_ibans(text):
                self._report.add("iban", place, iban)

    def _token(self, token: str, place: Place, keyed: bool) -> None:
        self.work += _LOOK + len(token)
        if not keyed and len(token) < _SHORTEST_HEX and token.isdecimal():
            return
        if (raw := decoders.from_hex(token, short=keyed)) is not None:
            if not decoders.is_noise(raw):
                self._bytes(raw, place, "hex")
            return  # base64 of digits, JSON or words is never made of hex digits alone
        raw = decoders.from_base64(token)
        if raw and (decoders.is_noise(raw) or not self._bytes(raw, place, "base64")) and not token.isalnum():
            self._pieces(token, place)

    def _pieces(self, token: str, place: Place) -> None:
        """A word of base64 may be a path or a prefix and base64: its separators are letters of base64, too."""
        for piece in decoders.pieces(token):
            raw = decoders.from_base64(piece)
            if raw and not decoders.is_noise(raw):
                self._bytes(raw, place, "base64")

    def _bytes(self, data: bytes, place: Place, step: str = "") -> bool:
        """Whether the bytes made sense: text, or compressed."""
        self.work += len(data)
        if (text := decoders.as_text(data)) is not None:
            self._text(text, place.through(step))
        elif (more := decoders.inflated(data, _MOST_INFLATED)) is not None:
            kind = "gzip" if data[0] == 0x1F else "zlib"
            self.look(more, place.through(step).through(kind))
        else:
            self._binary(data, place, step)
            return False
        return True

    def _binary(self, data: bytes, place: Place, step: str) -> None:
        if (numbers := decoders.digits_only(data)) is not None:
            for card in find_cards(numbers, role(place.key, place.context), evidence=place.evidence):
                self._report.add("card_number", place.through(step), card.digits, trustable=card.alone)
        if (start := decoders.readable_start(data)) is not None:
            self._text(start, place.through(step))
        elif len(found := decoders.strings(data)) > 1:
            self.look(dict(pairwise(found)), place.through(step))

    # -- structures

    def _structure(self, document: object, place: Place) -> None:
        if isinstance(document, dict):
            self._record(document, place)
        else:
            self.look(document, place)

    def _record(self, record: Mapping[Any, object], place: Place) -> None:
        context = place.parents()
        fields = fields_of(record, context)
        self.work += _FIELD * len(fields)
        claims = [field for field in fields if field[2] is not _NONE]
        evidence = place.evidence or (bool(claims) and has_evidence(claims))
        for field in reversed(fields):  # the stack turns them round again
            if len(field[0]) >= _SHORTEST_KEY and not field[0].islower():
                self.look(field[0], Place((*place.steps, MASKED), depth=place.depth + 1))
            if field[2] is not _NONE or not is_trivial(field[1]):
                self._field(field, claims, place.field(field[0], context, evidence))

    def _field(self, field: Field, claims: list[Field], place: Place) -> None:
        kind = by_neighbours(field, claims)
        if kind == "expiry":
            self._report.add_expiry(place)
        elif kind is not None:
            self._report.add(kind, place, scalar(field[1]))
        elif field[1] is not None and not place.is_deepest:
            self.look(field[1], place)

    def _list(self, items: list[object] | tuple[object, ...], place: Place) -> None:
        if len(items) == 2 and isinstance(items[0], str) and isinstance(items[1], str | int):
            self.look({items[0]: items[1]}, place)
            return
        if (record := named(items)) is not None:
            self._record(record, place)
            return
        found = role(place.key, place.context)
        if found in _CARDS and 3 <= len(items) <= 5:
            self.look(" ".join(map(scalar, items)), place)  # one box of a form for each group of digits
        for item in items[:_MOST_ITEMS]:
            if found in _KEYED or not is_trivial(item):
                self.look(item, place)


def _holds_data(name: str) -> bool:
    """A name is looked at by itself: what it holds may have been found in the value first."""
    alone = Inspection("")
    alone.look(name, Place(("name",)))
    return bool(alone.run()._report.found)
