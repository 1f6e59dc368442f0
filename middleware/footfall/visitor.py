"""The identifier: who came, for the how-manieth time, and for how long that may be remembered.

Pure: the clock is passed in. The content is letters only. Sixteen hex digits of a UUID may all be decimal
and then look like a card number; letters never do, so no detector can take the identifier from a visitor.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

#: The cookie notes the time of the last request to this accuracy, so that few responses set it anew.
NOTED_EVERY = 60  # seconds

_HEX = "0123456789abcdef"
_LETTERS = "abcdefghijklmnop"
_TO_LETTERS = str.maketrans(_HEX, _LETTERS)
_FROM_LETTERS = str.maketrans(_LETTERS, _HEX)


@dataclass(frozen=True, slots=True)
class Visitor:
    """One browser that agreed to be recognised."""

    id: str  # UUID, canonical form
    issued_at: int  # Unix time of the first issue, seconds: the lifetime is counted from here, always
    visit_number: int  # from 1
    seen_at: int  # Unix time of the last request, seconds, to within NOTED_EVERY
    started_at: int  # Unix time of the request that began the visit, seconds

    @property
    def returning(self) -> bool:
        return self.visit_number > 1


def first_visit(now: float) -> Visitor:
    """A new visitor, with a random identifier."""
    return Visitor(str(uuid.uuid4()), int(now), 1, int(now), int(now))


def arrive(visitor: Visitor, now: float, idle: float) -> Visitor:
    """The visitor as of this request; the same object where the cookie need not change.

    Requests that present the same cookie agree on the number of the visit they begin, on whatever worker
    they arrive: a visit is the pair of visitor and number.
    """
    away = now - visitor.seen_at
    if away > idle:
        return replace(visitor, visit_number=visitor.visit_number + 1, seen_at=int(now), started_at=int(now))
    if away > NOTED_EVERY:
        return replace(visitor, seen_at=int(now))
    return visitor


def remaining(visitor: Visitor, now: float, lifetime: float) -> float:
    """Seconds that the identifier may still live; it is never renewed past its first issue (CNIL 2020-091)."""
    return visitor.issued_at + lifetime - now


def to_content(visitor: Visitor) -> str:
    numbers = (visitor.issued_at, visitor.visit_number, visitor.seen_at, visitor.started_at)
    return "-".join((uuid.UUID(visitor.id).hex, *(f"{number:x}" for number in numbers))).translate(_TO_LETTERS)


def from_content(content: str) -> Visitor | None:
    """The visitor a signed content names; ``None`` for what an older release may have signed otherwise."""
    parts = content.translate(_FROM_LETTERS).split("-")
    if len(parts) not in (4, 5):
        return None
    try:
        identifier, numbers = str(uuid.UUID(parts[0])), [int(part, 16) for part in parts[1:]]
    except ValueError:
        return None
    if len(numbers) == 3:
        numbers.append(numbers[-1])  # of release 0.1: the visit had begun when it was last seen
    return Visitor(identifier, *numbers)
