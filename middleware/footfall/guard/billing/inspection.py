"""One bounded look at one cookie: unwraps layer by layer, and hands every text and field to the detectors.

A stack instead of recursion, and one allowance of work for all layers together: whatever comes, the time and the
memory are bounded, and nothing raises.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from fnmatch import translate
from functools import lru_cache
from itertools import pairwise

from footfall.guard.billing import decoders
from footfall.guard.billing.detectors import find_cards, has_long_number
from footfall.guard.billing.digits import fold
from footfall.guard.billing.fields import kind_by_key
from footfall.guard.billing.finding import MASKED, Finding, Kind
from footfall.guard.billing.iban import SHORTEST_IBAN, find_ibans, may_hold_iban
from footfall.guard.billing.keys import Role, role
from footfall.guard.billing.pairs import pairs
from footfall.guard.billing.php import from_php
from footfall.guard.billing.place import Place
from footfall.guard.billing.records import Field, by_neighbours, fields_of, has_evidence, is_trivial, scalar

#: Longer input is cut: browsers keep no cookie over 4096 bytes, and headers end long before.
LONGEST_TEXT = 16_384
#: Characters read and bytes decoded in all layers together.
MOST_WORK = 98_304
#: What one look costs at least, in characters.
_LOOK = 24
_DEEPEST = 10
_MOST_INFLATED = 32_768
_MOST_ITEMS = 2048

_SHORTEST_KEY = 12
_SHORTEST_HEX = 24  # of a card number; no decimal number is base64 of a text
_SHORTEST_LOOK = 7  # nothing shorter speaks without its key
_KEYED = frozenset(Role) - {Role.NONE, Role.CARD, Role.EXPIRY, Role.ACCOUNT}
_CARDS = (Role.CARD_NUMBER, Role.CARD)


class _Whole(str):
    """A text whose pairs have been looked at."""

    __slots__ = ()


class Inspection:
    """Finds billing data in what ``look`` is given; ``findings`` after ``run``."""

    __slots__ = ("_cookie", "_expiries", "_found", "_seen", "_stack", "_trusted", "work")

    def __init__(self, cookie: str, trusted: re.Pattern[str] | None = None, seen: set[str] | None = None) -> None:
        self._cookie = cookie
        self._trusted = trusted
        self._seen = seen
        self._found: list[tuple[Kind, tuple[str, ...], str]] = []
        self._expiries: list[tuple[str, ...]] = []
        self._stack: list[tuple[object, Place]] = []
        self.work = 0

    def look(self, payload: object, place: Place) -> None:
        self._stack.append((payload, place))

    def run(self) -> Inspection:
        stack = self._stack
        while stack and self.work < MOST_WORK:
            payload, place = stack.pop()
            self.work += _LOOK
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

    def findings(self) -> list[Finding]:
        if not self._found:
            return []
        self._add_expiries()
        name = MASKED if any(steps[0] == "name" for _, steps, _ in self._found) else self._cookie
        return [Finding(kind, name, ">".join(steps), last) for kind, steps, last in self._found]

    # -- texts

    def _text(self, text: str, place: Place) -> None:
        if not text.isascii() or len(text) > LONGEST_TEXT:
            text = fold(text[:LONGEST_TEXT])
        self.work += len(text)
        found = role(place.key, place.context)
        keyed = found in _KEYED
        if keyed and (kind := kind_by_key(found, text)):
            self._add(kind, place, text)
        elif (len(text) < _SHORTEST_LOOK and not keyed) or place.depth >= _DEEPEST:
            return
        elif text.isalnum():
            self._shapes(text, place, found)
            self._token(text, place, keyed)
        elif not self._unwrapped(text, place):
            self._plain(text, place, found, keyed)

    def _unwrapped(self, text: str, place: Place) -> bool:
        """One wrapping around the whole text is taken off."""
        first = text[:1]
        if "%" in text and (raw := decoders.percent_decoded(text)) is not None:
            self._bytes(raw, place, "percent")
            return "%B" not in text  # track 1 of a card begins with it
        if first in ("{", "[") and (document := decoders.from_json(text)) is not None:
            self.look(document, place.through("json"))
        elif first == '"':
            self._quoted(text, place)
        elif ("\\" in text or "&" in text) and (plain := decoders.unescaped(text)) is not None:
            self.look(plain, place.through("escaped"))
        elif ':"' in text and (fields := from_php(text)):
            self.look(fields, place.through("php"))
        else:
            return False
        return True

    def _quoted(self, text: str, place: Place) -> None:
        document = decoders.from_json(text)
        self.look(document if isinstance(document, str) else decoders.unquoted(text), place.through("quoted"))

    def _plain(self, text: str, place: Place, found: Role, keyed: bool) -> None:
        """What the pairs in the text say, then the text itself, then what its words hide."""
        if ("=" in text or ":" in text or "</" in text) and self._loose(text, place):
            return
        self._words(text, place, found, keyed)

    def _words(self, text: str, place: Place, found: Role, keyed: bool) -> None:
        self._shapes(text, place, found)
        for token in decoders.tokens(text, short=keyed):
            self._token(token, place, keyed)
            if self.work >= MOST_WORK:
                break

    def _shapes(self, text: str, place: Place, found: Role) -> None:
        if has_long_number(text):
            for card in find_cards(text, found, evidence=place.evidence):
                self._add("card_number", place, card.digits, trustable=card.alone)
        if len(text) >= SHORTEST_IBAN and may_hold_iban(text):
            for _, _, iban in find_ibans(text):
                self._add("iban", place, iban)

    def _loose(self, text: str, place: Place) -> bool:
        """Pairs whose keys say something, or JSON behind a prefix, such as the ``j:`` of Express."""
        begin, end = text.find("{"), text.rfind("}")
        if 0 < begin < end and (document := decoders.from_json(text[begin : end + 1])) is not None:
            self.look(document, place.through("json"))
            return False
        record, context = pairs(text), place.parents()
        if all(role(key, context) is Role.NONE for key in record):
            return False
        self.look(_Whole(text), place)  # comes last: what a field shows has the better path
        self.look(record, place.through("pairs"))
        return True

    def _token(self, token: str, place: Place, keyed: bool) -> None:
        self.work += _LOOK + len(token)
        if not keyed and len(token) < _SHORTEST_HEX and token.isdecimal():
            return
        if (raw := decoders.from_hex(token, short=keyed)) is not None:
            self._bytes(raw, place, "hex")  # base64 of digits, JSON or words is never made of hex digits alone
        elif (raw := decoders.from_base64(token)) is not None and not self._bytes(raw, place, "base64"):
            self._pieces(token, place)

    def _pieces(self, token: str, place: Place) -> None:
        """A word of base64 may be a path or a prefix and base64: its separators are letters of base64, too."""
        for piece in decoders.pieces(token):
            if (raw := decoders.from_base64(piece)) is not None:
                self._bytes(raw, place, "base64")

    def _bytes(self, data: bytes, place: Place, step: str = "bytes") -> bool:
        """Whether the bytes made sense: text, or compressed."""
        self.work += len(data)
        if (text := decoders.as_text(data)) is not None:
            self.look(text, place.through(step))
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
                self._add("card_number", place.through(step), card.digits, trustable=card.alone)
        if (start := decoders.readable_start(data)) is not None:
            self.look(start, place.through(step))
        elif len(found := decoders.strings(data)) > 1:
            self.look(dict(pairwise(found)), place.through(step))

    # -- structures

    def _record(self, record: Mapping[object, object], place: Place) -> None:
        context = place.parents()
        fields = fields_of(record, context)
        self.work += 8 * len(fields)
        evidence = place.evidence or has_evidence(fields)
        for field in fields:
            self._field(field, fields, place, context, evidence)

    def _field(self, field: Field, fields: list[Field], place: Place, context: str, evidence: bool) -> None:
        key, value, found = field
        if len(key) >= _SHORTEST_KEY and not key.islower():
            self.look(key, Place((*place.steps, MASKED), depth=place.depth + 1))
        if found is Role.NONE and is_trivial(value):
            return
        inside = place.field(key, context, evidence)
        if kind := by_neighbours(field, fields):
            if kind == "expiry":
                self._expiries.append(inside.steps)
            else:
                self._add(kind, inside, scalar(value))
        elif value is not None:
            self.look(value, inside)

    def _list(self, items: list[object] | tuple[object, ...], place: Place) -> None:
        if len(items) == 2 and isinstance(items[0], str) and isinstance(items[1], str | int):
            self.look({items[0]: items[1]}, place)
            return
        found = role(place.key, place.context)
        if found in _CARDS and 3 <= len(items) <= 5:
            self.look(" ".join(map(scalar, items)), place)  # one box of a form for each group of digits
        for item in items[:_MOST_ITEMS]:
            if found in _KEYED or not is_trivial(item):
                self.look(item, place)

    # -- findings

    def _add(self, kind: Kind, place: Place, data: str, *, trustable: bool = False) -> None:
        if trustable and self._trusted is not None and self._is_trusted(place):
            return
        fingerprint = f"{kind}{data}"
        if self._seen is None:
            self._seen = set()
        if fingerprint not in self._seen:
            self._seen.add(fingerprint)
            self._found.append((kind, place.steps, data[-2:] if kind in ("card_number", "iban") else ""))

    def _is_trusted(self, place: Place) -> bool:
        path = f"{self._cookie}>{'>'.join(place.steps)}"
        return self._trusted is not None and self._trusted.fullmatch(path) is not None

    def _add_expiries(self) -> None:
        """An expiry date is billing data beside a card number only."""
        cards = [steps for kind, steps, _ in self._found if kind == "card_number"]
        records = {steps[:length] for steps in cards for length in range(len(steps))}
        self._found += [("expiry", steps, "") for steps in self._expiries if steps[:-1] in records]
        self._expiries.clear()


@lru_cache(maxsize=64)
def _compiled(trusted: tuple[str, ...]) -> re.Pattern[str]:
    whole = (pattern if ">" in pattern else f"{pattern}>*" for pattern in trusted)
    return re.compile("|".join(translate(pattern) for pattern in whole))


def trusted_pattern(trusted_ids: Collection[str]) -> re.Pattern[str] | None:
    """Cookie names and paths (``cookie>value>json>key``, with ``*``) whose bare numbers are identifiers."""
    return _compiled(tuple(trusted_ids)) if trusted_ids else None
