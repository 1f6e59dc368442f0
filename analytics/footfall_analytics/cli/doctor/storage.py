"""Whether the journal drains, the store can be written, and the disk has room."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from footfall.store import StoreUnavailable, open_store
from footfall.store.sql_store import SQLStore
from footfall.store.sqlite import SQLiteStore
from footfall_analytics.cli.cells import size
from footfall_analytics.cli.doctor.check import Check, Place, from_message
from footfall_analytics.cli.failures import one_line
from footfall_analytics.clickhouse import parse_target
from footfall_analytics.segments import journal_status
from footfall_analytics.sink import journal_of

#: Below this, ClickHouse cannot merge and the journal has no room for an outage.
_LEAST_FREE = 1_000_000_000  # bytes

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
    """Whether the store answers, is up to date and could be written, without writing."""
    try:
        store = open_store(place.store)
    except ValueError as error:
        return from_message("store", one_line(str(error)))
    if isinstance(store, SQLiteStore) and not store.path.exists():
        return Check("store", None, f"no store here yet: {store.path} does not exist; the app makes it")
    with closing(store):
        try:
            return _state_of(store)
        except StoreUnavailable as error:
            return from_message("store", one_line(str(error)))


def _state_of(store: SQLStore) -> Check:
    if missing := store.pending():
        said = f"{store.place} lacks {len(missing)} migrations, from {missing[0].number:04} {missing[0].name} on"
        return Check("store", False, said, "footfall schema apply, or start the app")
    store.try_to_write()
    return Check("store", True, f"{store.place} is up to date and can be written")


def check_disk(place: Place) -> Iterator[Check]:
    """The room where data is kept here."""
    for path in _kept_in(place):
        free = shutil.disk_usage(path).free
        if free < _LEAST_FREE:
            yield Check("disk", False, f"{size(free)} free at {path}", "free some space, or move the data")
        else:
            yield Check("disk", True, f"{size(free)} free at {path}")


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
