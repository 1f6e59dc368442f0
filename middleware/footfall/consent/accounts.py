"""Accounts: what members chose, on whatever device, kept in the store and weighed against the device's own choice.

Failure is closed: while the store cannot say what an account refused, nothing optional is granted to its member; a
refusal that could not be stored holds on this worker, and is stored as soon as that is possible.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from footfall.consent.account import (
    for_how_long,
    heeds_signal,
    kept,
    read,
    reconciled,
    same,
    with_signal,
    without_grants,
)
from footfall.consent.approval import refusals, standing
from footfall.consent.choice import Choice
from footfall.consent.consent import Consent
from footfall.consent.decisions import POLLED_EVERY, Decisions
from footfall.consent.records import ConsentRecord, Method, new_record_id
from footfall.settings import Settings
from footfall.store import Store, StoreUnavailable
from footfall.store.records import AccountFile

log = logging.getLogger("footfall.consent")

#: Devices of one account whose consent is remembered.
_DEVICES = 8

#: Accounts remembered, so that a member's requests do not read the same rows again and again.
_REMEMBERED = 4096


@dataclass(slots=True)
class _Known:
    """What an account says, when that was read (Unix time), and what it comes to on its devices: by the device's own
    consent, for which reading and which edition of the decisions that holds, and the consent."""

    at: float
    file: AccountFile
    weighed: dict[Consent, tuple[tuple[float, int], Consent]]

    def keep(self, device: Consent, holds_for: tuple[float, int], consent: Consent) -> None:
        if len(self.weighed) >= _DEVICES:
            self.weighed.clear()
        self.weighed[device] = (holds_for, consent)


class Accounts:
    """The accounts of one site. What one worker changes every other knows within ``POLLED_EVERY`` seconds."""

    def __init__(self, settings: Settings, store: Store, decisions: Decisions) -> None:
        self._settings = settings
        self._store = store
        self._decisions = decisions
        self._rules = decisions.rules
        self._lifetime = settings.consent_lifetime.total_seconds()
        self._known: dict[str, _Known] = {}
        self._unsaid: dict[str, Choice] = {}  # refusals that the store does not know of yet

    async def consent(self, member_id: str, device: Consent, now: float) -> Consent:
        """What holds for a member on this device: the most restrictive of its choice and the account's.

        A Global Privacy Control signal is noted on the account, so that other devices honour it too
        (11 CCR 7025(c)(1)).
        """
        try:
            known = await self._know(member_id, now)
        except StoreUnavailable as error:
            log.error("an account's choice could not be read; nothing optional is granted: %s", error)
            return self._rules.undecided(gpc=device.gpc)
        weighed = known.weighed.get(device)
        if weighed is None or weighed[0] != (known.at, self._decisions.edition):
            consent = await self._weigh(member_id, known.file, device, now)
            consent = weighed[1] if weighed is not None and weighed[1].says_the_same(consent) else consent
            known.keep(device, (known.at, self._decisions.edition), consent)
            return consent
        return weighed[1]

    async def _weigh(self, member_id: str, file: AccountFile, device: Consent, now: float) -> Consent:
        account = self._unsaid.get(member_id) or read(file.choice)
        if device.gpc and not heeds_signal(account, self._rules.sold):
            account = await self._heed_signal(member_id, account, now)
        approved = self._approved(file, account, now) if device.regime == "opt-out-after-notice" else frozenset[str]()
        if account is None and not approved:
            return device
        choice = reconciled(device.choice, self._in_force(account, device, now))
        due = device.due and account is None
        return self._rules.of(choice, gpc=device.gpc, regime=device.regime, due=due, approved=approved)

    def _in_force(self, account: Choice | None, device: Consent, now: float) -> Choice | None:
        if account is None:
            return None
        if self._decisions.is_withdrawn(account):
            account = without_grants(account)
        account = for_how_long(account, regime=device.regime, lifetime=self._lifetime, now=now)
        return self._rules.standing(account, device.regime)

    def _approved(self, file: AccountFile, account: Choice | None, now: float) -> frozenset[str]:
        """The purposes whose notice has had its time, and that were not refused (47 CFR 64.2008(d))."""
        answers = [*file.answers, *refusals(account)]
        optional = self._rules.optional
        return frozenset(name for name in optional if standing(name, file.notices, answers, now).allowed)

    # -- what changes an account

    async def keep(self, member_id: str, choice: Choice, now: float) -> None:
        """Keep a choice that a member made: it holds on every device. What the account's record granted and this
        one does not is withdrawn wherever it was copied to."""
        try:
            before = read((await self._know(member_id, now)).file.choice)
        except StoreUnavailable:
            before = None
        await self._choose(member_id, choice)
        if before is not None and before.record_id and not before.granted <= choice.granted:
            await self._decisions.withdraw(before.record_id, now)

    async def _heed_signal(self, member_id: str, account: Choice | None, now: float) -> Choice:
        version = self._settings.policy.version
        flagged = with_signal(account, self._rules.sold, now=now, policy_version=version)
        await self._record("gpc", "signal", member_id, flagged, now)
        await self._choose(member_id, flagged)
        return flagged

    async def _choose(self, member_id: str, choice: Choice) -> None:
        self.forget(member_id)
        try:
            await self._store.set_account_choice(kept(member_id, choice))
            self._unsaid.pop(member_id, None)
        except StoreUnavailable as error:
            log.error("an account's choice could not be stored; this worker holds to it meanwhile: %s", error)
            self._unsaid[member_id] = without_grants(choice)
        self.forget(member_id)  # another request may have read it meanwhile

    async def note_sign_in(
        self, member_id: str, device: Consent, consent: Consent, now: float, visitor_id: str
    ) -> bool:
        """Record that a sign-in changed what holds on this device, if it did."""
        if consent.choice is None or same(device.choice, consent.choice):
            return False
        await self._record("account", "account", member_id, consent.choice, now, visitor_id)
        return True

    async def _record(
        self, method: Method, layer: str, member_id: str, choice: Choice, now: float, visitor_id: str = ""
    ) -> None:
        record = ConsentRecord(
            id=new_record_id(),
            visitor_id=visitor_id,
            member_id=member_id,
            at=now,
            method=method,
            purposes=tuple(sorted(choice.granted)),
            refused=tuple(sorted(choice.refused)),
            policy_version=choice.policy_version,  # who was not asked anew has agreed to nothing newer
            text_fingerprint="",  # nothing was shown: a signal, or an earlier choice, speaks
            language="",
            layer=layer,
            site=self._settings.site,
            services=tuple(sorted(choice.services)),
            services_refused=tuple(sorted(choice.services_refused)),
        )
        try:
            await self._store.add_consent_record(record)
        except StoreUnavailable as error:
            log.error("what an account says could not be recorded: %s", error)

    # -- what is known of an account

    def forget(self, member_id: str) -> None:
        """Read the account anew with its next request: something changed."""
        self._known.pop(member_id, None)

    async def _know(self, member_id: str, now: float) -> _Known:
        known = self._known.get(member_id)
        if known is not None and 0 <= now - known.at < POLLED_EVERY:
            return known
        if member_id in self._unsaid:
            await self._say_again(member_id)
        file = await self._store.account_file(member_id)
        self._known.pop(member_id, None)
        if len(self._known) >= _REMEMBERED:
            del self._known[next(iter(self._known))]
        # What was weighed is weighed again; where it says the same, all that was concluded from it stays.
        known = self._known[member_id] = _Known(now, file, known.weighed if known is not None else {})
        return known

    async def _say_again(self, member_id: str) -> None:
        await self._store.set_account_choice(kept(member_id, self._unsaid[member_id]))
        self._unsaid.pop(member_id, None)
