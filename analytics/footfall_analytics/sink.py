"""The sink that an app is given: every event into the journal, and the journal into ClickHouse."""

from __future__ import annotations

import atexit
import logging
import math
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from clickhouse_connect.driver.exceptions import ClickHouseError

from footfall.event import Drop, Event
from footfall_analytics.clickhouse import ClickHouseUnavailable, parse_target
from footfall_analytics.journal import DEFAULT_QUOTA, KEEP_EVERY, Journal
from footfall_analytics.metrics import Metrics, measure
from footfall_analytics.shipper import Shipper, elected

log = logging.getLogger("footfall.journal")

_SERVER_JOURNAL = Path("footfall-data/journal")

#: How long a worker that stops waits for its last events to be shipped; they are safe in the journal anyway.
_SERVER_PATIENCE = 2.0  # seconds

#: After so long no further batch is begun.
_LAST_ROUND = 2.0  # seconds

#: The embedded engine has no network to wait for, and a process must not end in the middle of it.
_EMBEDDED_PATIENCE = 60.0  # seconds


#: Rounds of the keeper between two calls of ``on_metrics``.
_TELL_EVERY = 10


#: Asked of the kernel once for each process, and not for each event.
_process_id = os.getpid()


def _learn_process_id() -> None:
    global _process_id
    _process_id = os.getpid()


os.register_at_fork(after_in_child=_learn_process_id)


def journal_of(url: str) -> Path:
    """Where the journal for a ClickHouse lies unless told otherwise: beside the engine's directory, or under
    ``footfall-data`` for a server. Raises ValueError for a URL that is none."""
    target = parse_target(url)
    return target.path.with_name("journal") if target.path is not None else _SERVER_JOURNAL


class ClickHouse:
    """Records events in ClickHouse: ``Footfall(..., sink=ClickHouse("chdb:footfall-data/clickhouse"))``.

    ``url`` names an embedded engine (``chdb:relative/path`` or ``chdb:///absolute/path``) or a server
    (``clickhouses://user:password@host:8443/footfall``). ``journal`` is where events wait, ``quota`` how many
    bytes of them may; over it the newest are dropped and counted. With ``ship=False`` this process only
    writes, and ``footfall ship`` does the rest. ``on_metrics`` is called with the figures of ``metrics()`` every ten
    seconds, in a thread of each worker. Raises ValueError for a URL that is none.
    """

    def __init__(
        self,
        url: str,
        *,
        journal: str | os.PathLike[str] | None = None,
        quota: int = DEFAULT_QUOTA,
        ship: bool = True,
        on_metrics: Callable[[Metrics], None] | None = None,
    ) -> None:
        self.url = url
        self.journal = Journal(Path(journal) if journal is not None else journal_of(url), quota=quota)
        self._embedded = parse_target(url).path is not None
        self._ship = ship
        self._on_metrics = on_metrics
        self._pid = 0  # of the process that the threads run in
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._starting = threading.Lock()

    def open(self) -> None:
        """Start the keeper and the shipper of this worker, once."""
        with self._starting:
            if self._pid == _process_id:
                return
            self._stop = threading.Event()
            self._threads = [threading.Thread(target=self._keep, name="footfall-keeper", daemon=True)]
            if self._ship:
                shipper = Shipper(self.url, self.journal.directory)
                run = threading.Thread(target=shipper.run, args=(self._stop,), name="footfall-shipper", daemon=True)
                self._threads.append(run)
            for thread in self._threads:
                thread.start()
            self._pid = _process_id
            atexit.register(self.close)

    def record(self, event: Event) -> None:
        """Write the event to the journal: when this returns, it survives the death of the process."""
        self.journal.append(event)
        if self._pid != _process_id:
            self.open()

    def drop(self, drop: Drop) -> None:
        """Count a request that becomes no row, in the journal as well."""
        self.journal.count(drop)
        if self._pid != _process_id:
            self.open()

    def metrics(self) -> Metrics:
        """How the way of the events is doing, over all workers that share the journal. It looks at the disk."""
        return measure(self.journal.directory, quota=self.journal.quota)

    def close(self) -> None:
        """Seal the journal, and ship it where that is a matter of a moment."""
        if self._pid != _process_id:
            return
        self._pid = 0
        atexit.unregister(self.close)
        self._stop.set()
        until = time.monotonic() + (_EMBEDDED_PATIENCE if self._embedded else _SERVER_PATIENCE)
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        self.journal.close()
        if self._ship:
            last = threading.Thread(target=self._ship_last, daemon=True)
            last.start()
            last.join(max(0.0, until - time.monotonic()))

    def _ship_last(self) -> None:
        ship_pending(self.url, self.journal.directory, within=_LAST_ROUND)

    def _keep(self) -> None:
        stop = self._stop
        rounds = 0
        while not stop.wait(KEEP_EVERY):
            rounds += 1
            try:
                self.journal.keep()
                if self._on_metrics is not None and rounds % _TELL_EVERY == 0:
                    self._on_metrics(self.metrics())
            except Exception:  # nobody would seal, and nothing would be shipped, until the next start
                log.exception("the journal %s could not be looked after; it is tried again", self.journal.directory)


def ship_pending(url: str, journal: Path, *, within: float = math.inf) -> bool:
    """Ship what waits in a journal that nobody else is shipping; whether all of it was.

    No further batch is begun after ``within`` seconds.
    """
    until = time.monotonic() + within
    if not journal.is_dir():
        return True
    with elected(journal) as mine:
        if not mine:
            return False
        shipper = Shipper(url, journal)
        try:
            shipper.ship_once(lambda: time.monotonic() > until)
        except (ClickHouseUnavailable, ClickHouseError, OSError):
            return False
        finally:
            shipper.disconnect()
    return time.monotonic() <= until
