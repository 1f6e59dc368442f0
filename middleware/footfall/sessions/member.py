"""Who is signed in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_LONGEST_ID = 256

#: What no database keeps in a text: NUL, and halves of characters, as the command line gives for bytes that are none.
_IMPOSSIBLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A signed-in member, as the session's record says; nothing of it comes from the browser (ASVS 8.3.2)."""

    id: str
    roles: frozenset[str] = frozenset()
    authenticated_at: float  # Unix time of the last sign-in with credentials, seconds
    how: Literal["login", "remembered"] = "login"


def checked_id(member_id: str) -> str:
    """The id, if it can be a member's; the empty one is that of all who are not signed in. Raises ValueError, without
    repeating what was given: it may be somebody's address."""
    if not isinstance(member_id, str) or not 0 < len(member_id) <= _LONGEST_ID or _IMPOSSIBLE.search(member_id):
        raise ValueError(f"member_id: a str of 1 to {_LONGEST_ID} characters; str(user.id) will do")
    return member_id
