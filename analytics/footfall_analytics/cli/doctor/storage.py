"""Whether the journal drains, the store can be written, and the disk has room."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from footfall.store import open_store
from footfall.store.errors import explain
from footfall.store.sqlite import SQLiteStore
from footfall_analytics.cli.cells import size
from footfall_analytics.cli.doctor.check import Check, Place, from_message
from footfall_analytics.cli.failures import one_line
from footfall_analytics.clickhouse import parse_target
from footfall_analytics.segments import journal_status
from footfall_analytics.sink import journal_of

#: Below this, ClickHouse cannot merge and the journal has no room for an outage.
_LEAST_FREE = 1_000_000_000  # bytes

#: Writes of the app take milliseconds.
_PATIENCE = 2.0  # seconds

#: The shipper takes a second or two; what is older waits for somebody.
_OLDEST = 60.0  # seconds


def check_journal(place: Place) -> Check:
    """Whether events wait that should not, or were set aside."""
    try:
        directory = Path(place.journal) if place.journal is not None else journal_of(place.analytics)
    except ValueError as error:
        return from_message("journal", one_line(str(error)))
    if not directory.is_dir():
        return Check("journal", None, f"no journal here yet: {directory} does not exist; the app makes it")
    status = journal_status(directory)
    waiting = f"open {status.open}, sealed {status.sealed}, rejected {status.rejected}, {size(status.bytes)}"
    if status.rejected:
        return Check("journal", False, waiting, f"see the app's log for why, and {directory}/rejected for what")
    if status.oldest_age > _OLDEST:
        said = f"{waiting}; the oldest waits for {status.oldest_age:,.0f} s"
        return Check("journal", False, said, "start the app, or: footfall ship --once")
    return Check("journal", True, waiting)


def check_store(place: Place) -> Check:
    """Whether the store answers and could be written, without writing."""
    try:
        store = open_store(place.store)
    except ValueError as error:
        return from_message("store", one_line(str(error)))
    with closing(store):
        path = store.path if isinstance(store, SQLiteStore) else None
    if path is None or not path.exists():
        return Check("store", None, f"no store here yet: {path} does not exist; the app makes it")
    try:
        _try_to_write(path)
    except sqlite3.Error as error:
        return from_message("store", one_line(str(explain(error, str(path)) or error)))
    return Check("store", True, f"{path} can be written")


def check_disk(place: Place) -> Iterator[Check]:
    """The room where data is kept here."""
    for path in _kept_in(place):
        free = shutil.disk_usage(path).free
        if free < _LEAST_FREE:
            yield Check("disk", False, f"{size(free)} free at {path}", "free some space, or move the data")
        else:
            yield Check("disk", True, f"{size(free)} free at {path}")


def _try_to_write(path: Path) -> None:
    """Take the write lock and let it go."""
    with closing(
        sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=_PATIENCE, isolation_level=None)
    ) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        connection.execute("ROLLBACK")


def _kept_in(place: Place) -> list[Path]:
    """One directory for each disk that data of ours is on, or will be."""
    paths: list[Path] = []
    try:
        paths.append(journal_of(place.analytics))
        if (engine := parse_target(place.analytics).path) is not None:
            paths.append(engine)
    except ValueError:
        pass  # the check of ClickHouse says so
    disks = {existing.stat().st_dev: existing for existing in map(_nearest, paths)}
    return list(disks.values())


def _nearest(path: Path) -> Path:
    return next(one for one in (path.absolute(), *path.absolute().parents) if one.is_dir())
