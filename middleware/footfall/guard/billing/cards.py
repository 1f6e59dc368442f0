"""Payment card numbers: which digits may be one (ISO/IEC 7812), and how they are grouped.

The strict table holds a prefix *and* its lengths, and speaks alone: one random 16-digit number in 38 passes it
with its check digit. The broad table is read only where something else says "card": a key, an expiry date or a
security code beside, or the grouping that is embossed on cards.
"""

from __future__ import annotations

import re

SHORTEST, LONGEST = 12, 19

# Ranges as the networks publish them: Visa, Mastercard, American Express, Diners Club, Discover, JCB, UnionPay,
# Mir, RuPay, Elo, Hipercard, Troy, Verve, Dankort, Meeza, Uzcard, Humo, and the four-digit Maestro prefixes.
# Lengths where identifiers live are left to the broad table: 13-digit Visa is where EANs are, JCB of 19 digits
# and UnionPay of 17 and 18 are where snowflakes are.
_MAESTRO = r"5018|5020|5038|5893|6304|6759|676[1-3]|6799"
_STRICT: dict[int, re.Pattern[str]] = {
    14: re.compile(r"30[0-5]|3095|36|3[89]"),
    15: re.compile(r"3[47]"),
    16: re.compile(
        r"4|5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720|60|62|64[4-9]|65|352[89]|35[3-8]|220[0-5]|8[12]|9792"
        rf"|8600|9860|5019|504175|506|507[89]|508|509|63629|63636|637|{_MAESTRO}"
    ),
    17: re.compile(_MAESTRO),
    18: re.compile(rf"506[01]|{_MAESTRO}"),
    19: re.compile(rf"4|62|6011|506[01]|{_MAESTRO}"),
}

_BROAD: dict[int, re.Pattern[str]] = {
    12: re.compile(r"5[06-8]|6"),
    13: re.compile(r"4|5[06-8]|6"),
    14: re.compile(r"3|5[06-8]|6"),
    15: re.compile(r"1|3[0-9]|2131|1800|2014|2149|5[06-8]|6"),
    16: re.compile(r"[2-6]|8[12]|9792|8600|9860|1946"),
    17: re.compile(r"3|5[06-8]|6|220"),
    18: re.compile(r"3|5[06-8]|6|220"),
    19: re.compile(r"3[05689]|31|4|5[06-8]|6|220"),
}

#: Lengths of the digit groups on cards and in forms, and the even ones that people type.
_EMBOSSED = frozenset({(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (4, 4, 4, 1), (6, 13), (8, 8)})
_FOURS = frozenset({(4, 4, 4, 3), (4, 4, 4, 2), (4, 4, 4, 4, 1), (4, 4, 4, 4, 2), (4, 4, 4)})

_DOUBLED = bytes.maketrans(b"0123456789", b"0246813579")


def luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812-1 holds. ``digits`` are ASCII digits."""
    raw = digits.encode("ascii")
    total = sum(raw[-1::-2]) + sum(raw[-2::-2].translate(_DOUBLED))
    return (total - 48 * len(raw)) % 10 == 0 and raw.count(raw[0]) < len(raw)


def is_strict(digits: str) -> bool:
    """Prefix and length belong to a card network."""
    table = _STRICT.get(len(digits))
    return table is not None and table.match(digits) is not None


def is_broad(digits: str) -> bool:
    """Prefix and length may belong to a card, and to much else."""
    table = _BROAD.get(len(digits))
    return table is not None and table.match(digits) is not None


def is_embossed(groups: tuple[int, ...]) -> bool:
    """Digit groups as they stand on a card: evidence by itself."""
    return groups in _EMBOSSED


def is_typed(groups: tuple[int, ...]) -> bool:
    """Digit groups as people and forms write them: embossed, or even with a shorter rest."""
    if groups in _EMBOSSED or groups in _FOURS:
        return True
    size = groups[0]
    return size <= 5 and size != 4 and all(group == size for group in groups[:-1]) and groups[-1] <= size
