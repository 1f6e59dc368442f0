"""A connection to ClickHouse, wherever it is: in this process, in another one on this machine, or on a server."""

from __future__ import annotations

import re
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from footfall_analytics.clickhouse.engine import borrow, give_back
from footfall_analytics.clickhouse.errors import ClickHouseUnavailable
from footfall_analytics.clickhouse.share import LOOPBACK, WRITER, Share, lock_path, read_share
from footfall_analytics.clickhouse.target import Target, parse_target

#: Seconds between two looks for an engine whose holder is just starting, or stopping.
_LOOK_AGAIN = 0.1

#: Each statement stands by itself: a session would only make two threads wait for each other. Times in seconds.
_STATELESS: dict[str, Any] = {"autogenerate_session_id": False, "connect_timeout": 5, "send_receive_timeout": 120}

#: clickhouse-connect makes clients through global state; one at a time.
_making = threading.Lock()


class Connection:
    """An open client and the database that our tables are in. A context manager; ``close`` may be repeated."""

    def __init__(self, target: Target, client: Client, borrowed: Path | None = None) -> None:
        self.target = target
        self.client = client
        self._borrowed = borrowed

    @property
    def database(self) -> str:
        return self.target.database

    @property
    def holds_engine(self) -> bool:
        """Whether the embedded engine runs in this process."""
        return self._borrowed is not None

    def close(self) -> None:
        self.client.close()
        borrowed, self._borrowed = self._borrowed, None
        if borrowed is not None:
            give_back(borrowed)

    def __enter__(self) -> Connection:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def connect(url: str, *, wait: float = 5.0) -> Connection:
    """Connect to the ClickHouse that a URL names.

    For ``chdb:`` this process takes the engine and shares it, or, where another one holds it, becomes a client
    of that one; ``wait`` is how many seconds it may take to start. Raises ValueError for a URL that is none,
    ``ClickHouseUnavailable`` for a ClickHouse that cannot be had.
    """
    target = parse_target(url)
    return _server(target) if target.path is None else _embedded(target, target.path, wait)


def _server(target: Target) -> Connection:
    try:
        client = _client(
            host=target.host,
            port=target.port,
            username=target.username,
            password=target.password,
            secure=target.secure,
            **_STATELESS,
        )
    except ClickHouseError as error:
        raise ClickHouseUnavailable(
            f"{target}: {_why(error)}; check that the server runs and that the URL's user and password are right"
        ) from error
    return Connection(target, client)


def _embedded(target: Target, directory: Path, wait: float) -> Connection:
    until = time.monotonic() + wait
    while True:
        connection = _own(target, directory) or _shared(target, directory)
        if connection is not None:
            return connection
        if time.monotonic() >= until:
            raise ClickHouseUnavailable(
                f"{target}: another process holds the engine ({lock_path(directory)}) and does not share it; "
                "wait until it has started or stopped, or end it"
            )
        time.sleep(_LOOK_AGAIN)


def _own(target: Target, directory: Path) -> Connection | None:
    engine = borrow(directory)
    if engine is None:
        return None
    try:
        return Connection(target, _client_of(engine.share), directory)
    except BaseException:
        give_back(directory)
        raise


def _shared(target: Target, directory: Path) -> Connection | None:
    share = read_share(directory)
    if share is None:
        return None
    try:
        return Connection(target, _client_of(share))
    except ClickHouseError:
        return None  # the file of a holder that has died; the next one writes its own


def _client_of(share: Share) -> Client:
    """One kind of client for all, the holder too: each statement on its own handle, from any thread."""
    return _client(
        host=LOOPBACK, port=share.port, username=WRITER, password=share.password, compress=False, **_STATELESS
    )


def _client(**arguments: Any) -> Client:
    with _making:
        return clickhouse_connect.get_client(**arguments)


_SYSTEM_ERROR = re.compile(r"\[Errno -?\d+\] ([^'\")]+)")
_TIMED_OUT = re.compile(r"timed? ?out", re.IGNORECASE)


def _why(error: BaseException) -> str:
    """What stopped us, in words: the operating system's, or the first of ClickHouse's."""
    said = str(error).strip()
    if found := _SYSTEM_ERROR.search(said):
        return f"nobody answers there ({found[1].lower()})"
    if _TIMED_OUT.search(said):
        return "nobody answers there (it took too long)"
    if "HTTPConnectionPool" in said or "HTTPSConnectionPool" in said:
        return "what answers there does not speak ClickHouse over HTTP, or not over this scheme"
    return said.partition("\n")[0][:200]
