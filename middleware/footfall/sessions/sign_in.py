"""Who a request comes from, as far as the session says."""

from __future__ import annotations

from functools import lru_cache

from footfall.cookies import CookieNames
from footfall.sessions.member import Member
from footfall.sessions.session import Session
from footfall.store.records import How, SessionRecord


@lru_cache(maxsize=1024)
def _member(member_id: str, roles: frozenset[str], authenticated_at: float, how: How) -> Member:
    """Members are immutable, and one asks for many pages; what is in here was read from the store."""
    return Member(id=member_id, roles=roles, authenticated_at=authenticated_at, how=how)


class SignIn:
    """The sign-in state of one request; ``Sessions`` makes and changes it, everybody may read it.

    ``unavailable``: the store did not answer, so nobody knows; protected paths must answer 503.
    ``notices``: what the member must be told, such as ``"theft"``, until ``Sessions.dismiss_notices``.
    """

    member: Member | None = None
    unavailable = False
    key: str | None = None  # the hash of the session's token
    series: str | None = None  # of the session

    def __init__(self, names: CookieNames, presented: str | None = None) -> None:
        self.session = Session()
        self.names = names
        self.presented = presented  # the remember-me cookie, as it came
        self.notices: list[str] = []
        self.cookies: dict[str, str] = {}  # what the response will set, by cookie name

    def adopt(self, record: SessionRecord) -> None:
        """Take the session's record for this request's."""
        self.key = record.token_hash
        self.series = record.series
        self.notices = record.notices.split()
        self.member = None
        if record.member_id:
            self.member = _member(record.member_id, record.roles, record.authenticated_at, record.how)

    @property
    def degraded(self) -> tuple[str, ...]:
        """What does not work now, by key."""
        return ("store_down",) if self.unavailable else ()

    def __repr__(self) -> str:
        return f"<SignIn member={'yes' if self.member else 'no'} unavailable={self.unavailable}>"
