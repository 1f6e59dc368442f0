"""Where the store is: a URL, as ``Settings.store`` has it."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path

from footfall.store.sql_store import SQLStore
from footfall.store.sqlite import SQLiteStore

_SUPPORTED = (
    "sqlite:///relative/path.db, sqlite:////absolute/path.db, postgresql://user:password@host/database, and for tests "
    "sqlite://:memory:, which lasts as long as the store object"
)


def open_store(url: str) -> SQLStore:
    """The store that a URL names; it connects at its first use. Raises ValueError for a URL that names none, and
    where the extra ``postgres`` is needed and not installed.

    What is in a URL besides its scheme is not repeated in the error: there may be a password in it.
    """
    scheme, separator, rest = url.partition("://")
    if separator and scheme in ("postgresql", "postgres"):
        return _postgresql_store(url)
    if separator and scheme == "sqlite":
        return _sqlite_store(rest)
    raise ValueError(f"a store URL with the scheme {scheme[:32]!r} is not supported; these are: {_SUPPORTED}")


def _sqlite_store(path: str) -> SQLiteStore:
    if path in (":memory:", "/:memory:"):
        return _passing_store()
    if not path.startswith("/") or path == "/" or "?" in path or "\0" in path:
        raise ValueError(f"a store URL of SQLite is a path and nothing more; supported are {_SUPPORTED}")
    return SQLiteStore(Path(path[1:]).absolute())


def _postgresql_store(url: str) -> SQLStore:
    try:
        from footfall.store.postgresql import PostgreSQLStore, address_of
    except ImportError:
        raise ValueError("a store on PostgreSQL needs psycopg: pip install 'footfall[postgres]'") from None
    return PostgreSQLStore(address_of(url))


def _passing_store() -> SQLiteStore:
    """A file all the same: SQLite's shared memory databases lock differently, and a test shall see the real ones."""
    folder = tempfile.mkdtemp(prefix="footfall-store-")
    store = SQLiteStore(Path(folder) / "store.db")
    weakref.finalize(store, shutil.rmtree, folder, ignore_errors=True)
    return store
