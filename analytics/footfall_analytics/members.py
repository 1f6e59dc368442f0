"""What is held of a member: shown, handed over, erased; in ClickHouse, in the journal and in the store."""

from __future__ import annotations

import asyncio
import secrets
import uuid
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from footfall.rights.stored import stored_of_member, stored_of_visitor
from footfall.store import Store, open_store
from footfall.store.sqlite import SQLiteStore
from footfall_analytics.clickhouse import Connection, connect, migrate, parse_target
from footfall_analytics.rights.eraser import ErasureIncomplete, Progress, now
from footfall_analytics.rights.erasure import begin, carry_out
from footfall_analytics.rights.held import Held
from footfall_analytics.rights.journal import PATIENCE, drain
from footfall_analytics.rights.notes import Subject
from footfall_analytics.rights.plan import EVER_MS
from footfall_analytics.rights.tables import Receipt
from footfall_analytics.sink import journal_of, ship_pending

__all__ = ["ErasureIncomplete", "MemberData", "MemberSummary", "Receipt"]

T = TypeVar("T")

Rows = list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class MemberSummary:
    """What is held of a person, in counts. ``stored`` counts rows of the store by table."""

    events: int
    kinds: Mapping[str, int]
    visits: int
    first_seen: datetime | None
    last_seen: datetime | None
    sites: tuple[str, ...]
    devices: Rows
    stored: Mapping[str, int]

    @property
    def nothing(self) -> bool:
        """Whether nothing at all is held."""
        return not self.events and not any(self.stored.values())


class MemberData:
    """The data of members: ``MemberData("chdb:footfall-data/clickhouse", store="sqlite:///footfall-data/store.db")``.

    ``analytics`` is the URL of the sink, ``store`` that of ``Settings.store``; leave one out that is not used.
    ``journal`` is where events wait, if the sink was told another place than the usual. Raises ValueError for a URL
    that is none; every method raises ``ClickHouseUnavailable``, ``StoreUnavailable`` or the client's error.
    """

    def __init__(
        self,
        analytics: str | None,
        *,
        store: str | None = None,
        journal: str | Path | None = None,
        patience: float = PATIENCE,
    ) -> None:
        if analytics is None and store is None:
            raise ValueError("neither analytics nor store: say where the data of members are")
        self._analytics = analytics
        self._journal = Path(journal) if journal else journal_of(analytics) if analytics else Path()
        self._store = store
        self._patience = patience  # seconds to wait for what live workers have just written
        self._target = parse_target(analytics) if analytics else None
        if store is not None:
            open_store(store).close()

    def show(self, member_id: str) -> MemberSummary:
        """What is held of a member, in counts."""
        return self._show(_member(member_id))

    def show_visitor(self, visitor_id: str) -> MemberSummary:
        """What is held of one browser, by its identifier (a UUID)."""
        return self._show(_visitor(visitor_id))

    def export(self, member_id: str) -> dict[str, object]:
        """All that is held of a member, by table: ``events`` (done signed in, and before the first sign-in of the same
        visit), ``visits``, ``devices``, ``sessions``, ``remembered_browsers``, ``consent_records`` with the words that
        were shown, ``account_choices``, ``account_answers``, ``account_notices``, ``waiting_notices``."""
        return self._export(_member(member_id))

    def export_visitor(self, visitor_id: str) -> dict[str, object]:
        """All that is held of one browser: its events, visits and consent records."""
        return self._export(_visitor(visitor_id))

    def erase(self, member_id: str, *, progress: Progress | None = None) -> Receipt:
        """Erase a member: sessions, remembered browsers and choices; every event made signed in, and those of nobody
        in the same visits; in the copies, the visits, the journal and the files that were set aside. Then prove that
        nothing is left, and leave a receipt that does not say of whom.

        Consent records stay as evidence, with the receipt instead of the person. Events after this moment are new.
        Safe to interrupt and to repeat. Raises ``ErasureIncomplete`` where rows keep arriving.
        """
        return self._erase(_member(member_id), progress or _nobody_waits)

    def erase_visitor(self, visitor_id: str, *, progress: Progress | None = None) -> Receipt:
        """Erase all that carries the identifier of one browser, whoever was signed in on it; else like ``erase``."""
        return self._erase(_visitor(visitor_id), progress or _nobody_waits)

    def anything_there(self) -> bool:
        """Whether there are data to ask: a directory of the engine, a server, a store."""
        there = self._target is not None and (self._target.path is None or self._target.path.exists())
        return there or self._has_store() or (self._analytics is not None and self._journal.is_dir())

    # -- of a member and of a visitor alike

    def _show(self, subject: Subject) -> MemberSummary:
        stored = {name: len(rows) for name, rows in self._stored(subject).items()}
        with _Analytics(self) as connection:
            if connection is None:
                return MemberSummary(0, {}, 0, None, None, (), [], stored)
            held = Held(connection, subject)
            found = held.summary()
            events = int(str(found["events"]))
            return MemberSummary(
                events=events,
                kinds=held.kinds(),
                visits=int(str(found["visits"])),
                first_seen=_time(found["first_seen"]) if events else None,
                last_seen=_time(found["last_seen"]) if events else None,
                sites=tuple(_texts(found["sites"])),
                devices=held.devices().dicts(),
                stored=stored,
            )

    def _export(self, subject: Subject) -> dict[str, object]:
        whose: dict[str, object] = {subject.kind: subject.id, "exported_at": now()}
        with _Analytics(self) as connection:
            if connection is not None:
                held = Held(connection, subject)
                for name, table in (("events", held.events()), ("visits", held.visits()), ("devices", held.devices())):
                    whose[name] = table.dicts()
        return {**whose, **self._stored(subject)}

    def _erase(self, subject: Subject, progress: Progress) -> Receipt:
        receipt = secrets.token_hex(16)
        with _Analytics(self, drained=False) as connection:
            if connection is None:
                counts = self._erase_stored(subject, receipt, progress)
                return Receipt(receipt, now(), subject.kind, counts)
            migrate(connection.client, connection.database)
            note = begin(connection, subject, receipt)
            counts = self._erase_stored(subject, note.receipt, progress)
            return carry_out(
                connection,
                self._journal,
                note,
                subject,
                until_ms=EVER_MS,
                counts=counts,
                ship=self.ship,
                progress=progress,
                patience=self._patience,
            )

    def ship(self) -> bool:
        """Ship what waits in the journal, where nobody else does; whether all of it was."""
        return ship_pending(self._analytics, self._journal) if self._analytics else True

    def connection(self) -> Connection | None:
        """A connection to the tables; ``None`` where there are none."""
        if self._analytics is None or (self._target and self._target.path and not self._target.path.exists()):
            return None
        connection = connect(self._analytics)
        if not _has_tables(connection):
            connection.close()
            return None
        return connection

    def drain(self) -> None:
        """Wait until what has happened so far is in the tables."""
        if self._analytics is not None:
            drain(self._journal, self.ship, patience=self._patience)

    # -- the store

    def _stored(self, subject: Subject) -> dict[str, Rows]:
        ask = stored_of_member if subject.kind == "member" else stored_of_visitor
        return self._with_store(lambda store: ask(store, subject.id)) or {}

    def _erase_stored(self, subject: Subject, receipt: str, progress: Progress) -> dict[str, int]:
        progress("erasing what the store has", 0.0)

        def erase(store: Store) -> Awaitable[dict[str, int]]:
            of = store.erase_member if subject.kind == "member" else store.erase_visitor
            return of(subject.id, receipt)

        counts = self._with_store(erase) or {}
        progress("erasing what the store has", 1.0)
        return counts

    def _has_store(self) -> bool:
        return self._store is not None and _is_there(open_store(self._store))

    def _with_store(self, work: Callable[[Store], Awaitable[T]]) -> T | None:
        if self._store is None:
            return None
        store = open_store(self._store)

        async def ask() -> T:
            return await work(store)

        try:
            if not _is_there(store):
                return None
            with ThreadPoolExecutor(1) as thread:  # the caller may be in an event loop: a notebook is
                return thread.submit(asyncio.run, ask()).result()
        finally:
            store.close()


