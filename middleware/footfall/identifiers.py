"""The identifier cookie: read, issued where analytics is granted, taken back where it is not."""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import timedelta

from footfall.consent.purposes import ANALYTICS
from footfall.cookies import Attributes, CookieNames, Jar, expire, write
from footfall.settings import Settings
from footfall.signing import Keyring
from footfall.visitor import NOTED_EVERY, Visitor, arrive, first_visit, from_content, remaining, to_content


class Identifiers:
    """Recognises visitors and writes their cookie."""

    def __init__(self, settings: Settings) -> None:
        self._signer = Keyring(settings.secret_keys).signer("visitor", from_content)
        self._lifetime = settings.visitor_lifetime.total_seconds()
        self._idle = settings.visit_idle.total_seconds()
        self._unchanged = min(NOTED_EVERY, self._idle)  # seconds after a request in which the cookie stays as it is

    def read(self, jar: Jar, names: CookieNames, now: float) -> Visitor | None:
        """The visitor that a cookie of ours names, while it may live."""
        value = jar.get(names.visitor)
        if value is None:
            return None
        visitor = self._signer.verify(value)
        return visitor if visitor is not None and remaining(visitor, now, self._lifetime) > 0 else None

    def recognise(self, known: Visitor | None, granted: Collection[str], now: float) -> Visitor | None:
        """The visitor as of this request: known, new, or, where analytics is not granted, nobody."""
        if ANALYTICS.name not in granted:
            return None
        if known is None:
            return first_visit(now)
        return known if now - known.seen_at <= self._unchanged else arrive(known, now, self._idle)

    def until(self, known: Visitor | None, visitor: Visitor | None, now: float) -> float:
        """Until when ``read`` and ``recognise`` would say the same again, Unix time; ``now``: not at all."""
        if visitor is not None and visitor is not known:
            return now
        ends = math.inf if known is None else known.issued_at + self._lifetime
        return ends if visitor is None else min(ends, visitor.seen_at + self._unchanged)

    def set_cookies(self, jar: Jar, names: CookieNames, visitor: Visitor | None, now: float) -> list[str]:
        """The ``Set-Cookie`` value for a visitor who is not the one the cookie says; the removal for nobody."""
        if visitor is None:
            return [expire(names.visitor, Attributes(secure=names.secure))] if names.visitor in jar else []
        max_age = timedelta(seconds=remaining(visitor, int(now), self._lifetime))
        value = self._signer.sign(to_content(visitor))
        return [write(names.visitor, value, Attributes(max_age=max_age, secure=names.secure))]
