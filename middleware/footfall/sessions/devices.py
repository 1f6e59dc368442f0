"""A member's sessions, as the member is shown them (ASVS 7.5.2)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from footfall.store import Store
from footfall.store.records import How, Limits, SeriesRecord, SessionRecord

_ID_LENGTH = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionInfo:
    """One signed-in or remembered browser. Times are Unix seconds.

    ``live`` is false for a browser that is only remembered: it signs in by itself when it comes back.
    """

    id: str  # names it in end_session(); opens nothing
    live: bool
    how: How
    created_at: float
    last_seen: float
    user_agent: str  # as the browser said at sign-in; may be ""
    country: str  # of the sign-in, ISO 3166-1 alpha-2; may be ""
    remembered: bool  # comes back by itself
    current: bool = False


def session_id(token_hash: str) -> str:
    """The name of a session outside the store: for the member's eyes, for logs (ASVS 16.2.5) and for events."""
    return token_hash[:_ID_LENGTH]


def series_id(series: str) -> str:
    return hashlib.sha256(series.encode()).hexdigest()[:_ID_LENGTH]


def devices(
    sessions: Iterable[SessionRecord],
    series: Iterable[SeriesRecord],
    *,
    now: float,
    limits: Limits,
    current: str | None,
) -> list[SessionInfo]:
    """The live sessions and the remembered browsers without one, the last seen first."""
    live = [session for session in sessions if limits.live(session, now)]
    awake = {session.series for session in live}
    asleep = [record for record in series if now < record.expires_at and record.series not in awake]
    infos = [_of_session(session, current) for session in live] + [_of_series(record) for record in asleep]
    return sorted(infos, key=lambda info: info.last_seen, reverse=True)


async def end_one(store: Store, member_id: str, session: str) -> bool:
    """End the session or remembered browser of a member that has this id; False: there is none."""
    for record in await store.sessions_of(member_id):
        if session_id(record.token_hash) == session:
            await store.end_session(record.token_hash)
            return True
    for remembered in await store.series_of(member_id):
        if series_id(remembered.series) == session:
            await store.end_session(remembered.session_hash, (remembered.series,))
            return True
    return False


def _of_session(session: SessionRecord, current: str | None) -> SessionInfo:
    return SessionInfo(
        id=session_id(session.token_hash),
        live=True,
        how=session.how,
        created_at=session.created_at,
        last_seen=session.seen_at,
        user_agent=session.user_agent,
        country=session.country,
        remembered=session.series is not None,
        current=session.token_hash == current,
    )


def _of_series(record: SeriesRecord) -> SessionInfo:
    return SessionInfo(
        id=series_id(record.series),
        live=False,
        how="remembered",
        created_at=record.created_at,
        last_seen=record.exchanged_at,
        user_agent=record.user_agent,
        country=record.country,
        remembered=True,
    )
