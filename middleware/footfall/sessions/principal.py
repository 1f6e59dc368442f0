"""The signed-in member in Starlette's own terms: ``request.user`` and ``request.auth``, for ``@requires``."""

from __future__ import annotations

from starlette.authentication import AuthCredentials, BaseUser, UnauthenticatedUser

from footfall.sessions.member import Member

#: Shared by all anonymous requests: neither object is ever changed.
ANONYMOUS = (UnauthenticatedUser(), AuthCredentials())


class MemberUser(BaseUser):
    """A signed-in member as ``request.user``."""

    def __init__(self, member: Member) -> None:
        self.member = member

    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def display_name(self) -> str:
        return self.member.id

    @property
    def identity(self) -> str:
        return self.member.id


def principal(member: Member | None) -> tuple[BaseUser, AuthCredentials]:
    """The user, and the scopes ``authenticated`` and one for each role."""
    if member is None:
        return ANONYMOUS
    return MemberUser(member), AuthCredentials(["authenticated", *sorted(member.roles)])
