"""What Footfall asks of a store. Reads see every write that has returned, on any worker."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from footfall.consent.approval import Answer, ServedNotice
from footfall.consent.records import ConsentRecord, Outdated, StatedPolicy
from footfall.consent.shown import ShownText
from footfall.store.records import (
    AccountChoice,
    AccountFile,
    Exchange,
    Limits,
    Presented,
    SeriesRecord,
    SessionRecord,
    SignInChange,
)


class Store(Protocol):
    """A transactional store. Every method but ``touch`` and ``close`` raises StoreUnavailable when it cannot
    answer; each one is atomic: it happens as a whole, or not at all."""

    def open(self) -> None:
        """Connect and bring the tables up to date. What is not open opens by itself at its first use."""

    def close(self) -> None:
        """Write what is pending and let go. A later use opens again."""

    # -- sessions

    async def session(self, token_hash: str) -> SessionRecord | None: ...

    async def sessions_of(self, member_id: str) -> list[SessionRecord]:
        """All that are stored, the latest first, those past their limits too."""

    async def add_session(self, session: SessionRecord) -> None: ...

    async def save_data(self, token_hash: str, data: str) -> bool:
        """Store the session's data. False: the session has ended meanwhile, and stays ended."""

    def touch(self, token_hash: str, now: float) -> None:
        """Note that the session was used: soon, together with others, and without a word when it fails."""

    async def sign_in(self, change: SignInChange, limits: Limits) -> SessionRecord:
        """Begin a member's session, end what it replaces and, oldest first, what is over the limit. Gives the
        session as it was stored: with the notices that wait for the member."""

    async def dismiss_notices(self, member_id: str) -> None: ...

    async def end_session(self, token_hash: str, series: Iterable[str] = ()) -> None:
        """End a session, the series it belongs to and those that are named, with all sessions of these."""

    async def end_sessions(self, member_id: str, *, but: str | None = None, but_series: str | None = None) -> int:
        """End all sessions and series of a member but those named; how many sessions there were."""

    async def set_roles(self, member_id: str, roles: frozenset[str]) -> None: ...

    # -- remember-me

    async def exchange(self, presented: Presented, limits: Limits) -> Exchange:
        """Exchange a remember-me token for a session, by the verdict of ``footfall.sessions.remember.judge``.
        Of any number of callers at once with one token exactly one gets ``rotated``."""

    async def knows_token(self, series: str, token_hash: str) -> bool: ...

    async def series_of(self, member_id: str) -> list[SeriesRecord]: ...

    async def sweep(self, now: float, limits: Limits) -> int:
        """Delete some thousands of what has expired; how many sessions and series that was."""

    # -- consent

    async def add_consent_record(self, record: ConsentRecord, shown: ShownText | None = None) -> None:
        """Append a record, and with it the words that were shown; the same one twice is one."""

    async def shown_text(self, fingerprint: str) -> ShownText | None:
        """The words that a record names by their fingerprint."""

    async def consent_records(self, *, visitor_id: str = "", member_id: str = "") -> list[ConsentRecord]:
        """The records of a visitor or a member (exactly one of them), the oldest first."""

    async def delete_consent_records(self, before: float, *, now: float) -> int:
        """Retention, the only way a record goes: some thousands at once, and with them the words that no record
        names any more. The last choice of a member, and the last notice, stay: they may be in force. Raises
        ValueError for records of the last year."""

    async def supersede_consent(self, consent_id: str, at: float) -> None:
        """Make the consent of that id count for nothing from now on, on every worker; twice is once."""

    async def superseded_since(self, number: int, *, after: float = 0.0) -> tuple[int, list[str]]:
        """The ids superseded after that number (0: all) and that time (Unix seconds; what is older has expired
        anyway), and the number to ask with the next time."""

    async def prune_superseded(self, before: float) -> int:
        """Forget ids that were superseded before that time (Unix seconds), when no cookie can carry them any more."""

    async def state_policy(self, policy: StatedPolicy) -> None:
        """Note the policy that a site has; what is there of this version is worded anew."""

    async def policies(self) -> list[StatedPolicy]:
        """All policies of all sites, the oldest first."""

    async def outdated_members(self, site: str, version: int) -> list[Outdated]:
        """Members of a site whose last choice was made under a policy older than that version, longest ago first."""

    async def account_choice(self, member_id: str) -> AccountChoice | None: ...

    async def set_account_choice(self, choice: AccountChoice) -> None: ...

    async def account_file(self, member_id: str) -> AccountFile:
        """Everything that decides how an account stands; empty for one that is not known."""

    async def serve_notice(self, member_id: str, notice: ServedNotice, record: ConsentRecord, shown: ShownText) -> None:
        """Note that a notice reached an account, together with the record and the words that prove it."""

    async def answer_notice(
        self, member_id: str, answers: Iterable[Answer], record: ConsentRecord, shown: ShownText
    ) -> None:
        """Note what a member answered, together with the record and the words that prove it. Of two answers the
        later counts, and of two of one moment the no."""

    # -- members' rights

    async def waiting_notices(self, member_id: str) -> list[tuple[str, float]]:
        """What a member must still be told, and since when (Unix seconds), the oldest first."""

    async def erase_member(self, member_id: str, receipt: str) -> dict[str, int]:
        """Delete all of a member but the consent records, which stay as evidence under ``erased:`` and the receipt
        instead of member and visitor; how many rows of each kind. Raises ValueError for an empty id."""

    async def erase_visitor(self, visitor_id: str, receipt: str) -> dict[str, int]:
        """Put ``erased:`` and the receipt into consent records where they name a visitor; how many. Raises
        ValueError for an empty id."""
