"""The choice: what a visitor granted and refused, as the consent cookie carries it. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, get_args

Source = Literal["banner", "preferences", "account", "gpc"]

_VERSION = "1"
_NOBODY = "-"  # a refusal names no record: a refusal must not identify anybody


@dataclass(frozen=True, slots=True)
class Choice:
    """One decision. A purpose in neither set was not asked about when it was made."""

    granted: frozenset[str]
    refused: frozenset[str]
    decided_at: int  # Unix time, seconds
    policy_version: int
    source: Source
    record_id: str = ""  # the consent record that proves the grant; "" where nothing was granted

    def answers(self, purposes: Collection[str]) -> bool:
        return all(purpose in self.granted or purpose in self.refused for purpose in purposes)


def to_content(choice: Choice) -> str:
    """``1:record:decided:policy:source:granted+…:refused+…``, all of it cookie octets (RFC 6265 §4.1.1)."""
    return ":".join(
        (
            _VERSION,
            choice.record_id or _NOBODY,
            f"{choice.decided_at:x}",
            str(choice.policy_version),
            choice.source,
            "+".join(sorted(choice.granted)),
            "+".join(sorted(choice.refused)),
        )
    )


def from_content(content: str) -> Choice | None:
    """The choice a signed content states; ``None``, which is undecided, for any other form."""
    parts = content.split(":")
    if len(parts) != 7 or parts[0] != _VERSION or parts[4] not in get_args(Source):
        return None
    try:
        decided_at, policy_version = int(parts[2], 16), int(parts[3])
    except ValueError:
        return None
    return Choice(
        granted=_names(parts[5]),
        refused=_names(parts[6]),
        decided_at=decided_at,
        policy_version=policy_version,
        source=parts[4],  # type: ignore[arg-type]  # checked against the literal above
        record_id="" if parts[1] == _NOBODY else parts[1],
    )


def _names(joined: str) -> frozenset[str]:
    return frozenset(joined.split("+")) if joined else frozenset()
