"""One erasure in ClickHouse and its journal, from the note to the receipt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from footfall_analytics.clickhouse import Connection
from footfall_analytics.rights.eraser import Eraser, Progress, now, now_ms
from footfall_analytics.rights.journal import PATIENCE, clear_rejected, drain
from footfall_analytics.rights.notes import Note, Subject, new_note
from footfall_analytics.rights.plan import planned_visits
from footfall_analytics.rights.tables import Receipt, read_receipt, unfinished, write_note, write_receipt


def begin(connection: Connection, subject: Subject, receipt: str) -> Note:
    """The note by which shippers know the person from now on; that of an interrupted erasure, where there is one."""
    note = unfinished(connection, subject)
    if note is None:
        note = new_note(subject, receipt, now_ms())
        write_note(connection, note)
    return note


def carry_out(
    connection: Connection,
    journal: Path,
    note: Note,
    subject: Subject,
    *,
    until_ms: int,
    counts: Mapping[str, int],
    ship: Callable[[], bool],
    progress: Progress,
    patience: float = PATIENCE,
) -> Receipt:
    """Erase what is in ClickHouse and in the journal up to a time, and write the receipt, with ``counts`` in it of
    what was erased elsewhere. Raises ``ErasureIncomplete``, or the client's error; repeat it then."""
    progress("shipping what waits in the journal", 0.0)
    waiting = drain(journal, ship, patience=patience)
    progress("shipping what waits in the journal", 1.0)
    eraser = Eraser(connection, note.receipt, subject, until_ms)
    erased = eraser.erase(progress)
    progress("looking through files that were set aside", 0.0)
    lines = clear_rejected(journal, subject, planned_visits(connection, note.receipt))
    progress("looking through files that were set aside", 1.0)
    known = read_receipt(connection, note.receipt)
    if known is None:
        known = Receipt(
            note.receipt, now(), subject.kind, {**erased, **counts, "set_aside": lines, "files_waiting": waiting}
        )
        write_receipt(connection, known)
    eraser.finish()
    return known
