"""Somebody's rows out of the store. Each function is one transaction's work on the connection it is given.

Consent records are evidence that the law wants kept for a time (47 CFR 64.2007(a)(3), 64.2008(a); GDPR 7(1) and
17(3)(b), (e)). They stay, without the person: instead of them they name the receipt of the erasure, and retention
deletes them as it does all others. Everything else goes.
"""

from __future__ import annotations

from footfall.store.connection import Connection
from footfall.store.session_rows import lock_member

#: What of a member goes; tokens go with their series, sessions of a series too.
_TABLES = (
    ("sessions", "sessions"),
    ("remembered_browsers", "remember_series"),
    ("notices", "member_notices"),
    ("account_choices", "account_choices"),
    ("account_answers", "account_answers"),
    ("account_notices", "account_notices"),
)

_FORGET_MEMBER = "UPDATE consent_records SET visitor_id = ?, member_id = '' WHERE member_id = ?"
_FORGET_VISITOR = "UPDATE consent_records SET visitor_id = ? WHERE visitor_id = ?"


def member(connection: Connection, member_id: str, receipt: str) -> dict[str, int]:
    """Erase a member; how many rows of each kind that was. Repeated, it finds none."""
    lock_member(connection, member_id)
    counts = {
        name: connection.execute(f"DELETE FROM {table} WHERE member_id = ?", (member_id,)).rowcount  # noqa: S608
        for name, table in _TABLES
    }
    return {**counts, "consent_records_kept": _without_person(connection, _FORGET_MEMBER, receipt, member_id)}


def visitor(connection: Connection, visitor_id: str, receipt: str) -> dict[str, int]:
    """Take the identifier of a browser out of its records; the store has it nowhere else."""
    return {"consent_records_kept": _without_person(connection, _FORGET_VISITOR, receipt, visitor_id)}


def notices(connection: Connection, member_id: str) -> list[tuple[str, float]]:
    """What a member must still be told, and since when (Unix seconds)."""
    rows = connection.execute("SELECT notice, at FROM member_notices WHERE member_id = ? ORDER BY at", (member_id,))
    return [(str(notice), float(at)) for notice, at in rows]


def _without_person(connection: Connection, forget: str, receipt: str, person: str) -> int:
    """The row in consent_erasure opens the trigger that keeps the records, and the commit never shows it."""
    connection.execute("INSERT INTO consent_erasure (receipt) VALUES (?)", (receipt,))
    changed = connection.execute(forget, (f"erased:{receipt}", person)).rowcount
    connection.execute("DELETE FROM consent_erasure")
    return changed
