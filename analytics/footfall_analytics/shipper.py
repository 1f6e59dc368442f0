"""The shipper: sealed segments of the journal into ClickHouse, each exactly once.

One shipper at a time, elected by a lock in the journal: a thread of one worker, or ``footfall ship``. It keeps
the order: a batch is tried until it is acknowledged, and no other one before it, so that its deduplication
tokens are always among the last that ClickHouse remembers.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from clickhouse_connect.driver.exceptions import ClickHouseError, DatabaseError

from footfall_analytics.clickhouse import ClickHouseUnavailable, Connection, connect, is_final, migrate
from footfall_analytics.delivery import deliver
from footfall_analytics.rights.heeded import erase_late, heeded
from footfall_analytics.segments import Batch, adopt, next_batch
from footfall_analytics.shipped import Shipped, read_shipped, write_shipped

log = logging.getLogger("footfall.shipper")

#: Seconds between two looks for new segments, and between two tries for an election.
LOOK_EVERY = 0.5

#: The longest pause between two tries of a ClickHouse that is away.
_LONGEST_PAUSE = 30.0


class Shipper:
    """Ships one journal to one ClickHouse."""

    def __init__(self, url: str, journal: Path) -> None:
        self._url = url
        self._journal = journal
        self._connection: Connection | None = None
        self._told = False

    # -- one round

    def ship_once(self, enough: Callable[[], bool] = bool) -> Shipped:
        """Ship what is sealed, batch after batch until ``enough()``; how much that was.

        Raises ``ClickHouseUnavailable`` or the client's error where ClickHouse does not take it: the batch
        stays, and the next call tries it again under the same tokens.
        """
        adopt(self._journal)
        shipped = Shipped()
        while not enough() and (batch := next_batch(self._journal)) is not None:
            shipped += self._noted(self._ship(batch))
        return shipped

    def _noted(self, shipped: Shipped) -> Shipped:
        write_shipped(self._journal, read_shipped(self._journal).with_more(shipped, time.time()))
        return shipped

    def _ship(self, batch: Batch) -> Shipped:
        connection = self._connected()
        try:
            shipped = deliver(connection, batch, heeded(connection, batch))
            erase_late(connection, batch)
        except (DatabaseError, ValueError) as error:
            if isinstance(error, DatabaseError) and not is_final(error):
                raise
            log.error("ClickHouse refuses a batch for good; it was set aside in %s: %s", batch.reject(), error)
            return Shipped(batches=1, rejected=1)
        batch.done()
        return shipped

    # -- ClickHouse

    def _connected(self) -> Connection:
        if self._connection is None:
            connection = connect(self._url)
            try:
                migrate(connection.client, connection.database)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def disconnect(self) -> None:
        """Let go of ClickHouse, and with it of the embedded engine."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(ClickHouseError):
                connection.close()

    # -- round after round

    def run(self, stop: threading.Event) -> None:
        """Wait to be elected, then ship until ``stop`` is set. A ClickHouse that is away is tried again, ever
        more slowly; one line in the log says so, and one that it is back."""
        while not stop.is_set():
            with elected(self._journal) as mine:
                if mine:
                    self._rounds(stop)
            stop.wait(LOOK_EVERY)
        self.disconnect()

    def _rounds(self, stop: threading.Event) -> None:
        pause = LOOK_EVERY
        self._told = read_shipped(self._journal).failing_since > 0  # as the shipper before left it
        self._open_early()
        while not stop.is_set():
            try:
                self.ship_once(stop.is_set)
                pause = self._well()
            except (ClickHouseUnavailable, ClickHouseError, OSError) as error:
                if not isinstance(error, DatabaseError):  # an answer, though not the one we wanted
                    self.disconnect()
                pause = self._ill(error, pause)
            except Exception:  # a mistake of ours must not end the shipping of the other batches and days
                log.exception("the journal %s cannot be shipped; it is tried again", self._journal)
                self.disconnect()
                pause = _LONGEST_PAUSE
            stop.wait(pause * random.uniform(0.8, 1.2))  # noqa: S311  (jitter, no secret)
        self.disconnect()

    def _open_early(self) -> None:
        """Whoever asks for a report right after the start should find the engine shared and the tables there."""
        with contextlib.suppress(ClickHouseUnavailable, ClickHouseError, OSError):
            self._connected()

    def _well(self) -> float:
        if self._told:
            write_shipped(self._journal, read_shipped(self._journal).well())
            log.warning("ClickHouse is back; the journal is being shipped")
        self._told = False
        return LOOK_EVERY

    def _ill(self, error: Exception, pause: float) -> float:
        if not self._told:
            write_shipped(self._journal, read_shipped(self._journal).failing(time.time()))
            log.error("events wait in the journal %s: %s", self._journal, str(error).partition("\n")[0])
        self._told = True
        return min(pause * 2, _LONGEST_PAUSE)


@contextlib.contextmanager
def elected(journal: Path) -> Iterator[bool]:
    """Whether this is the one shipper of the journal, for as long as the block lasts."""
    try:
        journal.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(journal / "shipper.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        log.error("the journal %s cannot be shipped: %s", journal, error.strerror)
        yield False
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        mine = True
    except BlockingIOError:
        mine = False
    try:
        yield mine
    finally:
        os.close(lock)
