"""Access rules: who may enter which paths, decided before the app runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from footfall.sessions.member import Member

Decision = Literal["allow", "sign_in", "sign_in_again", "refuse"]


@dataclass(frozen=True, slots=True)
class Access:
    """A rule for a path (``"/account"``) or all paths below it (``"/account/*"``, which includes ``/account``).

    ``member``: somebody must be signed in. ``role``: and have it. ``fresh``: and have given their
    credentials within that time; a remembered member never has (ASVS 7.5.3). ``check``: and the callable
    must say yes. ``Access("/…")`` with nothing else opens a path that a later rule closes: the first match wins.
    """

    path: str
    member: bool = False
    role: str | None = None
    fresh: timedelta | None = None
    check: Callable[[Member], bool] | None = None

    def __post_init__(self) -> None:
        if not self.path.startswith("/"):
            raise ValueError(f"Access({self.path!r}): a path begins with /")
        if "*" in self.path.removesuffix("/*"):
            raise ValueError(f"Access({self.path!r}): a * stands only at the end, as in '/account/*'")
        if self.fresh is not None and self.fresh <= timedelta(0):
            raise ValueError(f"Access({self.path!r}): fresh={self.fresh} lets nobody in; give a positive time")

    @property
    def wants_member(self) -> bool:
        return self.member or self.role is not None or self.fresh is not None or self.check is not None
