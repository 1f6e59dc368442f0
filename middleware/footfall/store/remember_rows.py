"""Remember-me in SQL. Each function is one transaction's work on the connection it is given."""

from __future__ import annotations

from typing import Any

import msgspec

from footfall.sessions.remember import GENERATIONS_KEPT, find, judge
from footfall.store import session_rows
from footfall.store.connection import Connection
from footfall.store.records import (
    Exchange,
    Limits,
    Presented,
    SeriesRecord,
    SessionRecord,
    SignInChange,
    TokenRecord,
)

_COLUMNS = (
    "series, member_id, roles, authenticated_at, created_at, expires_at, exchanged_at, session_hash, "
    "user_agent, country"
)
_SELECT = f"SELECT {_COLUMNS} FROM remember_series WHERE "  # noqa: S608 - no input in it
_INSERT = f"INSERT INTO remember_series ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_TOKENS = "SELECT token_hash, generation, issued_at, seen_at FROM remember_tokens WHERE series = ?"
_ISSUE = "INSERT INTO remember_tokens (token_hash, series, generation, issued_at) VALUES (?, ?, ?, ?)"


def sign_in(connection: Connection, change: SignInChange, limits: Limits) -> SessionRecord:
    session = change.session
    session_rows.lock_member(connection, session.member_id)
    for series in change.ends_series:
        connection.execute("DELETE FROM remember_series WHERE series = ?", (series,))
    if change.series is not None:
        _begin(connection, change.series, change.token_hash, limits)
    elif session.series is not None and not _hand_over(connection, session):
        session = msgspec.structs.replace(session, series=None)
    return session_rows.begin(connection, session, change.replaces, limits)


def exchange(connection: Connection, presented: Presented, limits: Limits) -> Exchange:
    series = _held(connection, presented.series)
    if series is None:
        return Exchange(outcome="unknown")
    tokens = _tokens(connection, series.series)
    verdict = judge(series, tokens, presented.token_hash, presented.now)
    if verdict == "unknown":
        return Exchange(outcome="unknown")
    if verdict == "expired":  # whoever has the lost successor, if it was not lost, comes back no more
        connection.execute("DELETE FROM remember_series WHERE series = ?", (series.series,))
        return Exchange(outcome="expired", member_id=series.member_id)
    if verdict == "theft":
        return _end_stolen(connection, series, presented)
    _see(connection, presented)
    if verdict == "join":
        return _join(connection, series, presented, limits)
    _issue_successor(connection, tokens, presented)
    return _return(connection, series, presented, limits, rotated=True)


def _held(connection: Connection, series: str) -> SeriesRecord | None:
    """The series as it stays until the transaction ends: its member's lock is taken, and its row's by the update,
    so that whoever presents the same token at the same time comes after this one, and sees what it did."""
    owner = connection.execute("SELECT member_id FROM remember_series WHERE series = ?", (series,)).fetchone()
    if owner is None:
        return None
    session_rows.lock_member(connection, owner[0])
    connection.execute("UPDATE remember_series SET exchanged_at = exchanged_at WHERE series = ?", (series,))
    return series_record(connection, series)


def series_record(connection: Connection, series: str) -> SeriesRecord | None:
    row = connection.execute(f"{_SELECT} series = ?", (series,)).fetchone()
    return _record(row) if row else None


def series_of(connection: Connection, member_id: str) -> list[SeriesRecord]:
    rows = connection.execute(f"{_SELECT} member_id = ? ORDER BY created_at DESC", (member_id,))
    return [_record(row) for row in rows]


def knows(connection: Connection, series: str, token_hash: str) -> bool:
    return find(_tokens(connection, series), token_hash) is not None


def _begin(connection: Connection, series: SeriesRecord, token_hash: str, limits: Limits) -> None:
    """Begin a series; the oldest of too many end, as sessions do."""
    query = "SELECT series FROM remember_series WHERE member_id = ? ORDER BY exchanged_at DESC"
    for (old,) in connection.execute(query, (series.member_id,)).fetchall()[limits.per_member - 1 :]:
        connection.execute("DELETE FROM remember_series WHERE series = ?", (old,))
    connection.execute(
        _INSERT,
        (
            series.series,
            series.member_id,
            session_rows.roles_text(series.roles),
            series.authenticated_at,
            series.created_at,
            series.expires_at,
            series.exchanged_at,
            series.session_hash,
            series.user_agent,
            series.country,
        ),
    )
    connection.execute(_ISSUE, (token_hash, series.series, 0, series.created_at))


