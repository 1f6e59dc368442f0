"""What one inspection has found: each piece of data once, trusted identifiers left out, and nothing repeated."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from fnmatch import translate
from functools import lru_cache

from footfall.guard.billing.finding import MASKED, Finding, Kind, safe_name
from footfall.guard.billing.place import Place, Steps, path_of


class Report:
    """The findings of one cookie. ``seen`` may be shared, so that several report one piece of data once."""

    __slots__ = ("_cookie", "_expiries", "_seen", "_trusted", "found")

    def __init__(self, cookie: str, trusted: re.Pattern[str] | None, seen: set[str] | None) -> None:
        self._cookie = cookie
        self._trusted = trusted
        self._seen = seen
        self.found: list[tuple[Kind, Steps, str]] = []
        self._expiries: list[Steps] = []

    def add(self, kind: Kind, place: Place, data: str, *, trustable: bool = False) -> None:
        """``trustable``: nothing but its digits makes a number a card's."""
        if trustable and self._trusted is not None and self._trusted.fullmatch(self._full_path(place)):
            return
        if self._seen is None:
            self._seen = set()
        fingerprint = f"{kind}{data}"
        if fingerprint not in self._seen:
            self._seen.add(fingerprint)
            self.found.append((kind, place.steps, data[-2:] if kind in ("card_number", "iban") else ""))

    def add_expiry(self, place: Place) -> None:
        """An expiry date is billing data beside a card number only, which may be found later."""
        self._expiries.append(place.steps)

    def findings(self, holds_data: Callable[[str], bool]) -> list[Finding]:
        """``holds_data`` says whether the cookie's own name is to be masked."""
        if not self.found:
            return []
        name = MASKED if holds_data(self._cookie) else safe_name(self._cookie)
        found = self.found + [("expiry", steps, "") for steps in self._beside_cards()]
        return [Finding(kind, name, path_of(steps), last) for kind, steps, last in found]

    def _beside_cards(self) -> list[Steps]:
        cards = [steps for kind, steps, _ in self.found if kind == "card_number"]
        records = {steps[:length] for steps in cards for length in range(len(steps))}
        return [steps for steps in self._expiries if steps[:-1] in records]

    def _full_path(self, place: Place) -> str:
        return f"{self._cookie}>{path_of(place.steps)}"


@lru_cache(maxsize=64)
def _compiled(trusted: tuple[str, ...]) -> re.Pattern[str]:
    whole = (pattern if ">" in pattern else f"{pattern}>*" for pattern in trusted)
    return re.compile("|".join(translate(pattern) for pattern in whole))


def trusted_pattern(trusted_ids: Collection[str]) -> re.Pattern[str] | None:
    """Cookie names and paths (``cookie>value>json>key``, with ``*``) whose bare numbers are identifiers."""
    return _compiled(tuple(trusted_ids)) if trusted_ids else None
