"""An administrator's view of members, outside of any request: for a job, a shell or the command line (ASVS 7.4.5)."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from datetime import timedelta
from types import TracebackType

from footfall.sessions.devices import SessionInfo, devices, end_one
from footfall.sessions.login_plan import checked_roles
from footfall.sessions.member import checked_id
from footfall.store import open_store
from footfall.store.records import Limits


class Members:
    """Sees and ends the sessions of members, in the store that the site uses; it holds on every worker at once.

    ``store`` is the URL of ``Settings.store``; where the site's own ``session_idle`` and ``session_absolute`` differ
    from the defaults, give them, or sessions are listed by other limits than the site's. Use it as an asynchronous
    context manager. Raises ValueError for a URL that names no store; every method raises StoreUnavailable, and
    ValueError for an id that can be no member's.
    """

    def __init__(
        self,
        store: str,
        *,
        session_idle: timedelta = timedelta(minutes=30),
        session_absolute: timedelta = timedelta(hours=24),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = open_store(store)
        self._limits = Limits(
            idle=session_idle.total_seconds(), absolute=session_absolute.total_seconds(), per_member=1
        )
        self._clock = clock

    async def __aenter__(self) -> Members:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store. A later use opens it again."""
        self._store.close()

    async def sessions(self, member_id: str) -> list[SessionInfo]:
        """A member's live sessions and remembered browsers, the last seen first."""
        sessions, series = await self._store.sessions_of(checked_id(member_id)), await self._store.series_of(member_id)
        return devices(sessions, series, now=self._clock(), limits=self._limits, current=None)

    async def end_session(self, member_id: str, session: str) -> bool:
        """End one of a member's sessions or remembered browsers by its ``SessionInfo.id``; False: there is none."""
        return await end_one(self._store, checked_id(member_id), session)

    async def end_sessions(self, member_id: str) -> int:
        """End all sessions and remembered browsers of a member (ASVS 7.4.2); how many sessions there were."""
        return await self._store.end_sessions(checked_id(member_id))

    async def set_roles(self, member_id: str, roles: Collection[str]) -> None:
        """Give a member these roles in all sessions, from the next request on (ASVS 8.3.2)."""
        await self._store.set_roles(checked_id(member_id), checked_roles(roles))
