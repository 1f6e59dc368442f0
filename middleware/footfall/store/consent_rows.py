"""Consent in SQL. Each function is one transaction's work on the connection it is given."""

from __future__ import annotations

import json
from typing import Any

from footfall.consent.records import DELETED_AT_ONCE, ConsentRecord
from footfall.store.connection import Connection

_COLUMNS = (
    "id, visitor_id, member_id, at, method, purposes, refused, policy_version, "
    "text_fingerprint, language, layer, site, supersedes, services, services_refused"
)
_SELECT = f"SELECT {_COLUMNS} FROM consent_records WHERE "  # noqa: S608 - no input in it
_INSERT = (
    f"INSERT INTO consent_records ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "  # noqa: S608
    "ON CONFLICT DO NOTHING"
)

_SUPERSEDE = """
INSERT INTO withdrawn_consents (number, consent_id, at)
SELECT coalesce(max(number), 0) + 1, ?, ? FROM withdrawn_consents WHERE true
ON CONFLICT (consent_id) DO NOTHING
"""


# The last choice of a member, and the last notice of a kind, may be in force however old they are. That the later
# one is a member's is said once more, or its partial index could not be used, and every record would be compared.
DELETE = f"""
DELETE FROM consent_records WHERE id IN (
    SELECT id FROM consent_records AS old WHERE at < ? AND (member_id = '' OR EXISTS (
        SELECT 1 FROM consent_records AS later
        WHERE later.member_id = old.member_id AND later.member_id <> '' AND later.at > old.at
        AND later.site = old.site AND (later.method = 'notice_served') = (old.method = 'notice_served')
        AND (old.method <> 'notice_served' OR later.layer = old.layer)))
    ORDER BY at LIMIT {DELETED_AT_ONCE})
"""  # noqa: S608 - no input in it


def add(connection: Connection, record: ConsentRecord) -> None:
    connection.execute(
        _INSERT,
        (
            record.id,
            record.visitor_id,
            record.member_id,
            record.at,
            record.method,
            json.dumps(record.purposes),
            json.dumps(record.refused),
            record.policy_version,
            record.text_fingerprint,
            record.language,
            record.layer,
            record.site,
            record.supersedes,
            json.dumps(record.services),
            json.dumps(record.services_refused),
        ),
    )


def of_visitor(connection: Connection, visitor_id: str) -> list[ConsentRecord]:
    return [_record(row) for row in connection.execute(f"{_SELECT} visitor_id = ? ORDER BY at", (visitor_id,))]


def of_member(connection: Connection, member_id: str) -> list[ConsentRecord]:
    return [_record(row) for row in connection.execute(f"{_SELECT} member_id = ? ORDER BY at", (member_id,))]


def delete(connection: Connection, before: float) -> int:
    """The row in consent_retention opens the trigger that keeps the records, and the commit never shows it."""
    connection.execute("INSERT INTO consent_retention (cutoff) VALUES (?)", (before,))
    deleted = connection.execute(DELETE, (before,)).rowcount
    connection.execute("DELETE FROM consent_retention")
    return deleted


def supersede(connection: Connection, consent_id: str, at: float) -> None:
    connection.lock("withdrawn consents")  # or two would take one number, or commit in another order
    connection.execute(_SUPERSEDE, (consent_id, at))


def superseded_since(connection: Connection, number: int, after: float) -> tuple[int, list[str]]:
    query = "SELECT number, consent_id FROM withdrawn_consents WHERE number > ? AND at > ? ORDER BY number"
    rows = connection.execute(query, (number, after)).fetchall()
    return (rows[-1][0] if rows else number), [consent_id for _, consent_id in rows]


def prune_superseded(connection: Connection, before: float) -> int:
    """The last number stays: the next one counts on from it."""
    lasting = "(SELECT max(number) FROM withdrawn_consents)"
    pruned = connection.execute(f"DELETE FROM withdrawn_consents WHERE at < ? AND number < {lasting}", (before,))  # noqa: S608
    return pruned.rowcount


def _record(row: tuple[Any, ...]) -> ConsentRecord:
    fields = dict(zip(_COLUMNS.split(", "), row, strict=True))
    for name in ("purposes", "refused", "services", "services_refused"):
        fields[name] = tuple(json.loads(fields[name]))
    return ConsentRecord(**fields)
