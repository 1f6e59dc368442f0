"""Rows and stores for the tests of the store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from footfall.consent.records import ConsentRecord, new_record_id
from footfall.store.records import Limits, SessionRecord
from footfall.store.sqlite import SQLiteStore

LIMITS = Limits(idle=1800.0, absolute=86400.0, per_member=10)
YEAR = 366 * 86400.0


def opened(path: Path) -> SQLiteStore:
    store = SQLiteStore(path)
    store.open()
    return store


def session(name: str, **facts: Any) -> SessionRecord:
    return SessionRecord(**{"token_hash": name, "created_at": 1.0, "seen_at": 1.0, **facts})


def record(**facts: Any) -> ConsentRecord:
    ordinary: dict[str, Any] = {
        "id": new_record_id(),
        "visitor_id": "visitor",
        "member_id": "",
        "at": 1.0,
        "method": "custom",
        "purposes": ("analytics",),
        "refused": ("marketing", "preferences"),
        "policy_version": 3,
        "text_fingerprint": "0123456789abcdef",
        "language": "de",
        "layer": "notice",
        "site": "main",
    }
    return ConsentRecord(**{**ordinary, **facts})
