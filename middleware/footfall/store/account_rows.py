"""What accounts chose, were told and answered, in SQL. Each function is one transaction's work on its connection."""

from __future__ import annotations

import json
from collections.abc import Iterable

from footfall.consent.approval import Answer, ServedNotice
from footfall.store.connection import Connection
from footfall.store.records import AccountChoice, AccountFile

_CHOOSE = """
INSERT INTO account_choices (member_id, purposes, refused, source, policy_version, at, content)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (member_id) DO UPDATE SET purposes = excluded.purposes, refused = excluded.refused,
    source = excluded.source, policy_version = excluded.policy_version, at = excluded.at, content = excluded.content
"""

# An answer that comes late, from a worker that was held up, does not undo one that was given after it.
_ANSWER = """
INSERT INTO account_answers (member_id, purpose, approved, at) VALUES (?, ?, ?, ?)
ON CONFLICT (member_id, purpose) DO UPDATE SET approved = excluded.approved, at = excluded.at
    WHERE excluded.at > account_answers.at OR (excluded.at = account_answers.at AND excluded.approved = 0)
"""

# One statement: one round trip to a server, and one moment for all of it.
_FILE = """
SELECT 'choice' AS kind, purposes, refused, source AS said, policy_version AS number, at, content
FROM account_choices WHERE member_id = ?
UNION ALL
SELECT 'notice', purposes, '', served_by, 0, at, '' FROM account_notices WHERE member_id = ?
UNION ALL
SELECT 'answer', purpose, '', '', approved, at, '' FROM account_answers WHERE member_id = ?
ORDER BY at
"""


def choice(connection: Connection, member_id: str) -> AccountChoice | None:
    query = """
    SELECT member_id, purposes, refused, source, policy_version, at, content FROM account_choices WHERE member_id = ?
    """
    row = connection.execute(query, (member_id,)).fetchone()
    return None if row is None else _choice(*row)


def choose(connection: Connection, choice: AccountChoice) -> None:
    connection.execute(
        _CHOOSE,
        (
            choice.member_id,
            json.dumps(choice.purposes),
            json.dumps(choice.refused),
            choice.source,
            choice.policy_version,
            choice.at,
            choice.content,
        ),
    )


def serve(connection: Connection, notice_id: str, member_id: str, notice: ServedNotice, fingerprint: str) -> None:
    connection.execute(
        "INSERT INTO account_notices (id, member_id, at, served_by, purposes, text_fingerprint) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        (notice_id, member_id, notice.at, notice.by, json.dumps(sorted(notice.purposes)), fingerprint),
    )


def answer(connection: Connection, member_id: str, answers: Iterable[Answer]) -> None:
    rows = [(member_id, one.purpose, int(one.approved), one.at) for one in answers]
    connection.executemany(_ANSWER, rows)


def file(connection: Connection, member_id: str) -> AccountFile:
    """Everything that decides how an account stands."""
    rows = connection.execute(_FILE, (member_id,) * 3).fetchall()
    chosen = [_choice(member_id, *row[1:]) for row in rows if row[0] == "choice"]
    return AccountFile(
        choice=chosen[0] if chosen else None,
        notices=tuple(
            ServedNotice(at, frozenset(json.loads(purposes)), by)
            for kind, purposes, _, by, _, at, _ in rows
            if kind == "notice"
        ),
        answers=tuple(
            Answer(purpose, bool(approved), at) for kind, purpose, _, _, approved, at, _ in rows if kind == "answer"
        ),
    )


def _choice(
    member_id: str, purposes: str, refused: str, source: str, policy_version: int, at: float, content: str
) -> AccountChoice:
    return AccountChoice(
        member_id=member_id,
        purposes=tuple(json.loads(purposes)),
        refused=tuple(json.loads(refused)),
        source=source,
        policy_version=policy_version,
        at=at,
        content=content,
    )
