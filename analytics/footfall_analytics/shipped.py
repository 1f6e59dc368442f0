"""What was shipped: of one batch, and of all since the journal began, in a file that every process can read."""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

_FILE = "shipped.json"


@dataclass(frozen=True, slots=True)
class Shipped:
    """What was shipped. ``outcomes`` counts requests: ``row``, or the reason why they became none."""

    rows: int = 0
    batches: int = 0
    rejected: int = 0  # of the batches: ClickHouse refused them for good
    outcomes: Counter[str] = field(default_factory=Counter)

    @property
    def requests(self) -> int:
        return self.outcomes.total()

    def __add__(self, other: Shipped) -> Shipped:
        return Shipped(
            self.rows + other.rows,
            self.batches + other.batches,
            self.rejected + other.rejected,
            self.outcomes + other.outcomes,
        )


class ShippedSoFar(msgspec.Struct, frozen=True, kw_only=True):
    """All that was shipped from a journal, and when the last time was. Counts only grow; a crash may forget the last
    batch, because the exact figures are in ClickHouse (``footfall report accounting``)."""

    rows: int = 0
    batches: int = 0
    rejected: int = 0
    outcomes: dict[str, int] = {}
    at: float = 0.0  # of the last acknowledgement, Unix time in seconds; 0 is never
    failing_since: float = 0.0  # Unix time in seconds; 0 while ClickHouse takes what it is sent

    def with_more(self, shipped: Shipped, now: float) -> ShippedSoFar:
        return ShippedSoFar(
            rows=self.rows + shipped.rows,
            batches=self.batches + shipped.batches,
            rejected=self.rejected + shipped.rejected,
            outcomes=dict(Counter(self.outcomes) + shipped.outcomes),
            at=now,
        )

    def well(self) -> ShippedSoFar:
        return msgspec.structs.replace(self, failing_since=0.0)

    def failing(self, now: float) -> ShippedSoFar:
        return msgspec.structs.replace(self, failing_since=self.failing_since or now)


def read_shipped(journal: Path) -> ShippedSoFar:
    """What the shipper wrote down; nothing yet where it wrote none, or where that is damaged."""
    try:
        return msgspec.json.decode((journal / _FILE).read_bytes(), type=ShippedSoFar)
    except (OSError, msgspec.DecodeError):
        return ShippedSoFar()


def write_shipped(journal: Path, so_far: ShippedSoFar) -> None:
    """Write it down for all to read. A disk that is full costs figures, and no events."""
    new = journal / f"{_FILE}.{os.getpid()}"
    with contextlib.suppress(OSError):
        new.write_bytes(msgspec.json.encode(so_far))
        new.replace(journal / _FILE)
