"""What became of the requests of a batch: counted by day, site and outcome, on the way to the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import lru_cache

from footfall.event import REQUEST_KINDS, Drop, DropReason, Event

_DAY_MS = 86_400_000

#: ClickHouse's DateTime64(3) ends with the year 2299; a time beyond it is an accident and counts as the beginning.
_LAST_DAY = (datetime(2300, 1, 1, tzinfo=UTC).timestamp() * 1000) // _DAY_MS


class Tally:
    """Requests by day (UTC), site and outcome: ``row``, or why they are none."""

    def __init__(self, began_ms: int) -> None:
        self.counts: Counter[tuple[int, str, str]] = Counter()  # by day since 1970
        self._began_ms = began_ms  # of the batch: when a torn line happened that nothing whole precedes

    def events(self, records: Iterable[Event | Drop | None]) -> Iterator[Event]:
        """The events among the records; every request and every drop is counted on the way, None as torn."""
        counts, day, site = self.counts, self._began_ms // _DAY_MS, ""
        for record in records:
            if record is None:
                counts[day, site, "torn"] += 1
                continue
            day, site = record.time_ms // _DAY_MS, record.site
            if isinstance(record, Drop):
                counts[day, site, record.reason] += record.count
                continue
            if record.kind in REQUEST_KINDS:
                counts[day, site, "row"] += 1
            yield record

    def took_back(self, event: Event, reason: DropReason) -> None:
        """An event that was counted becomes no row after all."""
        if event.kind in REQUEST_KINDS:
            day = event.time_ms // _DAY_MS
            self.counts[day, event.site, "row"] -= 1
            self.counts[day, event.site, reason] += 1

    def outcomes(self) -> Counter[str]:
        """Requests by outcome, of all days and sites together."""
        outcomes: Counter[str] = Counter()
        for (_, _, outcome), count in self.counts.items():
            outcomes[outcome] += count
        return outcomes

    def rows(self) -> list[tuple[date, str, str, int]]:
        """Day, site, outcome and how many, in an order that is always the same."""
        days: Counter[tuple[date, str, str]] = Counter()  # all that is beyond any calendar is one day
        for (day, site, outcome), count in self.counts.items():
            days[_day(day), site, outcome] += count
        return [(*key, count) for key, count in sorted(days.items()) if count]


def day_of(time_ms: int) -> date:
    """The day in UTC."""
    return _day(time_ms // _DAY_MS)


@lru_cache(maxsize=4096)
def _day(days: int) -> date:
    return datetime.fromtimestamp(days * 86_400 if 0 <= days < _LAST_DAY else 0, UTC).date()
