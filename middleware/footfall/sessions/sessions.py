"""Sign-in state: sessions on the server, remember-me, and the two cookies that name them.

Rules: OWASP ASVS 5.0, chapters V7 (sessions) and V3.3 (cookies). No clock and no request in here.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from footfall.cookies import Jar
from footfall.sessions.devices import SessionInfo, devices, series_id, session_id
from footfall.sessions.events import Kind, SessionEvent
from footfall.sessions.login_plan import checked_member, checked_roles, kept_series, plan_login
from footfall.sessions.session import Session, pack, unpack
from footfall.sessions.session_cookies import SessionCookies
from footfall.sessions.sign_in import SignIn
from footfall.sessions.tokens import hash_of, may_be_token, new_token, parse_remember
from footfall.settings import Settings
from footfall.store import Store, StoreUnavailable
from footfall.store.records import Exchange, Limits, Presented, SessionRecord

#: A session in use is written to once in so many seconds, so its idle limit ends it up to that much early.
TOUCH_S = 60.0

#: How often a worker deletes what has expired, at most.
_SWEEP_S = 600.0

Scan = Callable[[Mapping[str, Any]], Sequence[object]]

_log = logging.getLogger("footfall.sessions")


class Sessions:
    """All sign-in state of one site. ``now`` is Unix time in seconds, everywhere.

    ``scan`` finds billing data in what is about to be stored; ``on_event`` hears what happened (it must
    return soon); with ``end_all_on_theft`` a stolen remember-me token ends all sessions of its member.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        *,
        scan: Scan | None = None,
        on_event: Callable[[SessionEvent], None] | None = None,
        end_all_on_theft: bool = False,
    ) -> None:
        self._store = store
        self._https = SessionCookies(settings.cookie_prefix, secure=True)
        self._http = SessionCookies(settings.cookie_prefix, secure=False)
        self._limits = Limits(
            idle=settings.session_idle.total_seconds(),
            absolute=settings.session_absolute.total_seconds(),
            per_member=settings.sessions_per_member,
        )
        self._remember_s = settings.remember_lifetime.total_seconds()
        self._scan = scan
        self._on_event = on_event
        self._end_all_on_theft = end_all_on_theft
        self._swept_at = float("-inf")
        self.counts: Counter[str] = Counter()  # of events by kind, and of what could not be kept

    async def resume(self, jar: Jar, *, secure: bool, now: float, active: bool = True) -> SignIn:
        """The sign-in state that the cookies of a request name. ``secure``: it came over HTTPS. ``active``
        requests keep a session alive, and only they use a remember-me token.

        Never raises: a bad cookie is a visitor who is not signed in, and of a store that does not answer
        ``unavailable`` tells.
        """
        names = self._https if secure else self._http
        token = jar.get(names.session)
        remember = jar.get(names.remember)
        if token is None and remember is None:
            return SignIn(names)
        sign_in = SignIn(names, remember)
        try:
            if token is not None:
                await self._continue(sign_in, token, now, active)
            if remember is not None and active and sign_in.member is None:
                await self._return(sign_in, now)
        except StoreUnavailable:
            sign_in = SignIn(names, remember)
            sign_in.unavailable = True
        return sign_in

    async def login(
        self,
        sign_in: SignIn,
        member_id: str,
        *,
        remember: bool = False,
        roles: Iterable[str] = (),
        now: float,
        user_agent: str = "",
    ) -> None:
        """Sign a member in, whose credentials the app has checked. The session gets a new token and keeps its
        data (ASVS 7.2.4), unless they were another member's. Raises ValueError for a member id that cannot be
        one, and StoreUnavailable."""
        member = checked_member(member_id, roles, now)
        _must_be_known(sign_in)
        kept = kept_series(sign_in, member_id, remember)
        if sign_in.member is not None and sign_in.member.id != member_id:
            sign_in.session.clear()
        await self._sweep(now)
        plan = plan_login(
            sign_in,
            member,
            data=self._pack(sign_in.session),
            remember_s=self._remember_s if remember else None,
            kept=kept,
            ended=await self._series_of(sign_in) - {kept},
            user_agent=user_agent,
        )
        sign_in.notices += await self._store.sign_in(plan.change, self._limits)
        sign_in.adopt(plan.change.session)
        sign_in.session.modified = False
        sign_in.cookies |= plan.cookies
        self._tell("sign_in", now, sign_in)

    async def logout(self, sign_in: SignIn, *, everywhere: bool = False, now: float) -> None:
        """End this session and this browser's remember-me, or all of the member's. Raises StoreUnavailable."""
        _must_be_known(sign_in)
        for series in await self._series_of(sign_in):
            await self._store.end_session(sign_in.key or "", series)
        if sign_in.key is not None:
            await self._store.end_session(sign_in.key)
        if everywhere and sign_in.member is not None:
            await self._store.end_sessions(sign_in.member.id)
        self._tell("sign_out", now, sign_in)
        names = sign_in.names
        sign_in.member = sign_in.key = sign_in.series = None
        sign_in.session.clear()
        sign_in.cookies = {name: names.remove(name) for name in (names.session, names.remember)}

    async def save(self, sign_in: SignIn, now: float) -> list[str]:
        """Store a session that was changed, and give the Set-Cookie values for the response, each once. In the
        ordinary case: nothing to store, nothing to set, nothing awaited.

        Raises StoreUnavailable when a change cannot be stored, and what ``pack`` raises for data that cannot be.
        """
        if sign_in.session.modified:
            await self._persist(sign_in, now)
        if not sign_in.cookies:
            return []
        cookies, sign_in.cookies = list(sign_in.cookies.values()), {}
        return cookies

    async def end_sessions(self, member_id: str, *, except_current: SignIn | None = None) -> int:
        """End all sessions and remembered browsers of a member, on every worker at once (ASVS 7.4.2, 7.4.3,
        7.4.5); how many sessions there were. Raises StoreUnavailable."""
        but = (except_current.key, except_current.series) if except_current else (None, None)
        return await self._store.end_sessions(member_id, but=but[0], but_series=but[1])

    async def end_session(self, member_id: str, session: str) -> bool:
        """End one of a member's sessions or remembered browsers by its ``SessionInfo.id``; False: there is none.
        Raises StoreUnavailable."""
        for record in await self._store.sessions_of(member_id):
            if session_id(record.token_hash) == session:
                await self._store.end_session(record.token_hash)
                return True
        for remembered in await self._store.series_of(member_id):
            if series_id(remembered.series) == session:
                await self._store.end_session(remembered.session_hash, remembered.series)
                return True
        return False

    async def set_roles(self, member_id: str, roles: Iterable[str]) -> None:
        """Give a member these roles in all sessions, from the next request on (ASVS 8.3.2). Raises StoreUnavailable."""
        await self._store.set_roles(member_id, checked_roles(roles))

    async def sessions_of(self, member_id: str, *, now: float, current: SignIn | None = None) -> list[SessionInfo]:
        """A member's live sessions and remembered browsers, the last seen first. Raises StoreUnavailable."""
        return devices(
            await self._store.sessions_of(member_id),
            await self._store.series_of(member_id),
            now=now,
            limits=self._limits,
            current=current.key if current else None,
        )

    # -- resume

    async def _continue(self, sign_in: SignIn, token: str, now: float, active: bool) -> None:
        if not may_be_token(token):
            return self._tell("unknown_session", now)
        record = await self._store.session(hash_of(token))
        if record is None:
            return self._tell("unknown_session", now)
        if not self._limits.live(record, now):
            return None
        sign_in.adopt(record)
        if record.data != "{}":
            sign_in.session = Session(unpack(record.data))
        if active and now - record.seen_at >= TOUCH_S:
            self._store.touch(record.token_hash, now)
        return None

    async def _return(self, sign_in: SignIn, now: float) -> None:
        """A remembered member comes back without a session."""
        token = parse_remember(sign_in.presented)
        if token is None:
            return self._forget(sign_in, "unknown_token", now)
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
            return self._refuse(sign_in, exchange, now)
        names = sign_in.names
        sign_in.adopt(exchange.session)
        if exchange.outcome == "joined":
            return self._join(sign_in, exchange.session)
        sign_in.cookies[names.session] = names.set_session(session_token)
        if exchange.outcome == "rotated":
            sign_in.cookies[names.remember] = names.set_remember(successor.cookie, exchange.expires_at - now)
        return self._tell("remembered", now, sign_in)

    def _join(self, sign_in: SignIn, session: SessionRecord) -> None:
        """Another request of this browser began the session and its response brings the cookies; this request
        is served within the session and sets none. That the session may be fresh is not this token's merit."""
        sign_in.session = Session(unpack(session.data))
        if sign_in.member is not None:
            sign_in.member = replace(sign_in.member, how="remembered")
        self.counts["joined"] += 1

    def _refuse(self, sign_in: SignIn, exchange: Exchange, now: float) -> None:
        if exchange.outcome == "theft":
            sign_in.notices.append("theft")
            return self._forget(sign_in, "theft", now, exchange.member_id)
        return self._forget(sign_in, "expired_token" if exchange.outcome == "expired" else "unknown_token", now)

    def _forget(self, sign_in: SignIn, kind: Kind, now: float, member_id: str = "") -> None:
        """The token is worth nothing any more, so the browser need not send it again."""
        names = sign_in.names
        sign_in.cookies[names.remember] = names.remove(names.remember)
        self._tell(kind, now, member_id=member_id)

    # -- the parts of the others

    async def _persist(self, sign_in: SignIn, now: float) -> None:
        session, names = sign_in.session, sign_in.names
        session.modified = False
        data = self._pack(session)
        if sign_in.unavailable:
            self.counts["unsaved"] += 1  # a new session now would take the place of one that nobody could read
        elif sign_in.key is None:
            await self._begin_anonymous(sign_in, data, now)
        elif sign_in.member is not None or session:
            if not await self._store.save_data(sign_in.key, data):
                self.counts["unsaved"] += 1  # the session ended meanwhile, and stays ended
        else:
            await self._store.end_session(sign_in.key)
            sign_in.key = None
            sign_in.cookies[names.session] = names.remove(names.session)

    async def _begin_anonymous(self, sign_in: SignIn, data: str, now: float) -> None:
        if data == "{}":
            return
        await self._sweep(now)
        token = new_token()
        record = SessionRecord(token_hash=hash_of(token), created_at=now, seen_at=now, data=data)
        await self._store.add_session(record)
        sign_in.key = record.token_hash
        sign_in.cookies[sign_in.names.session] = sign_in.names.set_session(token)

    def _pack(self, session: Session) -> str:
        if self._scan is not None:
            for key in [key for key, value in session.items() if self._scan({key: value})]:
                dict.pop(session, key)
                self.counts["billing"] += 1
                _log.warning("a value of request.session held billing data and was not stored")
        return pack(session)

    async def _series_of(self, sign_in: SignIn) -> set[str]:
        """The series of this browser: its session's, and that of the token it presented."""
        series = {sign_in.series} if sign_in.series is not None else set()
        token = parse_remember(sign_in.presented)
        if token is not None and await self._store.knows_token(token.series, token.hash):
            series.add(token.series)
        return series

    async def _sweep(self, now: float) -> None:
        if now - self._swept_at >= _SWEEP_S:
            self._swept_at = now
            await self._store.sweep(now, self._limits)

    def _tell(self, kind: Kind, now: float, sign_in: SignIn | None = None, *, member_id: str = "") -> None:
        """Log it (ASVS 16.3.1) by the session's hash, count it, and let the app hear of it."""
        self.counts[kind] += 1
        session = session_id(sign_in.key) if sign_in and sign_in.key else ""
        _log.log(logging.WARNING if kind == "theft" else logging.INFO, "%s session=%s", kind, session or "none")
        if self._on_event is not None:
            member_id = sign_in.member.id if sign_in and sign_in.member else member_id
            self._on_event(SessionEvent(kind=kind, at=now, member_id=member_id, session_id=session))


def _must_be_known(sign_in: SignIn) -> None:
    if sign_in.unavailable:
        raise StoreUnavailable("the store did not answer when this request began; let the member try again")