class _Analytics:
    """A connection for as long as the block lasts, with what waits in the journal shipped before."""

    def __init__(self, data: MemberData, *, drained: bool = True) -> None:
        self._data, self._drained = data, drained
        self._connection: Connection | None = None

    def __enter__(self) -> Connection | None:
        if self._drained:
            self._data.drain()
        self._connection = self._data.connection()
        return self._connection

    def __exit__(self, *_: object) -> None:
        if self._connection is not None:
            self._connection.close()


def _is_there(store: Store) -> bool:
    """Asking about a store must not make one."""
    return not isinstance(store, SQLiteStore) or store.path.exists()


def _has_tables(connection: Connection) -> bool:
    asked = "SELECT count() FROM system.tables WHERE database = {database:String} AND name = 'member_log'"
    [(count,)] = connection.client.query(asked, parameters={"database": connection.database}).result_rows
    return bool(count)


def _member(member_id: str) -> Subject:
    if not member_id:
        raise ValueError("nobody has the empty id; give the id that the app signs the member in with")
    return Subject("member", member_id)


def _visitor(visitor_id: str) -> Subject:
    """Raises ValueError for what identifies no browser."""
    try:
        identifier = uuid.UUID(str(visitor_id))
    except ValueError:
        raise ValueError("not the identifier of a browser: a UUID, as /privacy shows it") from None
    if not identifier.int:
        raise ValueError("the zero identifier is nobody's: rows with it belong to no browser")
    return Subject("visitor", str(identifier))


def _time(value: object) -> datetime:
    if not isinstance(value, datetime):
        raise TypeError(f"ClickHouse answered with {type(value).__name__} where a time belongs")
    return value.replace(tzinfo=value.tzinfo or UTC)


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else []


def _nobody_waits(what: str, done: float) -> None:
    """Nobody is told."""
