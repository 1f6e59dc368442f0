"""How long the sessions of a site live, and how many a member has: its settings, as the store wants them."""

from __future__ import annotations

from footfall.settings import Settings
from footfall.store.records import Limits


def limits_of(settings: Settings) -> Limits:
    return Limits(
        idle=settings.session_idle.total_seconds(),
        absolute=settings.session_absolute.total_seconds(),
        per_member=settings.sessions_per_member,
    )
