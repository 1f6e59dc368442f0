"""What billing data looks like in one text and in one field: pure functions over ASCII-folded text.

Cards and IBANs show by their shape; security codes, accounts, routing numbers and addresses only by their key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from footfall.guard.billing import cards
from footfall.guard.billing.beside import expiry_beside, is_part_of_an_id
from footfall.guard.billing.keys import Role

#: Digit groups looked at in one run, and runs in one text; a legitimate cookie has a handful.
_MOST_GROUPS = 64
_MOST_RUNS = 128

_RUN = re.compile(r"[0-9](?:[ \-+._/]{0,3}[0-9]){11,}")
_SEPARATORS = b" -+._/"
_DIGIT_AS_ZERO = bytes(48 if 48 <= byte <= 57 else 120 for byte in range(256))
_TWELVE = b"0" * cards.SHORTEST
_GROUP = re.compile(r"[0-9]+")
_FREE = frozenset(" -+")  # join digits into a card in any even grouping; the others only as they are embossed
_DATE_OR_CODE = re.compile(
    r"(?:0[1-9]|1[0-2]) ?(?:20)?[1-4][0-9](?: [0-9]{3,4})?$|[0-9]{3}$|[0-9]{4} [0-9]{4,6} [0-9]{4,5}"
)
_MONTH_OR_DATE = re.compile(r"(?:0[1-9]|1[0-2])(?:[0-9]{2}|20[0-9]{2})?")


@dataclass(frozen=True, slots=True)
class CardMatch:
    """A card number in a text. ``alone``: nothing but prefix, length and check digit speaks for it."""

    start: int
    end: int
    digits: str
    alone: bool


def has_long_number(text: str) -> bool:
    """Twelve digits with nothing but separators between: without them no card. Three times as fast as ``re``."""
    return _TWELVE in text.encode("utf-8", "replace").translate(_DIGIT_AS_ZERO, _SEPARATORS)


def find_cards(text: str, role: Role = Role.NONE, *, evidence: bool = False) -> Iterator[CardMatch]:
    """Card numbers in an ASCII-folded text, under a key of this role; ``evidence``: a code or date is beside it."""
    for count, run in enumerate(_RUN.finditer(text)):
        if count >= _MOST_RUNS:
            return
        yield from _in_run(text, run, role, evidence)


def _in_run(text: str, run: re.Match[str], role: Role, evidence: bool) -> Iterator[CardMatch]:
    if not _may_hold_card(run.group()):
        return
    groups = [match.span() for match in _GROUP.finditer(text, *run.span())][:_MOST_GROUPS]
    index = 0
    while index < len(groups):
        taken = 1
        start, end = groups[index]
        if end - start >= cards.SHORTEST:
            match = _single(text, start, end, role, evidence)
        else:
            match, taken = _grouped(text, groups, index, role, evidence)
        if match:
            yield match
        index += taken


def _may_hold_card(run: str) -> bool:
    """Quickly away with dotted analytics ids and the like: no long group, and too few digits in short ones."""
    sizes = [len(group) for group in _GROUP.findall(run)]
    return max(sizes) >= cards.SHORTEST or sum(size for size in sizes if size <= 8) >= cards.SHORTEST


def _single(text: str, start: int, end: int, role: Role, evidence: bool) -> CardMatch | None:
    digits = text[start:end]
    if end - start > cards.LONGEST:
        return _with_date(text, start, end, role)
    by_key = role is Role.CARD_NUMBER or role is Role.CARD
    if not _may_be_card(digits, role):
        return None
    if is_part_of_an_id(text, start, end, keyed=by_key):
        return None
    beside = evidence or by_key or expiry_beside(text, start, end)
    if beside or cards.is_strict(digits):
        return CardMatch(start, end, digits, alone=not beside)
    return None


def _may_be_card(digits: str, role: Role) -> bool:
    if role is Role.CARD_NUMBER:
        # UnionPay has issued numbers without a check digit; private cards begin with any digit.
        return cards.luhn(digits) if digits[:2] != "62" or len(digits) < 16 else True
    return (cards.is_strict(digits) or cards.is_broad(digits)) and cards.luhn(digits)


def _with_date(text: str, start: int, end: int, role: Role) -> CardMatch | None:
    """Number, expiry and code typed without a separator, under the key of a card."""
    if role not in (Role.CARD_NUMBER, Role.CARD) or end - start > cards.LONGEST + 8:
        return None
    for length in (16, 15, 14, 19):
        digits, rest = text[start : start + length], text[start + length : end]
        if cards.is_strict(digits) and cards.luhn(digits) and _MONTH_OR_DATE.match(rest):
            return CardMatch(start, start + length, digits, alone=False)
    return None


def _grouped(
    text: str, groups: list[tuple[int, int]], first: int, role: Role, evidence: bool
) -> tuple[CardMatch | None, int]:
    """A card in groups from ``first`` on, and how many groups it took."""
    if not _may_begin(text, groups, first):
        return None, 1
    separator = _separator(text, groups, first)
    digits, sizes = "", []
    best: tuple[CardMatch | None, int] = (None, 1)
    for index in range(first, min(len(groups), first + cards.LONGEST)):
        if index > first and _separator(text, groups, index - 1) != separator:
            break
        digits += text[slice(*groups[index])]
        sizes.append(groups[index][1] - groups[index][0])
        if len(digits) > cards.LONGEST:
            break
        if len(sizes) > 1 and len(digits) >= cards.SHORTEST and _may_end(text, groups, index, separator):
            match = _judge_group(
                text, (groups[first][0], groups[index][1]), digits, tuple(sizes), separator, role, evidence
            )
            best = (match, len(sizes)) if match else best
    return best


def _judge_group(
    text: str, span: tuple[int, int], digits: str, sizes: tuple[int, ...], separator: str, role: Role, evidence: bool
) -> CardMatch | None:
    by_key = role is Role.CARD_NUMBER or role is Role.CARD
    embossed = cards.is_embossed(sizes)
    regular = embossed or (separator in _FREE and cards.is_typed(sizes))
    if not (regular or by_key) or not _may_be_card(digits, role):
        return None
    beside = by_key or evidence or (embossed and separator in _FREE) or expiry_beside(text, *span)
    if not (beside or cards.is_strict(digits)) or is_part_of_an_id(text, *span, keyed=by_key):
        return None
    return CardMatch(*span, digits, alone=not beside)


def _separator(text: str, groups: list[tuple[int, int]], index: int) -> str:
    """The kind of separator after a group: runs of blanks and dashes count as one."""
    if index + 1 >= len(groups):
        return ""
    between = text[groups[index][1] : groups[index + 1][0]]
    return between.strip(" ")[:1] or " "


def _may_begin(text: str, groups: list[tuple[int, int]], first: int) -> bool:
    """A card does not begin in the middle of a longer list of groups like its own."""
    if first == 0:
        return True
    before = groups[first - 1][1] - groups[first - 1][0]
    return before <= 3 or _separator(text, groups, first - 1) != _separator(text, groups, first) or before > 12


def _may_end(text: str, groups: list[tuple[int, int]], last: int, separator: str) -> bool:
    """A card ends with the list, before another separator, before a date or a code, or before another card."""
    if last + 1 >= len(groups) or _separator(text, groups, last) != separator:
        return True
    rest = " ".join(text[slice(*group)] for group in groups[last + 1 : last + 6])
    return _DATE_OR_CODE.match(rest) is not None
