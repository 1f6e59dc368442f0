"""Decisions: the consent cookie read, a new choice recorded and set, a withdrawn one never replayed.

Failure is closed: a grant that cannot be recorded is not given (GDPR 7(1): consent must be demonstrable);
a refusal is honoured whatever is down.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from footfall.consent.answer import Answer
from footfall.consent.choice import Choice, Source, from_content, to_content
from footfall.consent.consent import Consent, ConsentRules
from footfall.consent.purposes import purposes_by_name
from footfall.consent.records import ConsentRecord, Method, new_record_id
from footfall.consent.regimes import REFUSAL_LASTS_S, STRICTEST, Regime, asked_again_s, lasts_s
from footfall.consent.shown import ShownText
from footfall.consent.upkeep import Upkeep
from footfall.cookies import LONGEST_LIFETIME, Attributes, CookieNames, Jar, write
from footfall.sessions.limits import limits_of
from footfall.settings import Settings
from footfall.signing import Keyring
from footfall.store import Store, StoreUnavailable

log = logging.getLogger("footfall.consent")

#: A choice withdrawn on one worker is refused on every other within this time.
POLLED_EVERY = 1.0  # seconds

#: Members who were told while the store is away; of more than these the longest ago are told again.
_MOST_UNTOLD = 1000

#: From then on a request has the store asked, and does not wait for it: where requests are frequent none waits.
_ASKED_AFTER = POLLED_EVERY / 2


@dataclass(frozen=True, slots=True)
class Decided:
    """The outcome of an answer. ``choice`` is ``None`` where a grant could not be recorded: nothing changes."""

    consent: Consent
    choice: Choice | None


class _Signed:
    """A choice that a cookie of ours carries, and what it grants under each regime: worked out once."""

    __slots__ = ("_consents", "_rules", "choice")

    def __init__(self, rules: ConsentRules, choice: Choice) -> None:
        self.choice = choice
        self._rules = rules
        self._consents: dict[tuple[Regime, bool, bool], Consent] = {}

    def consent(self, regime: Regime, gpc: bool, due: bool) -> Consent:
        known = self._consents.get((regime, gpc, due))
        if known is None:
            known = self._consents[regime, gpc, due] = self._rules.of(self.choice, gpc=gpc, regime=regime, due=due)
        return known


class Decisions:
    """Reads and makes choices for one site."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.rules = ConsentRules(purposes_by_name(settings.purposes), settings.services, settings.material)
        self._settings = settings
        self._store = store
        self._lifetime = settings.consent_lifetime.total_seconds()
        self._signer = Keyring(settings.secret_keys).signer("consent", self._signed)
        self._upkeep = Upkeep(
            store,
            site=settings.site,
            policy=settings.policy,
            kept=settings.consent_records_kept,
            limits=limits_of(settings),
        )
        self._withdrawn: dict[str, float] = {}  # when each was learned of, Unix seconds
        self._last_row = 0
        self._polled_at = float("-inf")
        self._asking: asyncio.Future[None] | None = None  # the loop itself keeps no task alive
        self.edition = 0  # another one whenever a choice may count for less than before
        self.knows_withdrawn = False  # before the first answer of the store any grant may have been withdrawn
        self._untold: list[tuple[ConsentRecord, ShownText]] = []  # members who were told, not on record yet
        self._unsaid: dict[str, float] = {}  # withdrawals that the store does not know of yet

    def read(self, jar: Jar, names: CookieNames, now: float, *, gpc: bool, regime: Regime = STRICTEST) -> Consent:
        """The consent a request carries; anything but a cookie of ours, in force, is undecided.

        Who has a cookie that counts for nothing has chosen before, and nobody knows what: nothing is granted then,
        whatever the regime.
        """
        return self.read_until(jar, names, now, gpc=gpc, regime=regime)[0]

    def read_until(
        self, jar: Jar, names: CookieNames, now: float, *, gpc: bool, regime: Regime = STRICTEST
    ) -> tuple[Consent, float]:
        """What ``read`` says, and until when it would say the same again (Unix time) in this ``edition``."""
        value = jar.get(names.consent)
        if value is None:
            return self.rules.undecided(gpc=gpc, regime=regime), math.inf
        signed = self._signer.verify(value)
        if signed is None or self.is_withdrawn(signed.choice):
            return self.rules.undecided(gpc=gpc), math.inf
        made = signed.choice.decided_at
        lapses = made + lasts_s(regime, signed.choice, self._lifetime)
        due = made + asked_again_s(regime, signed.choice, self._lifetime)
        if now > lapses:
            return self.rules.undecided(gpc=gpc, regime=regime), math.inf
        return signed.consent(regime, gpc, now > due), min(end for end in (lapses, due) if now <= end)

    def _signed(self, content: str) -> _Signed | None:
        choice = from_content(content)
        return None if choice is None else _Signed(self.rules, choice)

    def is_withdrawn(self, choice: Choice) -> bool:
        """Whether a choice counts for nothing any more, or nobody knows that it still does."""
        return bool(choice.record_id) and (not self.knows_withdrawn or choice.record_id in self._withdrawn)

    def is_due(self, now: float) -> bool:
        """Whether it is time to ask what was withdrawn elsewhere."""
        return not 0 <= now - self._polled_at < _ASKED_AFTER

    async def keep_up(self, now: float) -> None:
        """Have the store asked what was withdrawn elsewhere; waits for it only where nobody asked in time."""
        if not 0 <= now - self._polled_at < POLLED_EVERY:
            await self.poll(now)
        elif self._asking is None or self._asking.done():
            self._asking = asyncio.ensure_future(self.poll(now))

    async def poll(self, now: float) -> None:
        """Learn which choices were withdrawn on other workers."""
        self._polled_at = now
        try:
            after = now - max(self._lifetime, REFUSAL_LASTS_S)
            self._last_row, withdrawn = await self._store.superseded_since(self._last_row, after=after)
            self._withdrawn.update(dict.fromkeys(withdrawn, now))
            if withdrawn or not self.knows_withdrawn:
                self.edition += 1
            self.knows_withdrawn = True
            await self._say_withdrawn()
            await self._write_told()
            await self._upkeep.run(now)
            self._forget(now)
        except StoreUnavailable as error:
            log.warning("withdrawn choices could not be exchanged with the store: %s", error)

    def _forget(self, now: float) -> None:
        """Withdrawals that no cookie can contradict any more. They are in the order in which they were learned."""
        while self._withdrawn:
            oldest = next(iter(self._withdrawn))
            if now - self._withdrawn[oldest] <= LONGEST_LIFETIME.total_seconds():
                return
            del self._withdrawn[oldest]

    async def _say_withdrawn(self) -> None:
        while self._unsaid:
            record_id, at = next(iter(self._unsaid.items()))
            await self._store.supersede_consent(record_id, at)
            self._unsaid.pop(record_id, None)  # another poll may have been first

    async def decide(
        self,
        before: Consent,
        answer: Answer,
        *,
        method: Method,
        source: Source,
        shown: ShownText,
        now: float,
        regime: Regime = STRICTEST,
        visitor_id: str = "",
        member_id: str = "",
    ) -> Decided:
        """Make a choice: grants are recorded first, and not given when that fails; refusals always hold."""
        record = ConsentRecord(
            id=new_record_id(),
            visitor_id=visitor_id,
            member_id=member_id,
            at=now,
            method=method,
            purposes=tuple(sorted(answer.granted)),
            refused=tuple(sorted(answer.refused)),
            policy_version=self._settings.policy.version,
            text_fingerprint=shown.fingerprint,
            language=shown.language,
            layer=shown.layer,
            site=self._settings.site,
            supersedes=before.choice.record_id if before.choice else "",
            services=tuple(sorted(answer.services)),
            services_refused=tuple(sorted(answer.services_refused)),
        )
        grants = bool(answer.granted or answer.services)
        if not await self._record(record, shown) and grants:
            return Decided(before, None)
        await self.withdraw(record.supersedes, now)
        choice = Choice(
            answer.granted,
            answer.refused,
            int(now),
            self._settings.policy.version,
            source,
            record.id if grants else "",
            answer.services,
            answer.services_refused,
            _material(self.rules.material, before.choice, answer),
        )
        return Decided(self.rules.of(choice, gpc=before.gpc, regime=regime), choice)

    async def _record(self, record: ConsentRecord, shown: ShownText) -> bool:
        try:
            await self._store.add_consent_record(record, shown)
        except StoreUnavailable as error:
            log.error("a choice could not be recorded; a grant is not given, a refusal holds: %s", error)
            return False
        return True

    async def withdraw(self, record_id: str, now: float) -> None:
        """The choice before counts for nothing from now on: here at once, elsewhere as soon as the store knows."""
        if record_id:
            self._withdrawn[record_id] = now
            self.edition += 1
            self._unsaid[record_id] = now
            await self.poll(now)

    def told(self, choice: Choice) -> Choice:
        """The choice of somebody who was told of the change of the policy: it stands as it is."""
        return replace(choice, told=self._settings.policy.version)

    def note_told(self, member_id: str, shown: ShownText, now: float) -> None:
        """Record soon that a member was told. What is lost before is told once more, by other means."""
        record = ConsentRecord(
            id=new_record_id(),
            visitor_id="",
            member_id=member_id,
            at=now,
            method="notice_served",
            purposes=(),
            refused=(),
            policy_version=shown.policy_version,
            text_fingerprint=shown.fingerprint,
            language=shown.language,
            layer=shown.layer,
            site=self._settings.site,
        )
        self._untold = [*self._untold[-_MOST_UNTOLD:], (record, shown)]

    async def _write_told(self) -> None:
        while self._untold:
            record, shown = self._untold[0]
            await self._store.add_consent_record(record, shown)
            self._untold = [one for one in self._untold if one[0] is not record]

    def set_cookie(self, choice: Choice, names: CookieNames, now: float, *, regime: Regime = STRICTEST) -> str:
        """The ``Set-Cookie`` value that keeps the choice for what remains of its time."""
        remaining = max(0.0, choice.decided_at + lasts_s(regime, choice, self._lifetime) - int(now))
        value = self._signer.sign(to_content(choice))
        return write(names.consent, value, Attributes(max_age=timedelta(seconds=remaining), secure=names.secure))


def _material(now: Mapping[str, str], before: Choice | None, answer: Answer) -> Mapping[str, str]:
    """What the choice was made for: what is material now, but for what this answer left open."""
    return {**now, **{name: before.material[name] for name in answer.left_open}} if before else now
