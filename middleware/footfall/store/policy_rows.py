"""Policies, and the words that were shown, in SQL. Each function is one transaction's work on its connection."""

from __future__ import annotations

from footfall.consent.records import Outdated, StatedPolicy
from footfall.consent.shown import ShownText
from footfall.store.connection import Connection

_KEEP_TEXT = """
INSERT INTO consent_texts (fingerprint, layer, language, policy_version, text, at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (fingerprint) DO NOTHING
"""

_DROP_TEXTS = """
DELETE FROM consent_texts WHERE at < ?
AND NOT EXISTS (SELECT 1 FROM consent_records WHERE text_fingerprint = consent_texts.fingerprint)
"""

_STATE = """
INSERT INTO policies (site, version, effective, changes, url, at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (site, version) DO UPDATE SET effective = excluded.effective, changes = excluded.changes, url = excluded.url
"""

# A notice is no choice, but for the one that told of the change: who was told need not be told again.
_CHOSE_OR_TOLD = "(method <> 'notice_served' OR layer = 'change') AND layer <> 'account_notice'"

_OUTDATED = f"""
SELECT site, member_id, policy_version, at FROM (
    SELECT site, member_id, policy_version, at,
        row_number() OVER (PARTITION BY member_id ORDER BY at DESC, policy_version DESC, id DESC) AS place
    FROM consent_records WHERE site = ? AND member_id <> '' AND {_CHOSE_OR_TOLD}
) AS latest
WHERE place = 1 AND policy_version < ? ORDER BY at, member_id
"""  # noqa: S608 - no input in it


def keep_text(connection: Connection, fingerprint: str, shown: ShownText, at: float) -> None:
    connection.lock("consent texts", shared=True)  # who drops what no record names waits for the record
    row = (fingerprint, shown.layer, shown.language, shown.policy_version, shown.text, at)
    connection.execute(_KEEP_TEXT, row)


def text(connection: Connection, fingerprint: str) -> ShownText | None:
    query = "SELECT layer, language, policy_version, text FROM consent_texts WHERE fingerprint = ?"
    row = connection.execute(query, (fingerprint,)).fetchone()
    return None if row is None else ShownText(*row)


def drop_texts(connection: Connection, before: float) -> None:
    connection.lock("consent texts")
    connection.execute(_DROP_TEXTS, (before,))


def state(connection: Connection, policy: StatedPolicy) -> None:
    row = (policy.site, policy.version, policy.effective, policy.changes, policy.url, policy.at)
    connection.execute(_STATE, row)


def stated(connection: Connection) -> list[StatedPolicy]:
    query = "SELECT site, version, effective, changes, url, at FROM policies ORDER BY site, version"
    return [StatedPolicy(*row) for row in connection.execute(query)]


def outdated(connection: Connection, site: str, version: int) -> list[Outdated]:
    return [Outdated(*row) for row in connection.execute(_OUTDATED, (site, version))]
