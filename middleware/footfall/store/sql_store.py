"""The store on a database with SQL: what each of its methods does there, whichever database it is."""

from __future__ import annotations

import os
import weakref
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import TypeVar

from footfall.consent.approval import Answer, ServedNotice
from footfall.consent.records import SHORTEST_RETENTION, ConsentRecord, Outdated, StatedPolicy
from footfall.consent.shown import ShownText
from footfall.store import account_rows, consent_rows, erasure, policy_rows, remember_rows, session_rows
from footfall.store.connection import Connection
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
from footfall.store.schema import Migration

T = TypeVar("T")

_stores: weakref.WeakSet[SQLStore] = weakref.WeakSet()


class SQLStore(ABC):
    """The methods of ``Store``, each as one read or one transaction."""

    def __init__(self) -> None:
        _stores.add(self)

    @abstractmethod
    def open(self) -> None: ...

    @abstractmethod
    def close(self) -> None: ...

    @property
    @abstractmethod
    def place(self) -> str:
        """Where it is, for messages: without a password."""

    @abstractmethod
    def pending(self) -> list[Migration]:
        """The migrations that it lacks; nothing is created or changed. Raises StoreUnavailable."""

    @abstractmethod
    def try_to_write(self) -> None:
        """Take what a write needs, and let it go; nothing is changed. Raises StoreUnavailable."""

    @abstractmethod
    def bring_up_to_date(self) -> list[Migration]:
        """Apply the migrations that it lacks, however long it takes, and say which. Raises StoreUnavailable."""

    @abstractmethod
    async def _read(self, work: Callable[[Connection], T]) -> T:
        """What ``work`` found. Raises StoreUnavailable."""

    @abstractmethod
    async def _write(self, work: Callable[[Connection], T], *, long: bool = False, single: bool = False) -> T:
        """What ``work`` returns, as one transaction, once it is committed; who stops waiting does not stop it.
        ``long``: it may take minutes. ``single``: it is one statement, which may be done twice. Raises
        StoreUnavailable."""

    @abstractmethod
    def _begin_anew(self) -> None:
        """In a forked child: let go of everything, as if nothing had been opened."""

    # -- sessions

    async def session(self, token_hash: str) -> SessionRecord | None:
        return await self._read(lambda reader: session_rows.find(reader, token_hash))

    async def sessions_of(self, member_id: str) -> list[SessionRecord]:
        return await self._read(lambda reader: session_rows.of_member(reader, member_id))

    async def add_session(self, session: SessionRecord) -> None:
        await self._write(lambda connection: session_rows.insert(connection, session))

    async def save_data(self, token_hash: str, data: str) -> bool:
        return await self._write(lambda connection: session_rows.save_data(connection, token_hash, data), single=True)

    @abstractmethod
    def touch(self, token_hash: str, now: float) -> None: ...

    async def sign_in(self, change: SignInChange, limits: Limits) -> SessionRecord:
        return await self._write(lambda connection: remember_rows.sign_in(connection, change, limits))

    async def dismiss_notices(self, member_id: str) -> None:
        await self._write(lambda connection: session_rows.dismiss_notices(connection, member_id))

    async def end_session(self, token_hash: str, series: Iterable[str] = ()) -> None:
        await self._write(lambda connection: session_rows.end(connection, token_hash, series))

    async def end_sessions(self, member_id: str, *, but: str | None = None, but_series: str | None = None) -> int:
        return await self._write(lambda connection: session_rows.end_all(connection, member_id, but, but_series))

    async def set_roles(self, member_id: str, roles: frozenset[str]) -> None:
        await self._write(lambda connection: session_rows.set_roles(connection, member_id, roles))

    # -- remember-me

    async def exchange(self, presented: Presented, limits: Limits) -> Exchange:
        # Who invents tokens does not keep the writer busy.
        if not await self.knows_token(presented.series, presented.token_hash):
            return Exchange(outcome="unknown")
        return await self._write(lambda connection: remember_rows.exchange(connection, presented, limits))

    async def knows_token(self, series: str, token_hash: str) -> bool:
        return await self._read(lambda reader: remember_rows.knows(reader, series, token_hash))

    async def series_of(self, member_id: str) -> list[SeriesRecord]:
        return await self._read(lambda reader: remember_rows.series_of(reader, member_id))

    async def sweep(self, now: float, limits: Limits) -> int:
        return await self._write(lambda connection: session_rows.sweep(connection, now, limits))

    # -- consent

    async def add_consent_record(self, record: ConsentRecord, shown: ShownText | None = None) -> None:
        def add(connection: Connection) -> None:
            if shown is not None:
                policy_rows.keep_text(connection, record.text_fingerprint, shown, record.at)
            consent_rows.add(connection, record)

        await self._write(add)

    async def shown_text(self, fingerprint: str) -> ShownText | None:
        return await self._read(lambda reader: policy_rows.text(reader, fingerprint))

    async def consent_records(self, *, visitor_id: str = "", member_id: str = "") -> list[ConsentRecord]:
        if bool(visitor_id) == bool(member_id):
            raise ValueError("consent_records wants a visitor_id or a member_id, and not both")
        if visitor_id:
            return await self._read(lambda reader: consent_rows.of_visitor(reader, visitor_id))
        return await self._read(lambda reader: consent_rows.of_member(reader, member_id))

    async def delete_consent_records(self, before: float, *, now: float) -> int:
        if before > now - SHORTEST_RETENTION.total_seconds():
            raise ValueError("consent records stay for a year at least (47 CFR 64.2007(a)(3)); give an earlier time")

        def delete(connection: Connection) -> int:
            deleted = consent_rows.delete(connection, before)
            policy_rows.drop_texts(connection, before)
            return deleted

        return await self._write(delete, long=True)

    async def supersede_consent(self, consent_id: str, at: float) -> None:
        await self._write(lambda connection: consent_rows.supersede(connection, consent_id, at))

    async def superseded_since(self, number: int, *, after: float = 0.0) -> tuple[int, list[str]]:
        return await self._read(lambda reader: consent_rows.superseded_since(reader, number, after))

    async def prune_superseded(self, before: float) -> int:
        return await self._write(lambda connection: consent_rows.prune_superseded(connection, before), long=True)

    async def state_policy(self, policy: StatedPolicy) -> None:
        await self._write(lambda connection: policy_rows.state(connection, policy))

    async def policies(self) -> list[StatedPolicy]:
        return await self._read(policy_rows.stated)

    async def outdated_members(self, site: str, version: int) -> list[Outdated]:
        return await self._read(lambda reader: policy_rows.outdated(reader, site, version))

    async def account_choice(self, member_id: str) -> AccountChoice | None:
        return await self._read(lambda reader: account_rows.choice(reader, member_id))

    async def set_account_choice(self, choice: AccountChoice) -> None:
        await self._write(lambda connection: account_rows.choose(connection, choice))

    async def account_file(self, member_id: str) -> AccountFile:
        return await self._read(lambda reader: account_rows.file(reader, member_id))

    async def serve_notice(self, member_id: str, notice: ServedNotice, record: ConsentRecord, shown: ShownText) -> None:
        def serve(connection: Connection) -> None:
            policy_rows.keep_text(connection, record.text_fingerprint, shown, record.at)
            account_rows.serve(connection, record.id, member_id, notice, record.text_fingerprint)
            consent_rows.add(connection, record)

        await self._write(serve)

    async def answer_notice(
        self, member_id: str, answers: Iterable[Answer], record: ConsentRecord, shown: ShownText
    ) -> None:
        def answer(connection: Connection) -> None:
            policy_rows.keep_text(connection, record.text_fingerprint, shown, record.at)
            account_rows.answer(connection, member_id, answers)
            consent_rows.add(connection, record)

        await self._write(answer)

    # -- members' rights

    async def waiting_notices(self, member_id: str) -> list[tuple[str, float]]:
        return await self._read(lambda reader: erasure.notices(reader, member_id))

    async def erase_member(self, member_id: str, receipt: str) -> dict[str, int]:
        _must_be_somebody(member_id)
        return await self._write(lambda connection: erasure.member(connection, member_id, receipt), long=True)

    async def erase_visitor(self, visitor_id: str, receipt: str) -> dict[str, int]:
        _must_be_somebody(visitor_id)
        return await self._write(lambda connection: erasure.visitor(connection, visitor_id, receipt), long=True)


def _must_be_somebody(person: str) -> None:
    if not person or person.startswith("erased:"):
        raise ValueError("nobody has this id: it is empty, or that of an erasure")


def _close_all() -> None:
    for store in list(_stores):
        store.close()


def _begin_all_anew() -> None:
    for store in list(_stores):
        store._begin_anew()


# SQLite keeps its locks in tables of the process: a child that inherits them believes in locks which it does not
# have, and damages the file (sqlite.org/howtocorrupt.html §2.6). A connection to a server would be used on both
# sides. So nothing is open while a process forks.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_close_all, after_in_child=_begin_all_anew)
