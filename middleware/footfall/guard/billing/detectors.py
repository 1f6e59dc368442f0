"""Card numbers in one text, whole or in groups: pure functions over ASCII-folded text.

Which digits may be a card is in ``cards``, what the text around them says in ``beside``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from footfall.guard.billing import cards
from footfall.guard.billing.beside import expiry_beside, is_part_of_an_id
from footfall.guard.billing.iban import may_hold_iban
from footfall.guard.billing.keys import Role

#: Runs of digits in one text, and groups in all of them, that are looked at; a legitimate cookie has a handful.
_MOST_RUNS = 256
_MOST_GROUPS = 200
_MOST_CARDS = 32
_MOST_GROUPS_OF_A_RUN = 48

_RUN = re.compile(r"[0-9](?:[ \-+]{0,3}[0-9]){11,255}")  # bounded, because the engine remembers every repetition
_DOTTED = re.compile(r"(?<![0-9])[0-9]{4}([._/])[0-9]{4,6}\1[0-9]{4,5}(?:\1[0-9]{1,4}){0,2}(?![0-9])")
# As bytes: digits to zeros, the separators of a dotted card to dots; the free ones are left out.
_CLASSES = bytes(48 if 48 <= byte <= 57 else 46 if byte in b"._/" else 120 for byte in range(256))
_FREE_BYTES = b" -+"
_TWELVE = b"0" * cards.SHORTEST
_MIDDLES = (b".0000.0000", b".000000.0000")
_GROUP = re.compile(r"[0-9]+")
_FREE = frozenset(" -+")  # join digits into a card in any even grouping; the others only as they are embossed
_MONTH_OR_DATE = re.compile(r"(?:0[1-9]|1[0-2])(?:[0-9]{2}|20[0-9]{2})?")
_DATE_OR_CODE = re.compile(
    r"(?:0[1-9]|1[0-2])(?: ?(?:20)?[1-4][0-9](?: [0-9]{3,4})?)?$|[0-9]{3}$|[0-9]{4} [0-9]{4,6} [0-9]{4,5}"
)


@dataclass(frozen=True, slots=True)
class CardMatch:
    """A card number in a text. ``alone``: nothing but prefix, length and check digit speaks for it."""

    start: int
    end: int
    digits: str
    alone: bool


def shapes_in(text: str) -> tuple[bool, bool]:
    """Whether a card and whether an IBAN may be in a text; nearly always neither is. Three times as fast as ``re``.

    A card has twelve digits with nothing but separators between, an IBAN ten digits of its own.
    """
    classes = text.encode("utf-8", "replace").translate(_CLASSES, _FREE_BYTES)
    digits = classes.count(b"0")
    if digits < 10:
        return False, False
    return _TWELVE in classes or _MIDDLES[0] in classes or _MIDDLES[1] in classes, may_hold_iban(text)


def find_cards(text: str, role: Role = Role.NONE, *, evidence: bool = False) -> Iterator[CardMatch]:
    """Card numbers in an ASCII-folded text, under a key of this role; ``evidence``: a code or date is beside it."""
    yield from islice(_cards_in(text, role, evidence), _MOST_CARDS)


def _cards_in(text: str, role: Role, evidence: bool) -> Iterator[CardMatch]:
    allowance = _MOST_GROUPS
    for match in islice(chain(_RUN.finditer(text), _DOTTED.finditer(text)), _MOST_RUNS):
        if _may_hold_card(match.group(), role):
            run = _Run(text, match, role, evidence)
            yield from run.cards()
            allowance -= len(run)
        if allowance <= 0:
            return


def _may_hold_card(run: str, role: Role) -> bool:
    """Quickly away with most numbers, and with dotted analytics ids: no long group, too few digits in short ones."""
    if run.isdecimal() and len(run) <= cards.LONGEST and role is not Role.CARD_NUMBER:
        return (cards.is_strict(run) or cards.is_broad(run)) and cards.luhn(run)
    sizes = [len(group) for group in _GROUP.findall(run)]
    return max(sizes) >= cards.SHORTEST or sum(size for size in sizes if size <= 8) >= cards.SHORTEST


class _Run:
    """Digits with separators between them, and what is known of the field they stand in."""

    def __init__(self, text: str, run: re.Match[str], role: Role, evidence: bool) -> None:
        self._text = text
        self._role = role
        self._keyed = role is Role.CARD_NUMBER or role is Role.CARD
        self._evidence = evidence
        spans = [group.span() for group in islice(_GROUP.finditer(text, *run.span()), _MOST_GROUPS_OF_A_RUN)]
        self._spans = [span for span in spans if not self._is_cut(*span)]
        self._groups = [text[start:end] for start, end in self._spans]
        self._between = [self._separator(index) for index in range(len(self._spans))]

    def __len__(self) -> int:
        return len(self._spans)

    def _is_cut(self, start: int, end: int) -> bool:
        """A group at the end of an overlong run may be a piece of a longer number."""
        return self._text[start - 1 : start].isdecimal() or self._text[end : end + 1].isdecimal()

    def _separator(self, index: int) -> str:
        """The kind of separator after a group: blanks around a dash do not count."""
        if index + 1 >= len(self._spans):
            return ""
        return self._text[self._spans[index][1] : self._spans[index + 1][0]].strip(" ")[:1] or " "

    def cards(self) -> Iterator[CardMatch]:
        index = 0
        while index < len(self._groups):
            taken = 1
            if len(self._groups[index]) >= cards.SHORTEST:
                match = self._single(index)
            else:
                match, taken = self._grouped(index)
            if match:
                yield match
            index += taken

    def _single(self, index: int) -> CardMatch | None:
        digits, (start, end) = self._groups[index], self._spans[index]
        if len(digits) > cards.LONGEST:
            return self._with_date(digits, start) if self._keyed else None
        if not self._may_be_card(digits) or is_part_of_an_id(self._text, start, end, keyed=self._keyed):
            return None
        return self._judged(start, end, digits, embossed=False)

    def _may_be_card(self, digits: str) -> bool:
        if self._role is Role.CARD_NUMBER:
            # UnionPay has issued numbers without a check digit; private cards begin with any digit.
            return cards.luhn(digits) or (digits[:2] == "62" and len(digits) >= 16)
        return (cards.is_strict(digits) or cards.is_broad(digits)) and cards.luhn(digits)

    def _with_date(self, digits: str, start: int) -> CardMatch | None:
        """Number, expiry and code typed without a separator, under the key of a card."""
        for length in (16, 15, 14, 19) if len(digits) <= cards.LONGEST + 8 else ():
            number = digits[:length]
            if cards.is_strict(number) and cards.luhn(number) and _MONTH_OR_DATE.match(digits[length:]):
                return CardMatch(start, start + length, number, alone=False)
        return None

    def _grouped(self, first: int) -> tuple[CardMatch | None, int]:
        """The longest card in groups from ``first`` on, and how many groups it took."""
        best: tuple[CardMatch | None, int] = (None, 1)
        if not self._may_begin(first):
            return best
        separator, digits = self._between[first], self._groups[first]
        for index in range(first + 1, min(len(self._groups), first + cards.LONGEST)):
            digits += self._groups[index]
            if self._between[index - 1] != separator or len(digits) > cards.LONGEST:
                break
            if len(digits) >= cards.SHORTEST and self._may_end(index, separator):
                match = self._judged_groups(first, index, digits, separator)
                best = (match, index - first + 1) if match else best
        return best

    def _may_begin(self, first: int) -> bool:
        """A card does not begin in the middle of a longer list of groups like its own."""
        if first == 0:
            return True
        before = len(self._groups[first - 1])
        return before <= 3 or before > 12 or self._between[first - 1] != self._between[first]

    def _may_end(self, last: int, separator: str) -> bool:
        """A card ends with the list, before another separator, before a date or a code, or before another card."""
        if self._between[last] != separator:
            return True
        return _DATE_OR_CODE.match(" ".join(self._groups[last + 1 : last + 6])) is not None

    def _judged_groups(self, first: int, last: int, digits: str, separator: str) -> CardMatch | None:
        sizes = tuple(len(group) for group in self._groups[first : last + 1])
        embossed = cards.is_embossed(sizes)
        regular = embossed or (separator in _FREE and cards.is_typed(sizes))
        if not (regular or self._keyed) or not self._may_be_card(digits):
            return None
        start, end = self._spans[first][0], self._spans[last][1]
        if is_part_of_an_id(self._text, start, end, keyed=self._keyed):
            return None
        return self._judged(start, end, digits, embossed=embossed and separator in _FREE)

    def _judged(self, start: int, end: int, digits: str, *, embossed: bool) -> CardMatch | None:
        beside = self._keyed or self._evidence or embossed or expiry_beside(self._text, start, end)
        if beside or cards.is_strict(digits):
            return CardMatch(start, end, digits, alone=not beside)
        return None
