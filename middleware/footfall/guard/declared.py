"""Which purpose a cookie serves: the declarations of the settings, looked up by name. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from footfall.consent.purposes import Cookie

#: Names seen and resolved; a visitor can invent more, so the memory of them is bounded.
_REMEMBERED = 1024

#: No declaration is for a longer one.
_LONGEST_NAME = 256


class Declarations:
    """The declared cookies: exact names first, then patterns in the order they were declared."""

    def __init__(self, cookies: Sequence[Cookie], own: Iterable[str]) -> None:
        self._exact = {cookie.name: cookie for cookie in reversed(cookies) if not cookie.is_pattern}
        self._patterns = [cookie for cookie in cookies if cookie.is_pattern]
        self._resolved: dict[str, Cookie | None] = {}
        self.own = frozenset(own)

    def find(self, name: str) -> Cookie | None:
        """The declaration a name falls under, or ``None``."""
        exact = self._exact.get(name)
        if exact is not None or not self._patterns:
            return exact
        if len(name) > _LONGEST_NAME:
            return None
        if name not in self._resolved:
            self._remember(name, next((cookie for cookie in self._patterns if cookie.matches(name)), None))
        return self._resolved[name]

    def _remember(self, name: str, cookie: Cookie | None) -> None:
        if len(self._resolved) >= _REMEMBERED:
            self._resolved.clear()
        self._resolved[name] = cookie
