"""The store on a PostgreSQL server, for sites on several machines.

A read is one round trip on a connection of the pool; it takes place in a thread, which costs no more than psycopg's
own waiting in the event loop, and serves any number of event loops. What is written together is one transaction.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from footfall.store.connection import Connection
from footfall.store.errors import StoreUnavailable
from footfall.store.handoff import Done, handed_over
from footfall.store.postgresql.address import Address
from footfall.store.postgresql.server import POOL_SIZE, Server
from footfall.store.schema import Migration
from footfall.store.sql_store import SQLStore
from footfall.store.touches import TOUCH_DELAY_S, Touches

T = TypeVar("T")

#: How long a request waits for what it reads, and for what it writes; seconds, all retries included.
READ_PATIENCE_S = 3.0
WRITE_PATIENCE_S = 5.0

#: What is done by night: retention of years of records.
_LONG_S = 3600.0

#: Sessions that somebody else works on are left out: to wait for them could be to wait for each other.
_TOUCH = """
UPDATE sessions SET seen_at = used.at FROM (
    SELECT sessions.token_hash, touched.at FROM unnest(?::text[], ?::float8[]) AS touched (token_hash, at)
    JOIN sessions ON sessions.token_hash = touched.token_hash WHERE seen_at < touched.at
    FOR UPDATE OF sessions SKIP LOCKED
) AS used WHERE sessions.token_hash = used.token_hash
"""


class PostgreSQLStore(SQLStore):
    """A store on the server at ``address``; opened at its first use, by each process for itself."""

    def __init__(self, address: Address) -> None:
        super().__init__()
        self._address = address
        self._server = Server(address)
        self._touches = Touches()
        self._lock = threading.Lock()
        self._threads: ThreadPoolExecutor | None = None
        self._timer: threading.Timer | None = None

    @property
    def place(self) -> str:
        return self._address.place

    def open(self) -> None:
        self._server.preparation.try_again()
        self._server.preparation.ensure(WRITE_PATIENCE_S)

    def close(self) -> None:
        with self._lock:
            timer, self._timer = self._timer, None
            threads, self._threads = self._threads, None
        if timer is not None:
            timer.cancel()
            self._write_touches()
        if threads is not None:
            threads.shutdown()
        self._server.close()

    def pending(self) -> list[Migration]:
        return self._server.pending()

    def try_to_write(self) -> None:
        self._server.try_to_write()

    def bring_up_to_date(self) -> list[Migration]:
        return self._server.bring_up_to_date()

    def touch(self, token_hash: str, now: float) -> None:
        if self._touches.note(token_hash, now):
            with self._lock:
                self._timer = threading.Timer(TOUCH_DELAY_S, self._write_touches)
                self._timer.daemon = True
                self._timer.start()

    async def _read(self, work: Callable[[Connection], T]) -> T:
        deadline = time.monotonic() + READ_PATIENCE_S
        return await self._in_a_thread(lambda: self._server.read(work, deadline))

    async def _write(self, work: Callable[[Connection], T], *, long: bool = False, single: bool = False) -> T:
        deadline = time.monotonic() + (_LONG_S if long else WRITE_PATIENCE_S)
        if single:  # a transaction by itself, in one round trip
            return await self._in_a_thread(lambda: self._server.read(work, deadline))
        return await self._in_a_thread(lambda: self._server.write(work, deadline, _LONG_S if long else 0.0))

    async def _in_a_thread(self, perform: Callable[[], T]) -> T:
        self._server.preparation.refuse()  # in an outage nobody waits for a thread to hear of it
        result: T = await handed_over(lambda done: self._hand(perform, done))
        return result

    def _hand(self, perform: Callable[[], Any], done: Done) -> None:
        with self._lock:
            if self._threads is None:
                self._threads = ThreadPoolExecutor(POOL_SIZE, thread_name_prefix="footfall-store")
            self._threads.submit(_perform, perform, done)

    def _write_touches(self) -> None:
        touched = self._touches.take()
        if not touched:
            return
        columns = [*touched], [*touched.values()]
        with contextlib.suppress(StoreUnavailable):  # the next request of each session notes it again
            self._server.write(
                lambda connection: connection.execute(_TOUCH, columns), time.monotonic() + WRITE_PATIENCE_S
            )

    def _begin_anew(self) -> None:
        self._server, self._touches, self._lock = Server(self._address), Touches(), threading.Lock()
        self._threads, self._timer = None, None


def _perform(perform: Callable[[], Any], done: Done) -> None:
    try:
        result = perform()
    except BaseException as error:
        done(None, error)
    else:
        done(result, None)
