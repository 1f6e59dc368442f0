"""The throttle of the sign-in: a bounded number of guesses, counted across all workers.

Guesses are counted before they are checked, so that a hundred at once are a hundred. Who guessed is kept as a keyed
hash only: the file holds neither names nor addresses.
"""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
from contextlib import closing
from pathlib import Path

WINDOW = 15 * 60  # seconds

#: Guesses in one window: for a name from one address, for all names from it, for a name from anywhere.
FOR_BOTH, FOR_ADDRESS, FOR_NAME = 5, 50, 100

#: Rows kept; over it the oldest go. An attacker can fill the table, not the disk.
_MOST_ROWS = 10_000

_TABLE = "CREATE TABLE IF NOT EXISTS guesses (who BLOB PRIMARY KEY, made INTEGER NOT NULL, since REAL NOT NULL)"

_COUNT = """
INSERT INTO guesses VALUES (:who, 1, :now) ON CONFLICT (who) DO UPDATE SET
    made = iif(since > :now - :window, made + 1, 1),
    since = iif(since > :now - :window, since, :now)
RETURNING made, since
"""

_PRUNE = """
DELETE FROM guesses WHERE since <= :now - :window
    OR who IN (SELECT who FROM guesses ORDER BY since DESC LIMIT -1 OFFSET :most)
"""


class Throttle:
    """Counts guesses. Its methods block for one small write."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key
        with closing(self._connect()) as connection:
            connection.execute(_TABLE)
        path.chmod(0o600)

    def count(self, name: str, address: str, now: float) -> int:
        """Count one guess. 0: go on; else the seconds to wait until the next one is looked at."""
        waits = [0.0]
        with closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            for who, most in self._counted(name, address):
                made, since = connection.execute(_COUNT, {"who": who, "now": now, "window": WINDOW}).fetchone()
                if made > most:
                    waits.append(since + WINDOW - now)
            connection.execute(_PRUNE, {"now": now, "window": WINDOW, "most": _MOST_ROWS})
            connection.execute("COMMIT")
        return round(max(waits))

    def forgive(self, name: str, address: str) -> None:
        """Take back the guess of somebody who got it right, and all that they made for this name from here."""
        (both, _), *others = self._counted(name, address)
        with closing(self._connect()) as connection:
            connection.execute("DELETE FROM guesses WHERE who = ?", (both,))
            connection.executemany("UPDATE guesses SET made = made - 1 WHERE who = ?", [(who,) for who, _ in others])

    def _counted(self, name: str, address: str) -> tuple[tuple[bytes, int], ...]:
        return (
            (self._who("both", name, address), FOR_BOTH),
            (self._who("address", address), FOR_ADDRESS),
            (self._who("name", name), FOR_NAME),
        )

    def _who(self, *parts: str) -> bytes:
        text = "\0".join(part.casefold() for part in parts)
        return hmac.new(self._key, text.encode(), hashlib.sha256).digest()[:16]

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=10, isolation_level=None)
