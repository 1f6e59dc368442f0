"""The choice: what a visitor granted and refused, as the consent cookie carries it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Source = Literal["banner", "preferences", "placeholder", "account", "gpc"]

_VERSION = "2"
_NOBODY = "-"  # a refusal names no record: a refusal must not identify anybody
_FIELDS = 10


@dataclass(frozen=True, slots=True)
class Choice:
    """One decision. A purpose in neither set was not asked about when it was made."""

    granted: frozenset[str]
    refused: frozenset[str]
    decided_at: int  # Unix time, seconds
    policy_version: int
    source: Source
    record_id: str = ""  # the consent record that proves the grant; "" where nothing was granted
    services: frozenset[str] = frozenset()  # granted alone, without their purpose
    services_refused: frozenset[str] = frozenset()  # although their purpose is granted
    material: Mapping[str, str] = field(default_factory=dict, hash=False)  # by purpose and service: what was agreed to
    changed: frozenset[str] = frozenset()  # refused before it changed: still refused, and asked again; not written
    told: int = 0  # the policy version whose changes the visitor was told of since

    def answers(self, purposes: Collection[str]) -> bool:
        return all(one in self.granted or (one in self.refused and one not in self.changed) for one in purposes)

    @property
    def says_anything(self) -> bool:
        return bool(self.granted or self.refused or self.services)

    @property
    def grants(self) -> bool:
        """Whether anything is granted at all, so that a record must prove it."""
        return bool(self.granted or self.services)


def longest_content(purposes: Iterable[str], services: Collection[str], material: Mapping[str, str]) -> int:
    """Characters of the longest choice that can be made of these: all are refused, and all services granted alone."""
    refused, alone = frozenset(purposes), frozenset(services)
    choice = Choice(frozenset(), refused, 2**36, 65_535, "placeholder", "0" * 32, alone, material=material, told=65_535)
    return len(to_content(choice))


def to_content(choice: Choice) -> str:
    """``2:record:decided:policy:told:source:granted:refused:services granted:services refused``.

    The last four are names joined by ``+``, each with what is material of it behind a ``*``; all of it are cookie
    octets (RFC 6265 §4.1.1).
    """
    return ":".join(
        (
            _VERSION,
            choice.record_id or _NOBODY,
            f"{choice.decided_at:x}",
            str(choice.policy_version),
            str(choice.told),
            choice.source,
            *(_joined(names, choice.material) for names in (choice.granted, choice.refused, choice.services)),
            _joined(choice.services_refused, {}),
        )
    )


def from_content(content: str) -> Choice | None:
    """The choice a signed content states; ``None``, which is undecided, for any other form."""
    parts = content.split(":")
    if len(parts) != _FIELDS or parts[0] != _VERSION or parts[5] not in get_args(Source):
        return None
    try:
        decided_at, policy_version, told = int(parts[2], 16), int(parts[3]), int(parts[4])
    except ValueError:
        return None
    names = [dict(_pairs(part)) for part in parts[6:]]
    return Choice(
        granted=frozenset(names[0]),
        refused=frozenset(names[1]),
        decided_at=decided_at,
        policy_version=policy_version,
        source=parts[5],  # type: ignore[arg-type]  # checked against the literal above
        record_id="" if parts[1] == _NOBODY else parts[1],
        services=frozenset(names[2]),
        services_refused=frozenset(names[3]),
        material={name: code for part in names for name, code in part.items() if code},
        told=told,
    )


def _joined(names: Iterable[str], material: Mapping[str, str]) -> str:
    return "+".join(f"{name}*{material[name]}" if name in material else name for name in sorted(names))


def _pairs(joined: str) -> list[tuple[str, str]]:
    pairs = (item.partition("*") for item in joined.split("+")) if joined else ()
    return [(name, code) for name, _, code in pairs]
