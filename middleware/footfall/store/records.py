"""The rows of the store, as they are handed around. Times are Unix seconds; hashes are hexadecimal SHA-256."""

from __future__ import annotations

from typing import Literal

import msgspec

from footfall.consent.approval import Answer, ServedNotice

How = Literal["login", "remembered"]


class SessionRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One session. ``member_id`` is ``""`` for a visitor who is not signed in and whose session holds data."""

    token_hash: str
    member_id: str = ""
    roles: frozenset[str] = frozenset()
    how: How = "login"
    authenticated_at: float = 0.0
    created_at: float
    seen_at: float
    series: str | None = None  # the remember-me series that it belongs to
    data: str = "{}"  # JSON
    notices: str = ""  # what the member must be told, separated by spaces
    user_agent: str = ""
    country: str = ""  # ISO 3166-1 alpha-2


class SeriesRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One remembered browser of a member."""

    series: str
    member_id: str
    roles: frozenset[str] = frozenset()
    authenticated_at: float  # of the sign-in with credentials that began it
    created_at: float
    expires_at: float
    exchanged_at: float  # when a token of it last made a session
    session_hash: str  # that session
    user_agent: str = ""
    country: str = ""  # ISO 3166-1 alpha-2


class TokenRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One remember-me token that was issued. Those of one generation succeed the same token."""

    token_hash: str
    generation: int
    issued_at: float
    seen_at: float | None = None  # when a browser first presented it


class SignInChange(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A sign-in with credentials, to be stored as one transaction."""

    session: SessionRecord
    replaces: str | None = None  # the hash of the session that ends with it
    series: SeriesRecord | None = None  # begins with it
    token_hash: str = ""  # of the series' first token
    ends_series: tuple[str, ...] = ()


class Presented(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A remember-me token as a browser presented it, and what shall come of it if it is good."""

    series: str
    token_hash: str
    now: float
    session_hash: str  # of the session to begin
    successor_hash: str  # of the token to issue
    replaces: str | None = None  # the hash of the anonymous session that ends with it
    data: str = "{}"  # which it leaves
    end_all_on_theft: bool = False


class Exchange(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What came of it.

    ``rotated``: a new session, and the successor goes to the browser. ``renewed``: a new session; the
    browser's token stays. ``joined``: another request was first; this one is served within its session.
    ``unknown``, ``expired``, ``theft``: nobody is signed in.
    """

    outcome: Literal["rotated", "renewed", "joined", "unknown", "expired", "theft"]
    session: SessionRecord | None = None
    expires_at: float = 0.0  # of the series
    member_id: str = ""


class Limits(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How long sessions live, and how many a member has."""

    idle: float  # seconds
    absolute: float  # seconds
    per_member: int

    def live(self, session: SessionRecord, now: float) -> bool:
        return now - session.seen_at < self.idle and now - session.created_at < self.absolute


class AccountChoice(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a member chose for the account, on whatever device; it lasts until the member changes it."""

    member_id: str
    purposes: tuple[str, ...]  # granted
    refused: tuple[str, ...]
    source: str  # "banner", "gpc", "account", …
    policy_version: int
    at: float
    content: str = ""  # the whole choice, as ``consent.choice.to_content`` writes it


class AccountFile(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Everything that decides how an account stands: its choice, the notices served, and the answers to them."""

    choice: AccountChoice | None = None
    notices: tuple[ServedNotice, ...] = ()
    answers: tuple[Answer, ...] = ()
