"""The store that a command reads: asking about one must not make it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from footfall.store import Store, open_store
from footfall.store.sqlite import SQLiteStore
from footfall_analytics.cli.failures import Failure


@contextmanager
def opened(url: str) -> Iterator[Store]:
    """The store of that URL, which is there already. A URL that names none is misuse."""
    try:
        store = open_store(url)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if isinstance(store, SQLiteStore) and not store.path.exists():
        raise Failure(f"no store here yet: {store.path} does not exist; name another one with --store")
    try:
        yield store
    finally:
        store.close()
