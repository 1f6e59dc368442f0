"""Whether the information in an account may be used: asked in code before each use, and answered "no" in doubt.

The status is established before the use (47 CFR 64.2009(a)); what a member said, and was told, is the account's and
lasts whatever happens to cookies and devices (64.2007(a)(2)). ``approval`` has the clock.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from footfall.consent.account import read
from footfall.consent.approval import Answer, Served, ServedNotice, Standing, refusals, standing
from footfall.consent.purposes import purposes_by_name
from footfall.consent.records import ConsentRecord, Method, new_record_id
from footfall.consent.shown import ShownText
from footfall.settings import Settings
from footfall.store import Store, StoreUnavailable, open_store

log = logging.getLogger("footfall.consent")

#: A notice that is looked at again within this time is the same notice, and one record.
_SAME_NOTICE_S = 86_400.0


@dataclass(frozen=True, slots=True)
class _Refusal:
    answers: list[Answer]
    record: ConsentRecord
    shown: ShownText


class Approvals:
    """The accounts of one site; ``Approvals(settings).of(member_id)`` is what a job outside of any request asks.
    ``on_change`` hears of each account that was told or has answered.

    Raises ValueError where ``Settings.account_notice`` is missing.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store | None = None,
        *,
        clock: Callable[[], float] = time.time,
        on_change: Callable[[str], None] | None = None,
    ) -> None:
        if settings.account_notice is None:
            raise ValueError("Settings.account_notice is missing: without a notice no account can be said to approve")
        self.notice = settings.account_notice
        self.clock = clock
        self._on_change = on_change or (lambda member_id: None)
        self._site = settings.site
        self._version = settings.policy.version
        self._store = store or open_store(settings.store)
        self._sold = frozenset(
            name for name, purpose in purposes_by_name(settings.purposes).items() if purpose.sale_or_share
        )
        self._unsaid: dict[str, list[_Refusal]] = {}  # refusals that the store does not know of yet

    def of(self, member_id: str, *, gpc: bool = False) -> AccountConsent:
        """How this member's account stands. ``gpc``: the member has sent a Global Privacy Control signal just now."""
        return AccountConsent(self, member_id, gpc)

    def shown(self) -> ShownText:
        return self.notice.shown(self._version)

    def checked(self, purpose: str) -> str:
        if purpose not in self.notice.purposes:
            told = ", ".join(self.notice.purposes)
            raise ValueError(f"the account notice does not tell of the purpose {purpose!r}, only of {told}")
        return purpose

    def is_sold(self, purpose: str) -> bool:
        return purpose in self._sold

    async def standing(self, member_id: str, purpose: str, now: float) -> Standing:
        """Raises StoreUnavailable."""
        await self._say_again(member_id)
        file = await self._store.account_file(member_id)
        return standing(purpose, file.notices, [*file.answers, *refusals(read(file.choice))], now)

    async def serve(self, member_id: str, now: float, by: Served) -> None:
        """Raises StoreUnavailable: what is not on record was not served."""
        told = frozenset(self.notice.purposes)
        file = await self._store.account_file(member_id)
        if by == "web" and any(0 <= now - one.at < _SAME_NOTICE_S and one.purposes == told for one in file.notices):
            return
        shown, record = self.shown(), self._record("notice_served", member_id, now, told, ())
        await self._store.serve_notice(member_id, ServedNotice(now, told, by), record, shown)
        self._on_change(member_id)

    async def answer(self, member_id: str, purposes: Iterable[str], now: float, *, approved: bool) -> None:
        """Raises StoreUnavailable for an approval; a refusal holds here, and is stored as soon as that is possible."""
        named = [self.checked(purpose) for purpose in purposes]
        answers = [Answer(purpose, approved, now) for purpose in named]
        yes, no = (named, []) if approved else ([], named)
        record = self._record("account", member_id, now, yes, no)
        try:
            await self._say_again(member_id)
            await self._store.answer_notice(member_id, answers, record, self.shown())
            self._on_change(member_id)
        except StoreUnavailable as error:
            if approved:
                raise
            log.error("a refusal could not be stored; this worker holds to it meanwhile: %s", error)
            self._unsaid.setdefault(member_id, []).append(_Refusal(answers, record, self.shown()))

    async def _say_again(self, member_id: str) -> None:
        for refusal in self._unsaid.get(member_id, ()):  # one that is stored twice is stored once
            await self._store.answer_notice(member_id, refusal.answers, refusal.record, refusal.shown)
        self._unsaid.pop(member_id, None)

    def _record(
        self, method: Method, member_id: str, now: float, told_or_approved: Iterable[str], refused: Iterable[str]
    ) -> ConsentRecord:
        shown = self.shown()
        return ConsentRecord(
            id=new_record_id(),
            visitor_id="",
            member_id=member_id,
            at=now,
            method=method,
            purposes=tuple(sorted(told_or_approved)),
            refused=tuple(sorted(refused)),
            policy_version=self._version,
            text_fingerprint=shown.fingerprint,
            language=shown.language,
            layer=shown.layer,
            site=self._site,
        )


class AccountConsent:
    """One account. Ask ``allows`` before each use; the other methods put on record what happened to it."""

    def __init__(self, approvals: Approvals, member_id: str, gpc: bool) -> None:
        self._approvals = approvals
        self._member_id = member_id
        self._gpc = gpc

    async def allows(self, purpose: str) -> bool:
        """Whether the account's information may be used for this purpose now. No, while nobody is signed in or the
        store does not answer. Raises ValueError for a purpose that the notice does not tell of."""
        try:
            return (await self.standing(purpose)).allowed
        except StoreUnavailable as error:
            log.error("nobody knows how an account stands, so it does not approve: %s", error)
            return False

    async def standing(self, purpose: str) -> Standing:
        """The same with its reason, and the time when it changes by itself. Raises StoreUnavailable."""
        approvals = self._approvals
        approvals.checked(purpose)
        if not self._member_id:
            return Standing(False, "no_notice")
        if self._gpc and approvals.is_sold(purpose):
            return Standing(False, "refused")
        return await approvals.standing(self._member_id, purpose, approvals.clock())

    async def notice_served(self, by: Served = "web", *, at: float | None = None) -> None:
        """Note that the member was served the notice: on a page (now) or by mail (``at``: when it was sent, Unix
        seconds). The thirty days run from there. Raises StoreUnavailable; then it was not served."""
        await self._approvals.serve(self._known(), self._approvals.clock() if at is None else at, by)

    async def approve(self, *purposes: str) -> None:
        """The member said yes, to all that the notice tells of or to these. Counts only after a notice (64.2008(b)).
        Raises StoreUnavailable; then nothing is approved."""
        await self._answer(purposes, approved=True)

    async def refuse(self, *purposes: str) -> None:
        """The member said no: at once, and until the member says otherwise."""
        await self._answer(purposes, approved=False)

    async def _answer(self, purposes: tuple[str, ...], *, approved: bool) -> None:
        named = purposes or tuple(self._approvals.notice.purposes)
        await self._approvals.answer(self._known(), named, self._approvals.clock(), approved=approved)

    def _known(self) -> str:
        if not self._member_id:
            raise RuntimeError("nobody is signed in, so there is no account; look at visit.member first")
        return self._member_id
