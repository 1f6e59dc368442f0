"""Ctrl-C while the embedded engine works in this process.

Python hears of a signal between two of its own instructions, and a query is one long instruction in C++. The signal's
number, though, is written to a pipe at once: a thread that reads it has the engine cancel what it is doing.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from clickhouse_connect.driver.exceptions import Error as ClickHouseError

from footfall_analytics.clickhouse import ClickHouseUnavailable, Connection, connect

#: Whoever else asks through this process loses its engine in the next moment anyway.
_CANCEL = "KILL QUERY WHERE query_kind = 'Select' ASYNC"


@contextmanager
def cancelled_by_ctrl_c(connection: Connection, url: str) -> Iterator[None]:
    """Let Ctrl-C cancel the queries of the block; KeyboardInterrupt follows, as ever."""
    if not connection.holds_engine or threading.current_thread() is not threading.main_thread():
        yield
        return
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    watch = threading.Thread(target=_cancel_when_told, args=(reader, url), name="footfall-interrupts")
    watch.start()
    before = signal.set_wakeup_fd(writer)
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        os.close(writer)
        watch.join()


def _cancel_when_told(reader: int, url: str) -> None:
    with open(reader, "rb", buffering=0) as numbers:
        while number := numbers.read(1):
            if number[0] == signal.SIGINT:
                with suppress(ClickHouseError, ClickHouseUnavailable), connect(url) as connection:
                    connection.client.command(_CANCEL)
