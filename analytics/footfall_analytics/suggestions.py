"""Suggestions for visitors: what those who used one document used as well, from memory, and never waiting.

    suggestions = Suggestions("chdb:footfall-data/clickhouse", kind="document")
    suggestions.beside(request.state.visit, "price-list.pdf")   # ["terms.pdf", "order-form.pdf"]

Only rows that were granted for the purpose are looked at, and only a visitor who grants it sees any: it is
personalisation, and it needs a choice of its own.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Protocol

from clickhouse_connect.driver.exceptions import Error as ClickHouseError

from footfall_analytics.clickhouse import ClickHouseUnavailable
from footfall_analytics.reports import Reports
from footfall_analytics.reports.special import USED

log = logging.getLogger("footfall.suggestions")

#: What is kept in memory at most: so many things, each with a few companions.
_MOST_ITEMS = 10_000

#: Where ClickHouse did not answer, it is asked again sooner.
_TRY_AGAIN = 60.0  # seconds


class _Consent(Protocol):
    def allows(self, purpose: str) -> bool: ...


class Visiting(Protocol):
    """What is asked of ``request.state.visit``."""

    @property
    def consent(self) -> _Consent: ...


class Suggestions:
    """What is used together with what, kept in memory and renewed in the background.

    ``kind`` is "document", "database" or "page_view"; ``purpose`` that of the site's settings under which suggestions
    are made; ``days`` how far back is looked; ``each`` how many are kept for one thing; ``every`` the seconds between
    two renewals. Nothing is asked of ClickHouse before the first call of ``beside``, and no call waits for it: until
    the first answer is there, and while ClickHouse is away, the last known suggestions are given, or none.
    """

    def __init__(
        self,
        url: str,
        *,
        kind: str = "document",
        purpose: str = "personalization",
        site: str = "",
        days: int = 90,
        each: int = 5,
        every: float = 900.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if days < 1 or each < 1 or every <= 0:
            raise ValueError("days and each are 1 or more, and every is more than 0 seconds")
        if kind not in USED:
            raise ValueError(f"kind {kind!r} is none; give one of {', '.join(USED)}")
        self._url = url
        self._asked = {"kind": kind, "purpose": purpose, "site": site, "since": timedelta(days=days)}
        self._purpose = purpose
        self._each = each
        self._every = every
        self._clock = clock
        self._known: Mapping[str, tuple[str, ...]] = {}
        self._due = float("-inf")
        self._renewing = threading.Lock()

    def beside(self, visit: Visiting, item: str) -> list[str]:
        """What visitors who used ``item`` used as well, the closest first; empty unless the visitor grants the purpose.

        Raises ValueError for a purpose that the site's settings do not have.
        """
        if not visit.consent.allows(self._purpose):
            return []
        self._renew_when_due()
        return list(self._known.get(item, ()))

    def renew(self) -> None:
        """Ask ClickHouse now, and wait for it; for a job, or a test. Raises ``ClickHouseUnavailable``."""
        with Reports(self._url) as reports:
            found = reports.together(**self._asked, limit=_MOST_ITEMS * self._each)  # type: ignore[arg-type]
        known: dict[str, list[str]] = {}
        for row in found:
            known.setdefault(str(row["item"]), []).append(str(row["together_with"]))
        self._known = {item: tuple(others[: self._each]) for item, others in known.items()}

    def _renew_when_due(self) -> None:
        if self._clock() < self._due or not self._renewing.acquire(blocking=False):
            return
        self._due = self._clock() + self._every
        threading.Thread(target=self._renew_quietly, name="footfall-suggestions", daemon=True).start()

    def _renew_quietly(self) -> None:
        try:
            self.renew()
        except (ClickHouseUnavailable, ClickHouseError) as error:
            self._due = self._clock() + min(self._every, _TRY_AGAIN)
            log.warning("suggestions could not be renewed (%s); the last known ones stay", type(error).__name__)
        finally:
            self._renewing.release()
