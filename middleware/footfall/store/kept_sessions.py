"""Sessions that were read a moment ago, so that a member's next request need not ask SQLite.

A row is believed while nothing was written since it was read (``Generation``): a session that is ended on any worker
is refused at once on all (ASVS 7.4.1). And it is believed no longer than ``BELIEVED_S``, for what tells nobody: a
writer with another tool, or one that was killed between its commit and its word.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from footfall.store.generation import Generation
from footfall.store.records import SessionRecord

#: How long a row is believed without asking SQLite, in seconds.
BELIEVED_S = 1.0

_MOST = 4096

#: Characters of data; a longer row is read anew each time, so that the memory is bounded in bytes too.
_LONGEST_DATA = 4096

_Kept = tuple[SessionRecord, bytes, float]


class KeptSessions:
    """The rows of one worker. ``clock`` is monotonic, in seconds. May be used from any thread."""

    def __init__(self, generation: Generation, clock: Callable[[], float] = time.monotonic) -> None:
        self._generation = generation
        self._clock = clock
        self._rows: dict[str, _Kept] = {}
        self._looked_at = float("-inf")

    def find(self, token_hash: str) -> SessionRecord | None:
        """The row, where SQLite would say the same."""
        kept = self._rows.get(token_hash)
        if kept is None:
            return None
        record, generation, until = kept
        return record if self._clock() < until and self._generation.read() == generation else None

    def moment(self) -> tuple[bytes | None, float]:
        """From when a row is that SQLite is asked for now. Taken before it is asked."""
        now = self._clock()
        if now - self._looked_at >= BELIEVED_S:
            self._generation.look_again()
            self._looked_at = now
        return self._generation.read(), now

    def keep(self, record: SessionRecord, moment: tuple[bytes | None, float]) -> None:
        generation, asked_at = moment
        if generation is None or len(record.data) > _LONGEST_DATA:
            return
        self._rows.pop(record.token_hash, None)
        while len(self._rows) >= _MOST:
            self._rows.pop(next(iter(self._rows)), None)  # the oldest: dicts keep insertion order
        self._rows[record.token_hash] = (record, generation, asked_at + BELIEVED_S)

    def forget(self) -> None:
        self._rows.clear()
