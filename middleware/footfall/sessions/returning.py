"""A remembered member comes back without a session: the token is exchanged for one."""

from __future__ import annotations

from dataclasses import replace

from footfall.sessions.events import Kind, Reporter
from footfall.sessions.session import Session, pack, unpack
from footfall.sessions.session_cookies import remove_remember, set_remember, set_session
from footfall.sessions.sign_in import SignIn
from footfall.sessions.tokens import hash_of, new_token, parse_remember
from footfall.store import Store
from footfall.store.records import Exchange, Limits, Presented, SessionRecord


class Returning:
    """Exchanges remember-me tokens; ``footfall.sessions.remember`` has the rules."""

    def __init__(self, store: Store, limits: Limits, reporter: Reporter, *, end_all_on_theft: bool) -> None:
        self._store = store
        self._limits = limits
        self._reporter = reporter
        self._end_all_on_theft = end_all_on_theft

    async def sign_in(self, sign_in: SignIn, now: float) -> None:
        """Raises StoreUnavailable; then nothing has changed."""
        token = parse_remember(sign_in.presented)
        if token is None:
            return self._refuse(sign_in, "unknown_token", now)
        session_token, successor = new_token(), token.successor()
        presented = Presented(
            series=token.series,
            token_hash=token.hash,
            now=now,
            session_hash=hash_of(session_token),
            successor_hash=successor.hash,
            replaces=sign_in.key,
            data=pack(sign_in.session),
            end_all_on_theft=self._end_all_on_theft,
        )
        exchange = await self._store.exchange(presented, self._limits)
        if exchange.session is None:
            return self._nobody(sign_in, exchange, now)
        if exchange.outcome == "joined":
            return self._join(sign_in, exchange.session)
        if exchange.outcome == "rotated":
            remaining = exchange.expires_at - now
            sign_in.cookies[sign_in.names.remember] = set_remember(sign_in.names, successor.cookie, remaining)
        sign_in.cookies[sign_in.names.session] = set_session(sign_in.names, session_token)
        sign_in.adopt(exchange.session)
        return self._reporter.tell("remembered", now, sign_in)

    def _join(self, sign_in: SignIn, session: SessionRecord) -> None:
        """Another request of this browser began the session and its response brings the cookies; this request
        is served within the session and sets none. That the session may be fresh is not this token's merit."""
        sign_in.adopt(session)
        sign_in.session = Session(unpack(session.data))
        if sign_in.member is not None:
            sign_in.member = replace(sign_in.member, how="remembered")
        self._reporter.counts["joined"] += 1

    def _nobody(self, sign_in: SignIn, exchange: Exchange, now: float) -> None:
        if exchange.outcome == "theft":
            sign_in.notices.append("theft")
            return self._refuse(sign_in, "theft", now, exchange.member_id)
        return self._refuse(sign_in, "expired_token" if exchange.outcome == "expired" else "unknown_token", now)

    def _refuse(self, sign_in: SignIn, kind: Kind, now: float, member_id: str = "") -> None:
        """The token is worth nothing any more, so the browser need not send it again."""
        sign_in.cookies[sign_in.names.remember] = remove_remember(sign_in.names)
        self._reporter.tell(kind, now, member_id=member_id)
