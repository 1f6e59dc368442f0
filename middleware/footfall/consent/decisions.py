"""Decisions: the consent cookie read, a new choice recorded and set, a withdrawn one never replayed.

Failure is closed: a grant that cannot be recorded is not given (GDPR 7(1): consent must be demonstrable);
a refusal is honoured whatever is down.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from footfall.consent.choice import Choice, Source, from_content, to_content
from footfall.consent.consent import Consent, ConsentRules
from footfall.consent.purposes import purposes_by_name
from footfall.consent.records import ConsentRecord, Method, new_record_id
from footfall.consent.shown import ShownText
from footfall.cookies import Attributes, CookieNames, Jar, expire, write
from footfall.settings import Settings
from footfall.signing import Keyring
from footfall.store import Store, StoreUnavailable

log = logging.getLogger("footfall.consent")

#: A choice withdrawn on one worker is refused on every other within this time.
POLLED_EVERY = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Decided:
    """The outcome of a choice: the consent now in force, and whether the grant could be recorded."""

    consent: Consent
    choice: Choice
    recorded: bool


class Decisions:
    """Reads and makes choices for one site."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.rules = ConsentRules(purposes_by_name(settings.purposes))
        self._settings = settings
        self._store = store
        self._lifetime = settings.consent_lifetime.total_seconds()
        self._signer = Keyring(settings.secret_keys).signer("consent", self._consents)
        self._withdrawn: set[str] = set()
        self._last_row = 0
        self._polled_at = float("-inf")

    def read(self, jar: Jar, names: CookieNames, now: float, *, gpc: bool) -> Consent:
        """The consent a request carries; anything but a cookie of ours, in force, is undecided."""
        value = jar.get(names.consent)
        consents = self._signer.verify(value) if value else None
        if consents is None or self._is_over(consents[0].choice, now):
            return self.rules.undecided(gpc=gpc)
        return consents[gpc]

    def _consents(self, content: str) -> tuple[Consent, Consent] | None:
        """What a signed content grants: without and with a GPC signal. Worked out once for each cookie."""
        choice = from_content(content)
        return None if choice is None else (self.rules.of(choice, gpc=False), self.rules.of(choice, gpc=True))

    def _is_over(self, choice: Choice | None, now: float) -> bool:
        return choice is None or now - choice.decided_at > self._lifetime or choice.record_id in self._withdrawn

    def is_due(self, now: float) -> bool:
        """Whether it is time to ask what was withdrawn elsewhere."""
        return not 0 <= now - self._polled_at < POLLED_EVERY

    async def poll(self, now: float) -> None:
        """Learn which choices were withdrawn on other workers."""
        self._polled_at = now
        try:
            self._last_row, withdrawn = await self._store.superseded_since(self._last_row)
        except StoreUnavailable as error:
            log.warning("withdrawn choices could not be read: %s", error)
        else:
            self._withdrawn.update(withdrawn)

    async def decide(
        self,
        before: Consent,
        granted: Iterable[str],
        *,
        method: Method,
        source: Source,
        shown: ShownText,
        now: float,
        visitor_id: str = "",
        member_id: str = "",
    ) -> Decided:
        """Make a choice: grants are recorded first, and not given when that fails; refusals always hold."""
        yes, no = self.rules.split(granted)
        record = ConsentRecord(
            id=new_record_id(),
            visitor_id=visitor_id,
            member_id=member_id,
            at=now,
            method=method,
            purposes=tuple(sorted(yes)),
            refused=tuple(sorted(no)),
            policy_version=self._settings.policy.version,
            text_fingerprint=shown.fingerprint,
            language=shown.language,
            layer=shown.layer,
            site=self._settings.site,
            supersedes=before.choice.record_id if before.choice else "",
        )
        recorded = await self._record(record)
        if not recorded:
            yes, no = frozenset(), frozenset(self.rules.optional)
        choice = Choice(yes, no, int(now), self._settings.policy.version, source, record.id if yes else "")
        return Decided(self.rules.of(choice, gpc=before.gpc), choice, recorded)

    async def _record(self, record: ConsentRecord) -> bool:
        if record.supersedes:
            self._withdrawn.add(record.supersedes)
        try:
            await self._store.add_consent_record(record)
            if record.supersedes:
                await self._store.supersede_consent(record.supersedes, record.at)
        except StoreUnavailable as error:
            log.error("a choice could not be recorded, so nothing is granted: %s", error)
            return False
        return True

    def set_cookie(self, choice: Choice, names: CookieNames, now: float) -> str:
        """The ``Set-Cookie`` value that keeps the choice for what remains of its time."""
        remaining = max(0.0, choice.decided_at + self._lifetime - int(now))
        value = self._signer.sign(to_content(choice))
        return write(names.consent, value, Attributes(max_age=timedelta(seconds=remaining), secure=names.secure))

    def removal(self, names: CookieNames) -> str:
        return expire(names.consent, Attributes(secure=names.secure))
