"""Where the store is: a URL, as ``Settings.store`` has it."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path

from footfall.store.protocol import Store
from footfall.store.sqlite import SQLiteStore

_SUPPORTED = (
    "sqlite:///relative/path.db, sqlite:////absolute/path.db, and for tests sqlite://:memory:, which lasts as long "
    "as the store object"
)


def open_store(url: str) -> Store:
    """The store that a URL names; it connects at its first use. Raises ValueError for a URL that names none.

    What is in a URL besides its scheme is not repeated in the error: there may be a password in it.
    """
    scheme, separator, rest = url.partition("://")
    if not separator or scheme != "sqlite":
        raise ValueError(f"a store URL with the scheme {scheme[:32]!r} is not supported; these are: {_SUPPORTED}")
    if rest in (":memory:", "/:memory:"):
        return _passing_store()
    if not rest.startswith("/") or rest == "/" or "?" in rest or "\0" in rest:
        raise ValueError(f"a store URL of SQLite is a path and nothing more; supported are {_SUPPORTED}")
    return SQLiteStore(Path(rest[1:]).absolute())


def _passing_store() -> SQLiteStore:
    """A file all the same: SQLite's shared memory databases lock differently, and a test shall see the real ones."""
    folder = tempfile.mkdtemp(prefix="footfall-store-")
    store = SQLiteStore(Path(folder) / "store.db")
    weakref.finalize(store, shutil.rmtree, folder, ignore_errors=True)
    return store
