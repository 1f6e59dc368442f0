"""The library of the embedded engine, imported late and with care: it is large, and not everybody's."""

from __future__ import annotations

import importlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from footfall_analytics.clickhouse.errors import EngineMissing

_importing = threading.Lock()


def import_engine() -> Any:
    """The module ``chdb``. Raises EngineMissing."""
    try:
        with _importing, _directory_kept():
            return importlib.import_module("chdb")
    except ImportError as error:
        raise EngineMissing(
            "the embedded ClickHouse engine is not installed; pip install 'footfall[embedded]', "
            "or give the URL of a server: clickhouses://user:password@host:8443/footfall"
        ) from error


@contextmanager
def _directory_kept() -> Iterator[None]:
    """chdb changes the directory of the whole process while it is imported, for half a second: every relative path
    that another thread opens meanwhile would be looked for in the wrong place. It does not need to."""
    importing, change = threading.get_ident(), os.chdir

    def only_others(path: Any) -> None:
        if threading.get_ident() != importing:
            change(path)

    os.chdir = only_others
    try:
        yield
    finally:
        os.chdir = change
