"""The journal of an erasure: what waits in it is shipped first, and what was set aside in it is looked through."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from pathlib import Path

from footfall.event import Event
from footfall_analytics.journal import seal_here
from footfall_analytics.journal_file import LONGEST_LINE, OPEN, SEALED
from footfall_analytics.rights.notes import Subject, subjects_of
from footfall_analytics.segments import BATCH, DONE, REJECTED, read_line

log = logging.getLogger("footfall.rights")

_LOOK_EVERY = 0.2  # seconds

#: A keeper seals what its worker wrote once a second, and a shipper looks every half second.
PATIENCE = 15.0  # seconds

Visit = tuple[str, str, int]  # site, visitor, number


def drain(journal: Path, ship: Callable[[], bool], *, patience: float = PATIENCE) -> int:
    """Wait until what is in the journal now is shipped, by whoever ships it; how many files still wait."""
    before = time.time_ns()
    until = time.monotonic() + patience
    while True:
        seal_here(journal)
        if not _waiting(journal, before):
            return 0
        ship()
        left = _waiting(journal, before)
        if not left or time.monotonic() >= until:
            return left
        time.sleep(_LOOK_EVERY)


def _waiting(journal: Path, before: int) -> int:
    """Files begun before a time (Unix nanoseconds), and batches on their way."""
    if not journal.is_dir():
        return 0
    return sum(
        path.suffix in (BATCH, DONE) or (path.suffix in (OPEN, SEALED) and _began(path) < before)
        for path in journal.iterdir()
    )


def _began(path: Path) -> int:
    first = path.name.partition("-")[0]
    return int(first) if first.isdecimal() else 0


def clear_rejected(journal: Path, subject: Subject, visits: set[Visit]) -> int:
    """Take the lines of a person out of the files that were set aside: theirs, those of nobody in their visits, and
    unreadable ones that have the id somewhere. How many lines."""
    folder = journal / REJECTED
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return sum(_clear(path, subject, visits) for path in files if path.suffix != BATCH and path.is_file())


def _clear(path: Path, subject: Subject, visits: set[Visit]) -> int:
    kept, gone = [], 0
    with path.open("rb") as file:
        while line := file.readline(LONGEST_LINE):
            if _is_of(line, subject, visits):
                gone += 1
            else:
                kept.append(line)
    if gone:
        _rewrite(path, kept)
    return gone


def _is_of(line: bytes, subject: Subject, visits: set[Visit]) -> bool:
    record = read_line(line)
    if record is None:
        return subject.id.encode() in line
    if not isinstance(record, Event):
        return False
    visit = record.site, record.visitor_id, record.visit_number
    return subject in subjects_of(record) or (not record.member_id and visit in visits)


def _rewrite(path: Path, lines: list[bytes]) -> None:
    new = path.with_name(f"{path.name}.new")
    with open(new, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())
    if lines:
        new.replace(path)
    else:
        path.unlink()
        new.unlink()
