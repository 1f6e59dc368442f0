"""What the store holds of a person, as plain values: sessions, remembered browsers, consent records, choices.

Hashes of tokens are left out: they tell a person nothing, and belong to nobody but the store.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import msgspec

from footfall.consent.evidence import Evidence, evidence
from footfall.store import Store
from footfall.store.records import AccountFile, SeriesRecord, SessionRecord

Rows = list[dict[str, object]]


async def stored_of_member(store: Store, member_id: str) -> dict[str, Rows]:
    """By table, all that the store holds of a member. Raises ``StoreUnavailable``."""
    account = await store.account_file(member_id)
    return {
        "sessions": [_session(one) for one in await store.sessions_of(member_id)],
        "remembered_browsers": [_series(one) for one in await store.series_of(member_id)],
        "consent_records": [_evidence(one) for one in await evidence(store, member_id=member_id)],
        **_account(account),
        "waiting_notices": [{"notice": name, "at": _time(at)} for name, at in await store.waiting_notices(member_id)],
    }


async def stored_of_visitor(store: Store, visitor_id: str) -> dict[str, Rows]:
    """The consent records of a browser. Raises ``StoreUnavailable``."""
    return {"consent_records": [_evidence(one) for one in await evidence(store, visitor_id=visitor_id)]}


def _session(session: SessionRecord) -> dict[str, object]:
    return {
        "how": session.how,
        "authenticated_at": _time(session.authenticated_at),
        "created_at": _time(session.created_at),
        "seen_at": _time(session.seen_at),
        "roles": sorted(session.roles),
        "user_agent": session.user_agent,
        "country": session.country,
        "notices": session.notices,
        "data": json.loads(session.data),
    }


def _series(series: SeriesRecord) -> dict[str, object]:
    return {
        "authenticated_at": _time(series.authenticated_at),
        "created_at": _time(series.created_at),
        "last_used_at": _time(series.exchanged_at),
        "expires_at": _time(series.expires_at),
        "roles": sorted(series.roles),
        "user_agent": series.user_agent,
        "country": series.country,
    }


def _evidence(one: Evidence) -> dict[str, object]:
    record = {name: getattr(one.record, name) for name in one.record.__dataclass_fields__}
    listed = {name: list(value) for name, value in record.items() if isinstance(value, tuple)}
    return {**record, **listed, "at": _time(one.record.at), "text": one.shown.text if one.shown else ""}


def _account(account: AccountFile) -> dict[str, Rows]:
    choice = [msgspec.structs.asdict(account.choice)] if account.choice else []
    return {
        "account_choices": [
            {**one, "purposes": list(one["purposes"]), "refused": list(one["refused"]), "at": _time(one["at"])}
            for one in choice
        ],
        "account_answers": [
            {"purpose": one.purpose, "approved": one.approved, "at": _time(one.at)} for one in account.answers
        ],
        "account_notices": [
            {"at": _time(one.at), "purposes": sorted(one.purposes), "served_by": one.by} for one in account.notices
        ],
    }


def _time(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
