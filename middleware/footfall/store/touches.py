"""Sessions that were used: noted at once, and written together."""

from __future__ import annotations

import threading

#: Touches wait so long for company: one transaction for all sessions that were used meanwhile.
TOUCH_DELAY_S = 1.0


class Touches:
    """By hash, when each session was last used. May be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._touched: dict[str, float] = {}

    def note(self, token_hash: str, now: float) -> bool:
        """True for the first since the last ``take``: somebody must take them in a while."""
        with self._lock:
            first = not self._touched
            self._touched[token_hash] = now
        return first

    def take(self) -> dict[str, float]:
        with self._lock:
            touched, self._touched = self._touched, {}
        return touched
