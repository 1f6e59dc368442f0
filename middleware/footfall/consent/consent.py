"""Consent as a handler sees it: ``visit.consent.allows("analytics")``. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from footfall.consent.choice import Choice
from footfall.consent.material import covers
from footfall.consent.purposes import NECESSARY, Cookie, Purpose
from footfall.consent.regimes import REGIMES, STRICTEST, Regime, granted
from footfall.consent.services import Service


class Consent:
    """The choice in force for one request: the visitor's, narrowed by a Global Privacy Control signal.

    ``regime`` says what holds where nothing was chosen, ``approved`` what an account's notice has had its time for;
    ``due``: the choice stands, but may be asked again.
    """

    __slots__ = ("_rules", "choice", "decided", "due", "gpc", "granted", "granted_sorted", "regime", "services")

    def __init__(
        self,
        rules: ConsentRules,
        choice: Choice | None,
        gpc: bool,
        regime: Regime = STRICTEST,
        *,
        due: bool = False,
        approved: frozenset[str] = frozenset(),
    ) -> None:
        self.choice = choice
        self.gpc = gpc
        self.regime = regime
        self.decided = choice is not None and not due and choice.answers(rules.optional)
        self.granted = rules.granted(choice, gpc, regime, approved)
        self.granted_sorted = tuple(sorted(self.granted))
        self.services = rules.allowed_services(choice, self.granted, gpc)
        self._rules = rules
        self.due = due

    def says_the_same(self, other: Consent) -> bool:
        """Whether both come from the same choice under the same conditions, and grant the same."""
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    def allows(self, purpose: str) -> bool:
        """Whether the purpose is granted. Raises ValueError for one that the settings do not have."""
        if purpose not in self._rules.names:
            raise ValueError(f"there is no purpose {purpose!r}, only {', '.join(sorted(self._rules.names))}")
        return purpose in self.granted

    def allows_service(self, service: str) -> bool:
        """Whether the service may be used: its purpose is granted and it was not refused, or it was granted alone.

        Raises ValueError for a service that the settings do not have.
        """
        if service not in self._rules.services:
            known = ", ".join(sorted(self._rules.services)) or "none: add Service(…) to Settings.services"
            raise ValueError(f"there is no service {service!r}; there are: {known}")
        return service in self.services

    def allows_cookie(self, cookie: Cookie) -> bool:
        """Whether a declared cookie may be stored and read: by its service where it has one, else by its purpose."""
        return cookie.service in self.services if cookie.service else cookie.purpose in self.granted

    def answered(self, purpose: str) -> bool:
        """Whether the visitor was asked about this purpose and chose."""
        return self.choice is not None and not self.due and self.choice.answers((purpose,))

    @property
    def at(self) -> int | None:
        """When the visitor chose, in Unix seconds; ``None`` while undecided."""
        return self.choice.decided_at if self.choice else None

    @property
    def policy_version(self) -> int | None:
        """The version of the policy the choice was made under; ``None`` while undecided."""
        return self.choice.policy_version if self.choice else None

    @property
    def source(self) -> str | None:
        """Where the answer comes from: "banner", "preferences", "placeholder", "account", "gpc", or "regime" where
        it is used because nobody refused; ``None`` while undecided."""
        if self.choice is not None and self.choice.says_anything:
            return self.choice.source
        if self.gpc:
            return "gpc"
        return "regime" if len(self.granted) > 1 else None


class ConsentRules:
    """What the settings say of purposes and services, worked out once."""

    def __init__(
        self,
        purposes: Mapping[str, Purpose],
        services: Iterable[Service] = (),
        material: Mapping[str, str] | None = None,
    ) -> None:
        self.purposes = purposes
        self.names = frozenset(purposes)
        self.optional = tuple(name for name in purposes if name != NECESSARY.name)
        self.sold = frozenset(purpose.name for purpose in purposes.values() if purpose.sale_or_share)
        self.services = {service.name: service for service in services}
        self.choosable = frozenset(name for name, one in self.services.items() if one.purpose != NECESSARY.name)
        self.material = material or {}
        self._necessary = frozenset((NECESSARY.name,))
        self._optional = frozenset(self.optional)
        self._undecided = {
            (regime, gpc): Consent(self, None, gpc, regime) for regime in REGIMES for gpc in (False, True)
        }

    def undecided(self, *, gpc: bool, regime: Regime = STRICTEST) -> Consent:
        """What is granted before the choice: nothing, where one opts in."""
        return self._undecided[regime, gpc]

    def of(
        self,
        choice: Choice | None,
        *,
        gpc: bool,
        regime: Regime = STRICTEST,
        due: bool = False,
        approved: frozenset[str] = frozenset(),
    ) -> Consent:
        """What a choice grants, as far as it stands."""
        stands = self.standing(choice, regime) if choice else None
        return Consent(self, stands, gpc, regime, due=due, approved=approved)

    def standing(self, choice: Choice, regime: Regime = STRICTEST) -> Choice:
        """The choice without what has changed materially since: that counts as not asked, and is asked again.

        A refusal holds until the answer, whatever the regime makes of silence; who opted out is not asked again.
        """
        lapsed = {name for name, agreed in choice.material.items() if not self._still_covers(name, agreed)}
        if not lapsed:
            return choice
        return replace(
            choice,
            granted=choice.granted - lapsed,
            changed=frozenset() if regime == "opt-out" else choice.refused & lapsed,
            services=choice.services - lapsed,
        )

    def _still_covers(self, name: str, agreed: str) -> bool:
        return name not in self.material or covers(agreed, self.material[name])

    def granted(
        self,
        choice: Choice | None,
        gpc: bool,
        regime: Regime = STRICTEST,
        approved: frozenset[str] = frozenset(),
    ) -> frozenset[str]:
        signal = self.sold if gpc else frozenset[str]()
        return self._necessary | granted(
            regime, choice, optional=self._optional, refused_by_signal=signal, approved=approved
        )

    def allowed_services(self, choice: Choice | None, granted: frozenset[str], gpc: bool) -> frozenset[str]:
        """The services in force, given the purposes that are."""
        if not self.services:
            return frozenset()
        of_purposes = self.services_of(granted)
        if choice is None:
            return of_purposes
        alone = choice.services & self.choosable
        if gpc:
            alone -= self.services_of(self.sold)
        return (of_purposes - (choice.services_refused & self.choosable)) | alone

    def services_of(self, purposes: frozenset[str]) -> frozenset[str]:
        return frozenset(name for name, service in self.services.items() if service.purpose in purposes)

    def meant(self, names: Iterable[str]) -> list[Service]:
        """The services of these names that can be chosen, in the order of the settings."""
        given = self.choosable & frozenset(names)
        return [service for name, service in self.services.items() if name in given]

    def split(self, granted: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
        """The optional purposes, as (granted, refused); unknown names are left out."""
        yes = frozenset(granted) & frozenset(self.optional)
        return yes, frozenset(self.optional) - yes
