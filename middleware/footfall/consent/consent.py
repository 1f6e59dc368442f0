"""Consent as a handler sees it: ``visit.consent.allows("analytics")``. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from footfall.consent.choice import Choice
from footfall.consent.purposes import NECESSARY, Purpose


class Consent:
    """The choice in force for one request: the visitor's, narrowed by a Global Privacy Control signal."""

    __slots__ = ("_known", "choice", "decided", "gpc", "granted", "granted_sorted")

    def __init__(self, rules: ConsentRules, choice: Choice | None, gpc: bool) -> None:
        self.choice = choice
        self.gpc = gpc
        self.decided = choice is not None and choice.answers(rules.optional)
        self.granted = rules.granted(choice, gpc)
        self.granted_sorted = tuple(sorted(self.granted))
        self._known = rules.names

    def allows(self, purpose: str) -> bool:
        """Whether the purpose is granted. Raises ValueError for one that the settings do not have."""
        if purpose not in self._known:
            raise ValueError(f"there is no purpose {purpose!r}, only {', '.join(sorted(self._known))}")
        return purpose in self.granted

    def answered(self, purpose: str) -> bool:
        """Whether the visitor was asked about this purpose and chose."""
        return self.choice is not None and self.choice.answers((purpose,))

    @property
    def policy_version(self) -> int | None:
        """The version of the policy the choice was made under; ``None`` while undecided."""
        return self.choice.policy_version if self.choice else None

    @property
    def source(self) -> str | None:
        """Where the answer comes from: "banner", "preferences", "account", "gpc"; ``None`` while undecided."""
        if self.choice is not None:
            return self.choice.source
        return "gpc" if self.gpc else None


class ConsentRules:
    """What the settings say of purposes, worked out once."""

    def __init__(self, purposes: Mapping[str, Purpose]) -> None:
        self.names = frozenset(purposes)
        self.optional = tuple(name for name in purposes if name != NECESSARY.name)
        self.sold = frozenset(purpose.name for purpose in purposes.values() if purpose.sale_or_share)
        self._necessary = frozenset((NECESSARY.name,))
        self._undecided = (Consent(self, None, False), Consent(self, None, True))

    def undecided(self, *, gpc: bool) -> Consent:
        """Nothing is granted before the choice (opt-in)."""
        return self._undecided[gpc]

    def of(self, choice: Choice, *, gpc: bool) -> Consent:
        return Consent(self, choice, gpc)

    def granted(self, choice: Choice | None, gpc: bool) -> frozenset[str]:
        if choice is None:
            return self._necessary
        granted = (choice.granted & self.names) | self._necessary
        return granted - self.sold if gpc else granted

    def split(self, granted: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
        """The optional purposes, as (granted, refused); unknown names are left out."""
        yes = frozenset(granted) & frozenset(self.optional)
        return yes, frozenset(self.optional) - yes
