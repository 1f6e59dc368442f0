"""Sessions in SQL. Each function is one transaction's work on the connection it is given."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import msgspec

from footfall.store.connection import Connection
from footfall.store.records import Limits, SessionRecord

_COLUMNS = (
    "token_hash, member_id, roles, how, authenticated_at, created_at, seen_at, series, data, notices, "
    "user_agent, country"
)

#: What every request of a member asks; the columns that it does not need would cost it half a microsecond.
SELECT = """
SELECT member_id, roles, how, authenticated_at, created_at, seen_at, series, data, notices
FROM sessions WHERE token_hash = ?
"""
_OF_MEMBER = f"SELECT {_COLUMNS} FROM sessions WHERE member_id = ? ORDER BY created_at DESC"  # noqa: S608 - no input in it
_INSERT = f"INSERT INTO sessions ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_SERIES_PAST = "SELECT series FROM remember_series WHERE expires_at <= ? LIMIT ?"
_DELETE_PAST = """
DELETE FROM sessions WHERE token_hash IN (SELECT token_hash FROM sessions WHERE created_at <= ? LIMIT ?)
"""

#: Some 25 ms of work, for which other writers wait.
_SWEPT_AT_ONCE = 5000


@lru_cache(maxsize=1024)
def roles_from(text: str) -> frozenset[str]:
    return frozenset(json.loads(text))


def roles_text(roles: frozenset[str]) -> str:
    return json.dumps(sorted(roles))


def selected(token_hash: str, row: tuple[Any, ...]) -> SessionRecord:
    """The session that SELECT found: without its user agent and country."""
    member_id, roles, how, authenticated_at, created_at, seen_at, series, data, notices = row
    return SessionRecord(
        token_hash=token_hash,
        member_id=member_id,
        roles=roles_from(roles),
        how=how,
        authenticated_at=authenticated_at,
        created_at=created_at,
        seen_at=seen_at,
        series=series,
        data=data,
        notices=notices,
    )


def find(connection: Connection, token_hash: str) -> SessionRecord | None:
    row = connection.execute(SELECT, (token_hash,)).fetchone()
    return selected(token_hash, row) if row is not None else None


def of_member(connection: Connection, member_id: str) -> list[SessionRecord]:
    rows = connection.execute(_OF_MEMBER, (member_id,))
    names = _COLUMNS.split(", ")
    sessions = [dict(zip(names, row, strict=True)) for row in rows]
    return [SessionRecord(**{**session, "roles": roles_from(session["roles"])}) for session in sessions]


def insert(connection: Connection, session: SessionRecord) -> None:
    connection.execute(
        _INSERT,
        (
            session.token_hash,
            session.member_id,
            roles_text(session.roles),
            session.how,
            session.authenticated_at,
            session.created_at,
            session.seen_at,
            session.series,
            session.data,
            session.notices,
            session.user_agent,
            session.country,
        ),
    )


def save_data(connection: Connection, token_hash: str, data: str) -> bool:
    changed = connection.execute("UPDATE sessions SET data = ? WHERE token_hash = ?", (data, token_hash))
    return changed.rowcount == 1


def lock_member(connection: Connection, member_id: str) -> None:
    """What is written about one member is written one after the other: the limit on sessions, notices and roles
    hold for a session that begins meanwhile, too."""
    connection.lock(f"member {member_id}")


def begin(connection: Connection, session: SessionRecord, replaces: str | None, limits: Limits) -> SessionRecord:
    """Begin a member's session, with what the member must be told, and end what must end for it. A series has
    one session at a time."""
    if replaces is not None:
        connection.execute("DELETE FROM sessions WHERE token_hash = ?", (replaces,))
    if session.series is not None:
        connection.execute("DELETE FROM sessions WHERE series = ?", (session.series,))
    _delete_expired(connection, session.member_id, session.created_at, limits)
    _end_oldest(connection, session.member_id, limits.per_member - 1)
    session = msgspec.structs.replace(session, notices=_notices(connection, session.member_id))
    insert(connection, session)
    return session


def end(connection: Connection, token_hash: str, series: Iterable[str] = ()) -> None:
    """The sessions of a series end with it, by their foreign key."""
    found = connection.execute("SELECT member_id, series FROM sessions WHERE token_hash = ?", (token_hash,)).fetchone()
    member_id, own = found or ("", None)
    if member_id:
        lock_member(connection, member_id)
    for ended in {*series, own} - {None}:
        connection.execute("DELETE FROM remember_series WHERE series = ?", (ended,))
    connection.execute("DELETE FROM sessions WHERE token_hash = ?", (token_hash,))


def end_all(connection: Connection, member_id: str, but: str | None, but_series: str | None) -> int:
    lock_member(connection, member_id)
    ended = connection.execute(
        "DELETE FROM sessions WHERE member_id = ? AND token_hash <> ?", (member_id, but or "")
    ).rowcount
    connection.execute("DELETE FROM remember_series WHERE member_id = ? AND series <> ?", (member_id, but_series or ""))
    return ended


def set_roles(connection: Connection, member_id: str, roles: frozenset[str]) -> None:
    lock_member(connection, member_id)
    for table in ("sessions", "remember_series"):
        connection.execute(
            f"UPDATE {table} SET roles = ? WHERE member_id = ?",  # noqa: S608
            (roles_text(roles), member_id),
        )


def sweep(connection: Connection, now: float, limits: Limits) -> int:
    connection.lock("sweep")
    over = connection.execute(_SERIES_PAST, (now, _SWEPT_AT_ONCE)).fetchall()
    # A session of an expired series lives on to its own limits.
    connection.executemany("UPDATE sessions SET series = NULL WHERE series = ?", over)
    connection.executemany("DELETE FROM remember_series WHERE series = ?", over)
    return len(over) + connection.execute(_DELETE_PAST, (now - limits.absolute, _SWEPT_AT_ONCE)).rowcount


def notify(connection: Connection, member_id: str, notice: str, now: float) -> None:
    """Leave a notice for a member: in the sessions that are, and for those that will be."""
    lock_member(connection, member_id)
    connection.execute(
        "INSERT INTO member_notices (member_id, notice, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (member_id, notice, now),
    )
    notices = _notices(connection, member_id)
    connection.execute("UPDATE sessions SET notices = ? WHERE member_id = ?", (notices, member_id))


def dismiss_notices(connection: Connection, member_id: str) -> None:
    lock_member(connection, member_id)
    connection.execute("DELETE FROM member_notices WHERE member_id = ?", (member_id,))
    connection.execute("UPDATE sessions SET notices = '' WHERE member_id = ?", (member_id,))


def _notices(connection: Connection, member_id: str) -> str:
    rows = connection.execute("SELECT notice FROM member_notices WHERE member_id = ? ORDER BY at", (member_id,))
    return " ".join(notice for (notice,) in rows)


def _delete_expired(connection: Connection, member_id: str, now: float, limits: Limits) -> None:
    connection.execute(
        "DELETE FROM sessions WHERE member_id = ? AND (created_at <= ? OR seen_at <= ?)",
        (member_id, now - limits.absolute, now - limits.idle),
    )


def _end_oldest(connection: Connection, member_id: str, keep: int) -> None:
    """A session over the limit ends with its series: remembered, it would come back and end another."""
    query = "SELECT token_hash FROM sessions WHERE member_id = ? ORDER BY created_at DESC, seen_at DESC"
    for (token_hash,) in connection.execute(query, (member_id,)).fetchall()[keep:]:
        end(connection, token_hash)
