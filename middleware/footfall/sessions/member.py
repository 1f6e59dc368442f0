"""Who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A signed-in member, as the session's record says; nothing of it comes from the browser (ASVS 8.3.2)."""

    id: str
    roles: frozenset[str] = frozenset()
    authenticated_at: float  # Unix time of the last sign-in with credentials, seconds
    how: Literal["login", "remembered"] = "login"
