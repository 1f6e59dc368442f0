"""Sign-in state: sessions on the server, remember-me, and the two cookies that name them.

Rules: OWASP ASVS 5.0, chapters V7 (sessions) and V3.3 (cookies). No clock and no request in here.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from footfall.cookies import CookieNames, Jar
from footfall.sessions.devices import SessionInfo, devices, end_one
from footfall.sessions.events import Reporter, SessionEvent
from footfall.sessions.limits import limits_of
from footfall.sessions.login_plan import checked_member, checked_roles, kept_series, plan_login
from footfall.sessions.member import checked_id
from footfall.sessions.returning import Returning
from footfall.sessions.session import Session, pack, unpack
from footfall.sessions.session_cookies import remove_remember, remove_session, set_session
from footfall.sessions.sign_in import SignIn
from footfall.sessions.tokens import hash_of, may_be_token, new_token, parse_remember
from footfall.settings import Settings
from footfall.store import Store, StoreUnavailable
from footfall.store.records import SessionRecord

#: A session in use is written to once in so many seconds, so its idle limit ends it up to that much early.
TOUCH_S = 60.0

#: How often a worker deletes what has expired, at most.
_SWEEP_S = 60.0

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
        self._https = CookieNames.of(settings.cookie_prefix, secure=True)
        self._http = CookieNames.of(settings.cookie_prefix, secure=False)
        self._limits = limits_of(settings)
        self._touch_s = min(TOUCH_S, self._limits.idle / 4)
        self._remember_s = settings.remember_lifetime.total_seconds()
        self._scan = scan
        self._reporter = Reporter(on_event)
        self._returning = Returning(store, self._limits, self._reporter, end_all_on_theft=end_all_on_theft)
        self._swept_at = float("-inf")

    @property
    def counts(self) -> Counter[str]:
        """Events by kind, requests that joined another one's session, and what could not be stored."""
        return self._reporter.counts

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
                await self._returning.sign_in(sign_in, now)
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
        country: str = "",
    ) -> None:
        """Sign a member in, whose credentials the app has checked. The session gets a new token and keeps its
        data (ASVS 7.2.4), unless they were another member's. Raises ValueError for a member id that cannot be
        one, and StoreUnavailable."""
        member = checked_member(member_id, roles, now)
        _must_be_known(sign_in)
        kept = kept_series(sign_in, member_id, remember)
        another = sign_in.member is not None and sign_in.member.id != member_id
        await self._sweep(now)
        plan = plan_login(
            sign_in,
            member,
            data="{}" if another else self._pack(sign_in.session),
            remember_s=self._remember_s if remember else None,
            kept=kept,
            ended=await self._series_of(sign_in) - {kept},
            user_agent=user_agent,
            country=country,
        )
        sign_in.adopt(await self._store.sign_in(plan.change, self._limits))
        if another:
            sign_in.session.clear()
        sign_in.session.modified = False
        sign_in.cookies |= plan.cookies
        self._reporter.tell("sign_in", now, sign_in)

    async def logout(self, sign_in: SignIn, *, everywhere: bool = False, now: float) -> None:
        """End this session and this browser's remember-me, or all of the member's. Raises StoreUnavailable."""
        _must_be_known(sign_in)
        await self._store.end_session(sign_in.key or "", await self._series_of(sign_in))
        if everywhere and sign_in.member is not None:
            await self._store.end_sessions(sign_in.member.id)
        if sign_in.member is not None:
            self._reporter.tell("sign_out", now, sign_in)
        names = sign_in.names
        sign_in.member = sign_in.key = sign_in.series = None
        sign_in.session.clear()
        sign_in.session.modified = False
        sign_in.cookies = {names.session: remove_session(names), names.remember: remove_remember(names)}

    async def save(self, sign_in: SignIn, now: float) -> list[str]:
        """Store a session that was changed, and give the Set-Cookie values for the response, each once. In the
        ordinary case: nothing to store, nothing to set, nothing awaited.

        An outage costs the change and not the response: it is logged and counted, ``sign_in.unavailable`` tells of
        it, and what is to be set all the same is given. Raises what ``pack`` raises for data that is no JSON.
        """
        if sign_in.session.modified:
            try:
                await self._persist(sign_in, now)
            except StoreUnavailable as error:
                sign_in.unavailable = True
                self._reporter.counts["unsaved"] += 1
                _log.error("a change of request.session was lost: %s", error)
        if not sign_in.cookies:
            return []
        cookies, sign_in.cookies = list(sign_in.cookies.values()), {}
        return cookies

    async def end_sessions(self, member_id: str, *, except_current: SignIn | None = None) -> int:
        """End all sessions and remembered browsers of a member, on every worker at once (ASVS 7.4.2, 7.4.3,
        7.4.5); how many sessions there were. Raises StoreUnavailable, and ValueError as ``login`` does."""
        but = (except_current.key, except_current.series) if except_current else (None, None)
        ended = await self._store.end_sessions(checked_id(member_id), but=but[0], but_series=but[1])
        _log.info("ended %d sessions of a member", ended)
        return ended

    async def end_session(self, member_id: str, session: str) -> bool:
        """End one of a member's sessions or remembered browsers by its ``SessionInfo.id``; False: there is none.
        Raises StoreUnavailable."""
        ended = await end_one(self._store, checked_id(member_id), session)
        _log.info("ended session=%s", session if ended else "none")
        return ended

    async def dismiss_notices(self, sign_in: SignIn) -> None:
        """The member has been told. Raises StoreUnavailable."""
        if sign_in.member is not None and sign_in.notices:
            await self._store.dismiss_notices(sign_in.member.id)
        sign_in.notices = []

    async def set_roles(self, member_id: str, roles: Iterable[str]) -> None:
        """Give a member these roles in all sessions, from the next request on (ASVS 8.3.2). Raises StoreUnavailable."""
        await self._store.set_roles(checked_id(member_id), checked_roles(roles))

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
            return self._reporter.tell("unknown_session", now)
        record = await self._store.session(hash_of(token))
        if record is None:
            return self._reporter.tell("unknown_session", now)
        if not self._limits.live(record, now):
            return None
        sign_in.adopt(record)
        if record.data != "{}":
            sign_in.session = Session(unpack(record.data))
        if active and now - record.seen_at >= self._touch_s:
            self._store.touch(record.token_hash, now)
        return None

    # -- the parts of the others

    async def _persist(self, sign_in: SignIn, now: float) -> None:
        session, names = sign_in.session, sign_in.names
        data = self._pack(session)
        if sign_in.unavailable:
            kept = False  # a new session would take the place of the one that nobody could read
        elif sign_in.key is None:
            kept = await self._begin_anonymous(sign_in, data, now)
        elif sign_in.member is not None or session:
            kept = await self._store.save_data(sign_in.key, data)  # what ended meanwhile stays ended
        else:
            await self._store.end_session(sign_in.key)
            sign_in.key, kept = None, True
            sign_in.cookies[names.session] = remove_session(names)
        session.modified = False
        if not kept:
            self._reporter.counts["unsaved"] += 1

    async def _begin_anonymous(self, sign_in: SignIn, data: str, now: float) -> bool:
        if data == "{}":
            return True
        await self._sweep(now)
        token = new_token()
        record = SessionRecord(token_hash=hash_of(token), created_at=now, seen_at=now, data=data)
        await self._store.add_session(record)
        sign_in.key = record.token_hash
        sign_in.cookies[sign_in.names.session] = set_session(sign_in.names, token)
        return True

    def _pack(self, session: Session) -> str:
        if self._scan is not None:
            for key in [key for key, value in session.items() if self._scan({key: value})]:
                dict.pop(session, key)
                self._reporter.counts["billing"] += 1
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


def _must_be_known(sign_in: SignIn) -> None:
    if sign_in.unavailable:
        raise StoreUnavailable("the store did not answer when this request began; let the member try again")
