"""The store that a command works with: asking about one must not make it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from click.core import ParameterSource

from footfall.store import open_store
from footfall.store.sql_store import SQLStore
from footfall.store.sqlite import SQLiteStore
from footfall_analytics.cli.failures import Failure


@contextmanager
def opened(url: str) -> Iterator[SQLStore]:
    """The store of that URL, which is there already. A URL that names none is misuse."""
    with _named(url) as store:
        if isinstance(store, SQLiteStore) and not store.path.exists():
            raise Failure(f"no store here yet: {store.path} does not exist; name another one with --store")
        yield store


@contextmanager
def to_be_made(url: str) -> Iterator[SQLStore | None]:
    """The store of that URL; ``None`` where the embedded one is not there and nobody has named it."""
    source = click.get_current_context().get_parameter_source("store_url")
    with _named(url) as store:
        missing = isinstance(store, SQLiteStore) and not store.path.exists()
        yield None if missing and source is ParameterSource.DEFAULT else store


@contextmanager
def _named(url: str) -> Iterator[SQLStore]:
    try:
        store = open_store(url)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    try:
        yield store
    finally:
        store.close()
