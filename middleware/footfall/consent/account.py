"""The account's choice beside the device's: the most restrictive counts, until the member says otherwise. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import replace

from footfall.consent.choice import Choice, from_content, to_content
from footfall.consent.regimes import Regime
from footfall.store.records import AccountChoice

_NOTHING = frozenset[str]()


def reconciled(device: Choice | None, account: Choice | None) -> Choice | None:
    """The choice in force for a member: what either refuses is refused, what one grants and the other does not speak
    of is granted. A device that holds an older choice of the account's gives way to the account.
    """
    if account is None or device is None:
        return device if account is None else account
    if device.source == "account" and device.decided_at <= account.decided_at:
        return account
    refused = device.refused | account.refused
    services_refused = device.services_refused | account.services_refused
    both = replace(
        device,
        granted=(device.granted | account.granted) - refused,
        refused=refused,
        decided_at=max(device.decided_at, account.decided_at),
        policy_version=min(device.policy_version, account.policy_version),
        record_id=device.record_id or account.record_id,
        services=(device.services & account.services) - services_refused,
        services_refused=services_refused,
        material={**account.material, **device.material},
        changed=refused - _settled(device) - _settled(account),
        told=min(device.told, account.told),
    )
    return both if same(both, device) else replace(both, source=account.source)


def same(one: Choice | None, other: Choice | None) -> bool:
    """Whether two choices say the same."""
    return _said(one) == _said(other)


def for_how_long(account: Choice, *, regime: Regime, lifetime: float, now: float) -> Choice:
    """The account's choice as it stands now. Past its time a grant is none and everything is asked again; a refusal
    holds until the member changes it, and where silence grants it is not asked again."""
    if now - account.decided_at <= lifetime:
        return account
    changed = _NOTHING if regime == "opt-out" else account.refused
    return replace(account, granted=_NOTHING, services=_NOTHING, changed=changed, record_id="")


def without_grants(account: Choice) -> Choice:
    """What is left of a choice whose record does not count any more."""
    return replace(account, granted=_NOTHING, services=_NOTHING, record_id="")


def with_signal(account: Choice | None, sold: Iterable[str], *, now: float, policy_version: int) -> Choice:
    """The account's choice once its member has come with a Global Privacy Control signal (11 CCR 7025(c)(1))."""
    off = frozenset(sold)
    if account is None:
        return Choice(_NOTHING, off, int(now), policy_version, "gpc")
    granted = account.granted - off
    return replace(account, granted=granted, refused=account.refused | off, source="gpc")


def heeds_signal(account: Choice | None, sold: Set[str]) -> bool:
    """Whether the account refuses all of it already."""
    return account is not None and sold <= account.refused


def kept(member_id: str, choice: Choice) -> AccountChoice:
    """A choice as the store keeps it for an account."""
    return AccountChoice(
        member_id=member_id,
        purposes=tuple(sorted(choice.granted)),
        refused=tuple(sorted(choice.refused)),
        source=choice.source,
        policy_version=choice.policy_version,
        at=float(choice.decided_at),
        content=to_content(choice),
    )


def read(stored: AccountChoice | None) -> Choice | None:
    """The choice that the store keeps; where it has none in full, its refusals: they need no proof."""
    if stored is None:
        return None
    whole = from_content(stored.content)
    if whole is not None:
        return whole
    return Choice(_NOTHING, frozenset(stored.refused), int(stored.at), stored.policy_version, "account")


def _settled(choice: Choice) -> frozenset[str]:
    return choice.refused - choice.changed


def _said(choice: Choice | None) -> tuple[frozenset[str], ...]:
    if choice is None:
        return (_NOTHING,) * 4
    return (choice.granted, choice.refused, choice.services, choice.services_refused)
