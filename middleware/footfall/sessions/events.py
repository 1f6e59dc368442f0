"""What happened to somebody's sign-in, for the app, for the log and for the analysts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["sign_in", "remembered", "sign_out", "theft", "unknown_session", "unknown_token", "expired_token"]


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionEvent:
    """``session_id`` is a hash, as in ``SessionInfo.id``; no token is in it (ASVS 16.2.5).

    ``theft``: a remember-me token came again after its successor was used. ``unknown_session``: a session
    cookie that names no session; it was ended, or somebody invented it.
    """

    kind: Kind
    at: float  # Unix time, seconds
    member_id: str = ""
    session_id: str = ""
