"""What a sign-in with credentials changes: decided here, stored by ``Sessions.login``. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

from footfall.sessions.member import Member, checked_id
from footfall.sessions.session_cookies import remove_remember, set_remember, set_session
from footfall.sessions.sign_in import SignIn
from footfall.sessions.tokens import RememberToken, hash_of, new_remember_token, new_token
from footfall.store.records import SeriesRecord, SessionRecord, SignInChange

_LONGEST_USER_AGENT = 256


@dataclass(frozen=True, kw_only=True, slots=True)
class LoginPlan:
    change: SignInChange
    cookies: dict[str, str]


def checked_member(member_id: str, roles: Iterable[str], now: float) -> Member:
    """Raises ValueError, as the two checks do."""
    return Member(id=checked_id(member_id), roles=checked_roles(roles), authenticated_at=now)


def checked_roles(roles: Iterable[str]) -> frozenset[str]:
    given = frozenset(() if isinstance(roles, str) else roles)
    if isinstance(roles, str) or not all(isinstance(role, str) for role in given):
        raise ValueError("roles: several str, as in roles=('editor',); one str would be taken for its letters")
    return given


def kept_series(sign_in: SignIn, member_id: str, remember: bool) -> str | None:
    """The series that goes on: a member who gives the credentials once more stays remembered."""
    again = sign_in.member is not None and sign_in.member.id == member_id
    return sign_in.series if again and not remember else None


def plan_login(
    sign_in: SignIn,
    member: Member,
    *,
    data: str,
    remember_s: float | None,
    kept: str | None,
    ended: Set[str],
    user_agent: str,
    country: str = "",
) -> LoginPlan:
    """``remember_s``: how long to remember the browser, in seconds; None: not. ``data``: the session's."""
    token = new_token()
    remember = new_remember_token() if remember_s is not None else None
    session = SessionRecord(
        token_hash=hash_of(token),
        member_id=member.id,
        roles=member.roles,
        authenticated_at=member.authenticated_at,
        created_at=member.authenticated_at,
        seen_at=member.authenticated_at,
        series=remember.series if remember else kept,
        data=data,
        user_agent=user_agent[:_LONGEST_USER_AGENT],
        country=country,
    )
    change = SignInChange(
        session=session,
        replaces=sign_in.key,
        series=_series(session, remember_s) if remember_s is not None else None,
        token_hash=remember.hash if remember else "",
        ends_series=tuple(ended),
    )
    return LoginPlan(change=change, cookies=_cookies(sign_in, token, remember, remember_s, kept))


def _series(session: SessionRecord, remember_s: float) -> SeriesRecord:
    return SeriesRecord(
        series=session.series or "",
        member_id=session.member_id,
        roles=session.roles,
        authenticated_at=session.authenticated_at,
        created_at=session.created_at,
        expires_at=session.created_at + remember_s,
        exchanged_at=session.created_at,
        session_hash=session.token_hash,
        user_agent=session.user_agent,
        country=session.country,
    )


def _cookies(
    sign_in: SignIn, token: str, remember: RememberToken | None, remember_s: float | None, kept: str | None
) -> dict[str, str]:
    names = sign_in.names
    cookies = {names.session: set_session(names, token)}
    if remember is not None and remember_s is not None:
        cookies[names.remember] = set_remember(names, remember.cookie, remember_s)
    elif kept is None and sign_in.presented is not None:
        cookies[names.remember] = remove_remember(names)
    return cookies
