"""What the shipper does about erasures: events of the erased become no rows, and what came in between is erased too.

Which notes a batch heeds is written beside its manifest before its first try, so that every try ships the same rows.
Whatever else there is by the time it was delivered — a note written meanwhile, rows of nobody in the visits of
the erased — is erased as any row is.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from footfall.event import Event
from footfall_analytics.clickhouse import Connection
from footfall_analytics.rights.eraser import Eraser
from footfall_analytics.rights.notes import NO_NOTES, Note, Notes, Subject
from footfall_analytics.rights.plan import SignedInVisits, plan
from footfall_analytics.rights.tables import read_notes, read_receipt
from footfall_analytics.segments import Batch


def heeded(connection: Connection, batch: Batch) -> Notes:
    """The notes that a batch heeds, the same ones however often it is tried."""
    if batch.tried:
        return _read(batch.heeds)
    notes = read_notes(connection)
    if notes:
        new = batch.heeds.with_name(f"{batch.heeds.name}.new")
        new.write_bytes(msgspec.json.encode(notes.all))
        new.replace(batch.heeds)
    return notes


def _read(file: Path) -> Notes:
    try:
        return Notes(msgspec.json.decode(file.read_bytes(), type=list[Note]))
    except FileNotFoundError:
        return NO_NOTES


def erase_late(connection: Connection, batch: Batch) -> None:
    """Erase what a delivered batch brought of people who are erased. Raises the client's error; repeat it then."""
    notes = read_notes(connection)
    if not notes:
        return
    for (note, subject), visits in _found(batch, notes).items():
        if not _left_to_erasure(connection, note, subject, visits):
            receipt = hashlib.sha256(f"{note.receipt}:{batch.name}".encode()).hexdigest()[:32]
            eraser = Eraser(connection, receipt, subject, note.until_ms)
            eraser.erase(lambda what, done: None, visits)
            eraser.finish()


def _left_to_erasure(connection: Connection, note: Note, subject: Subject, visits: SignedInVisits) -> bool:
    """Whether the erasure is still under way: then it is told of the visits, and does the rest."""
    if read_receipt(connection, note.receipt) is None:
        plan(connection, note.receipt, subject, note.until_ms, visits)
    return read_receipt(connection, note.receipt) is None


def _found(batch: Batch, notes: Notes) -> dict[tuple[Note, Subject], SignedInVisits]:
    first: dict[tuple[Note, Subject], dict[tuple[str, str, int], int]] = {}
    for event in batch.records():
        if isinstance(event, Event):
            for found in notes.about(event):
                visit = event.site, event.visitor_id, event.visit_number
                times = first.setdefault(found, {})
                times[visit] = min(event.time_ms, times.get(visit, event.time_ms))
    return {found: _visits(times) for found, times in first.items()}


def _visits(times: dict[tuple[str, str, int], int]) -> SignedInVisits:
    visits = SignedInVisits()
    for (site, visitor, number), time_ms in times.items():
        if visitor and number:
            visits.add(site, visitor, number, time_ms)
    return visits
