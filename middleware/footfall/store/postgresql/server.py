"""One PostgreSQL server: its pool of connections, opened and brought up to date, and what its outages mean."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TypeVar

import psycopg
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from footfall.store import session_rows
from footfall.store.connection import Connection
from footfall.store.errors import StoreUnavailable
from footfall.store.postgresql.address import Address
from footfall.store.postgresql.connection import BoundedConnection, Statements
from footfall.store.postgresql.errors import Conflict, Lost, meaning, refused
from footfall.store.preparation import Preparation
from footfall.store.schema import Migration, apply_pending, pending

T = TypeVar("T")

#: Connections of one process, at most; it begins with one, and those that nobody needs are closed again.
POOL_SIZE = 8

#: How long the server works on one statement of a request, seconds.
STATEMENT_PATIENCE_S = 2.0

#: How long a worker waits while another one brings the tables up to date.
START_PATIENCE_S = 60.0

#: A transaction that met another one is tried again so often.
_ATTEMPTS = 3

#: A worker that froze within a transaction does not keep its locks for longer.
_IDLE_IN_TRANSACTION_S = 10.0

_CONFIGURE = """
SELECT set_config('search_path', 'footfall', false), set_config('statement_timeout', ?, false),
    set_config('idle_in_transaction_session_timeout', ?, false),
    set_config('default_transaction_isolation', 'read committed', false)
"""


class Server:
    """The server of an address; nothing is opened before its first use. May be used from any thread. Deadlines
    are of ``time.monotonic()``."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._pool: ConnectionPool[BoundedConnection] | None = None
        self.preparation = Preparation(self._prepare)

    @property
    def place(self) -> str:
        return self._address.place

    def read(self, work: Callable[[Connection], T], deadline: float) -> T:
        """What ``work`` finds. A connection that was lost meanwhile is replaced once. Raises StoreUnavailable."""
        try:
            return self._read(work, deadline)
        except Lost:
            return self._read(work, deadline)

    def write(self, work: Callable[[Connection], T], deadline: float, statement_patience: float = 0.0) -> T:
        """What ``work`` returns, as one transaction, once it is committed. ``statement_patience``: seconds, if
        not the ordinary ones. Raises StoreUnavailable."""
        for attempt in range(1, _ATTEMPTS + 1):
            done = False
            try:
                with self._borrowed(deadline) as connection, connection.transaction():
                    if statement_patience:
                        connection.execute(f"SET LOCAL statement_timeout = {statement_patience * 1000:.0f}".encode())
                    result = work(Statements(connection))
                    done = True
                return result
            except (Lost, Conflict):
                if done or attempt == _ATTEMPTS:  # lost while it was committed: nobody knows whether it was
                    raise
        raise RuntimeError("the last attempt returns or raises")

    def close(self) -> None:
        pool, self._pool = self._pool, None
        self.preparation.doubt()
        if pool is not None:
            pool.close()

    def pending(self) -> list[Migration]:
        """The migrations that it lacks; nothing is changed. Raises StoreUnavailable."""
        with self._connected() as connection:
            return pending(Statements(connection), "postgresql")

    def try_to_write(self) -> None:
        """Take the lock that writes take, which a standby and a role without rights refuse. Raises
        StoreUnavailable."""
        with self._connected() as connection, connection.transaction():
            connection.execute("LOCK TABLE sessions, consent_records IN ROW EXCLUSIVE MODE")

    def bring_up_to_date(self, patience: float = float("inf")) -> list[Migration]:
        """Apply the migrations that it lacks, and say which; of several at once one does. Raises
        StoreUnavailable."""
        with self._connected() as connection:
            if not pending(Statements(connection), "postgresql"):
                return []
            connection.deadline = time.monotonic() + patience
            return _migrate(connection)

    def _prepare(self) -> None:
        self.bring_up_to_date(START_PATIENCE_S)
        if self._pool is None:
            self._pool = self._opened_pool()

    # -- connections

    def _read(self, work: Callable[[Connection], T], deadline: float) -> T:
        with self._borrowed(deadline) as connection:
            return work(Statements(connection))

    @contextmanager
    def _borrowed(self, deadline: float) -> Iterator[BoundedConnection]:
        self.preparation.ensure(deadline - time.monotonic())
        pool = self._pool
        if pool is None:
            raise Lost(f"the store {self.place} was closed meanwhile")
        connection = self._taken_from(pool, deadline)
        try:
            with self._explained(connection):
                yield connection
        finally:
            pool.putconn(connection)

    def _taken_from(self, pool: ConnectionPool[BoundedConnection], deadline: float) -> BoundedConnection:
        try:
            connection = pool.getconn(timeout=deadline - time.monotonic())
        except (PoolTimeout, PoolClosed) as error:
            self.preparation.doubt()  # the next one finds out why
            raise self._crowded() from error
        connection.deadline = deadline
        return connection

    @contextmanager
    def _explained(self, connection: BoundedConnection) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            raise self._outage(connection, error) from error

    def _outage(self, connection: BoundedConnection, error: psycopg.Error) -> Exception:
        if connection.overdue:
            failure = StoreUnavailable(f"the store {self.place} does not answer in time; is it, or the network, up?")
            self.preparation.fail(failure)
            self._let_go()
            return failure
        if connection.closed and self.preparation.done:
            self.preparation.doubt()
            self._let_go()
        return meaning(error, self.place, lost=connection.closed)

    def _let_go(self) -> None:
        """Of all connections: what happened to one of them will have happened to the others."""
        if self._pool is not None:
            self._pool.drain()

    @contextmanager
    def _connected(self) -> Iterator[BoundedConnection]:
        """A connection beside the pool, whose refusal says why. Raises StoreUnavailable."""
        try:
            connection = BoundedConnection.connect(autocommit=True, **self._address.parameters)
        except psycopg.Error as error:
            raise refused(error, self.place, self._address.password) from error
        with closing(connection), self._explained(connection):
            _configure(connection, prepare=False)
            yield connection

    def _opened_pool(self) -> ConnectionPool[BoundedConnection]:
        pool = ConnectionPool(
            kwargs={"autocommit": True, **self._address.parameters},
            connection_class=BoundedConnection,
            configure=_configure,
            min_size=1,
            max_size=POOL_SIZE,
            reconnect_timeout=1.0,  # or its pauses grow to minutes: who asks next makes it try again
            open=False,
            name="footfall-store",
        )
        try:
            pool.open(wait=True, timeout=STATEMENT_PATIENCE_S)
        except PoolTimeout as error:
            raise self._crowded() from error
        return pool

    def _crowded(self) -> StoreUnavailable:
        return StoreUnavailable(f"the store {self.place} has no connection free in time; is it busy?")


def _configure(connection: BoundedConnection, *, prepare: bool = True) -> None:
    """Ready for requests: the look-up of a session is prepared, so that it takes one round trip from the first."""
    connection.deadline = time.monotonic() + STATEMENT_PATIENCE_S
    statements = Statements(connection)
    timeouts = [f"{seconds * 1000:.0f}" for seconds in (STATEMENT_PATIENCE_S, _IDLE_IN_TRANSACTION_S)]
    statements.execute(_CONFIGURE, timeouts)
    if prepare:
        session_rows.find(statements, "")


def _migrate(connection: BoundedConnection) -> list[Migration]:
    statements = Statements(connection)
    with connection.transaction():
        connection.execute("SET LOCAL statement_timeout = 0")
        statements.lock("migrations")
        if not statements.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'footfall'").fetchone():
            statements.execute("CREATE SCHEMA footfall")
        return apply_pending(statements, "postgresql")
