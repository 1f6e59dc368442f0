"""The identifier cookie: read, issued where analytics is granted, taken back where it is not."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from footfall.consent.purposes import ANALYTICS
from footfall.cookies import Attributes, CookieNames, Jar, expire, write
from footfall.settings import Settings
from footfall.signing import Keyring
from footfall.visitor import Visitor, arrive, first_visit, from_content, remaining, to_content


class Identifiers:
    """Recognises visitors and writes their cookie."""

    def __init__(self, settings: Settings) -> None:
        self._signer = Keyring(settings.secret_keys).signer("visitor", from_content)
        self._lifetime = settings.visitor_lifetime.total_seconds()
        self._idle = settings.visit_idle.total_seconds()

    def recognise(self, jar: Jar, names: CookieNames, granted: Collection[str], now: float) -> Visitor | None:
        """The visitor as of this request: known, new, or, where analytics is not granted, nobody."""
        if ANALYTICS.name not in granted:
            return None
        known = self._read(jar, names, now)
        return first_visit(now) if known is None else arrive(known, now, self._idle)

    def set_cookies(self, jar: Jar, names: CookieNames, visitor: Visitor | None, now: float) -> list[str]:
        """The ``Set-Cookie`` value that is wanted, if any: only when something changed."""
        if visitor is None:
            return [expire(names.visitor, Attributes(secure=names.secure))] if names.visitor in jar else []
        if self._read(jar, names, now) is visitor:
            return []
        max_age = timedelta(seconds=remaining(visitor, now, self._lifetime))
        value = self._signer.sign(to_content(visitor))
        return [write(names.visitor, value, Attributes(max_age=max_age, secure=names.secure))]

    def _read(self, jar: Jar, names: CookieNames, now: float) -> Visitor | None:
        value = jar.get(names.visitor)
        visitor = self._signer.verify(value) if value else None
        return visitor if visitor is not None and remaining(visitor, now, self._lifetime) > 0 else None