def _hand_over(connection: Connection, session: SessionRecord) -> bool:
    """Credentials were given again in a remembered browser: the series goes on with the new session. False: it has
    ended since the request began, and stays ended."""
    changed = connection.execute(
        "UPDATE remember_series SET session_hash = ?, roles = ? WHERE series = ?",
        (session.token_hash, session_rows.roles_text(session.roles), session.series),
    )
    return changed.rowcount == 1


def _see(connection: Connection, presented: Presented) -> None:
    connection.execute(
        "UPDATE remember_tokens SET seen_at = coalesce(seen_at, ?) WHERE token_hash = ?",
        (presented.now, presented.token_hash),
    )


def _join(connection: Connection, series: SeriesRecord, presented: Presented, limits: Limits) -> Exchange:
    session = session_rows.find(connection, series.session_hash)
    if session is None or not limits.live(session, presented.now):
        return _return(connection, series, presented, limits, rotated=False)
    return Exchange(outcome="joined", session=session, expires_at=series.expires_at, member_id=series.member_id)


def _return(
    connection: Connection, series: SeriesRecord, presented: Presented, limits: Limits, *, rotated: bool
) -> Exchange:
    session = session_rows.begin(connection, _remembered_session(series, presented), presented.replaces, limits)
    connection.execute(
        "UPDATE remember_series SET exchanged_at = ?, session_hash = ? WHERE series = ?",
        (presented.now, session.token_hash, series.series),
    )
    return Exchange(
        outcome="rotated" if rotated else "renewed",
        session=session,
        expires_at=series.expires_at,
        member_id=series.member_id,
    )


def _remembered_session(series: SeriesRecord, presented: Presented) -> SessionRecord:
    return SessionRecord(
        token_hash=presented.session_hash,
        member_id=series.member_id,
        roles=series.roles,
        how="remembered",
        authenticated_at=series.authenticated_at,
        created_at=presented.now,
        seen_at=presented.now,
        series=series.series,
        data=presented.data,
        user_agent=series.user_agent,
        country=series.country,
    )


def _issue_successor(connection: Connection, tokens: list[TokenRecord], presented: Presented) -> None:
    token = find(tokens, presented.token_hash)
    generation = token.generation + 1 if token else 0
    connection.execute(_ISSUE, (presented.successor_hash, presented.series, generation, presented.now))
    connection.execute(
        "DELETE FROM remember_tokens WHERE series = ? AND generation < ?",
        (presented.series, generation - GENERATIONS_KEPT),
    )


def _end_stolen(connection: Connection, series: SeriesRecord, presented: Presented) -> Exchange:
    if presented.end_all_on_theft:
        session_rows.end_all(connection, series.member_id, None, None)
    connection.execute("DELETE FROM remember_series WHERE series = ?", (series.series,))
    session_rows.notify(connection, series.member_id, "theft", presented.now)
    return Exchange(outcome="theft", member_id=series.member_id)


def _tokens(connection: Connection, series: str) -> list[TokenRecord]:
    return [
        TokenRecord(token_hash=token_hash, generation=generation, issued_at=issued_at, seen_at=seen_at)
        for token_hash, generation, issued_at, seen_at in connection.execute(_TOKENS, (series,))
    ]


def _record(row: tuple[Any, ...]) -> SeriesRecord:
    series, member_id, roles, authenticated_at, created_at, expires_at, exchanged_at, session_hash, agent, country = row
    return SeriesRecord(
        series=series,
        member_id=member_id,
        roles=session_rows.roles_from(roles),
        authenticated_at=authenticated_at,
        created_at=created_at,
        expires_at=expires_at,
        exchanged_at=exchanged_at,
        session_hash=session_hash,
        user_agent=agent,
        country=country,
    )
