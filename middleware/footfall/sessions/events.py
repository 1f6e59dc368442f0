"""What happened to somebody's sign-in, for the log, the app and the analysts."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from footfall.sessions.devices import session_id
from footfall.sessions.sign_in import SignIn

Kind = Literal["sign_in", "remembered", "sign_out", "theft", "unknown_session", "unknown_token", "expired_token"]

_log = logging.getLogger("footfall.sessions")


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


class Reporter:
    """Logs, counts and hands on. ``on_event`` runs within the request and must return soon."""

    def __init__(self, on_event: Callable[[SessionEvent], None] | None) -> None:
        self._on_event = on_event
        self.counts: Counter[str] = Counter()

    def tell(self, kind: Kind, now: float, sign_in: SignIn | None = None, *, member_id: str = "") -> None:
        """Who it was goes to the app alone; the log knows the session's hash (ASVS 16.2.5, 16.3.1)."""
        self.counts[kind] += 1
        session = session_id(sign_in.key) if sign_in and sign_in.key else ""
        _log.log(logging.WARNING if kind == "theft" else logging.INFO, "%s session=%s", kind, session or "none")
        if self._on_event is not None:
            member_id = sign_in.member.id if sign_in and sign_in.member else member_id
            self._hand_on(self._on_event, SessionEvent(kind=kind, at=now, member_id=member_id, session_id=session))

    def _hand_on(self, on_event: Callable[[SessionEvent], None], event: SessionEvent) -> None:
        """What happened has happened, whether or not the app could hear of it: nobody's request fails for that."""
        try:
            on_event(event)
        except Exception as error:
            self.counts["unheard"] += 1
            _log.error(
                "on_session_event raised %s at %s; let it hand on only, and catch", type(error).__name__, event.kind
            )
