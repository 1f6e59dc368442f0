"""Upkeep: the policy is noted where the command line finds it, and what need not be kept any longer goes."""

from __future__ import annotations

from datetime import timedelta

from footfall.consent.purposes import Policy
from footfall.consent.records import DELETED_AT_ONCE, StatedPolicy
from footfall.cookies import LONGEST_LIFETIME
from footfall.store import Store, StoreUnavailable
from footfall.store.records import Limits

#: Each worker looks for what is past its retention so often.
EVERY_S = 6 * 3600.0

#: Transactions of one run; what is left waits for the next.
_MOST_AT_ONCE = 100


class Upkeep:
    """What one worker does beside its requests. ``kept`` is how long records stay, ``limits`` are the sessions'."""

    def __init__(self, store: Store, *, site: str, policy: Policy, kept: timedelta, limits: Limits) -> None:
        self._store = store
        self._site = site
        self._policy = policy
        self._kept_s = kept.total_seconds()
        self._limits = limits
        self._noted = False
        self._swept_at = float("-inf")

    async def run(self, now: float) -> None:
        """Do what is due. Raises StoreUnavailable; then it is due still."""
        if not self._noted:
            await self._store.state_policy(stated(self._policy, self._site, now))
            self._noted = True
        if not 0 <= now - self._swept_at < EVERY_S:
            self._swept_at, before = now, self._swept_at  # whoever comes meanwhile need not sweep too
            try:
                await self._sweep(now)
            except StoreUnavailable:
                self._swept_at = before
                raise

    async def _sweep(self, now: float) -> None:
        for _ in range(_MOST_AT_ONCE):
            if await self._store.delete_consent_records(now - self._kept_s, now=now) < DELETED_AT_ONCE:
                break
        # No browser keeps a cookie longer, and no choice counts longer: a replay is too old whatever it says.
        await self._store.prune_superseded(now - LONGEST_LIFETIME.total_seconds())
        await self._store.sweep(now, self._limits)  # sign-ins do it too, but a quiet site may have none for months


def stated(policy: Policy, site: str, now: float) -> StatedPolicy:
    """The policy as the store keeps it."""
    effective = policy.effective.isoformat() if policy.effective else ""
    return StatedPolicy(site, policy.version, effective, policy.changes_in("en"), policy.url, now)
