"""The tables of erasures: notes, plans and receipts; and how rows are deleted so that they are gone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from footfall_analytics.clickhouse import Connection
from footfall_analytics.clickhouse.layout import ONE_PLACE, Layout
from footfall_analytics.rights.notes import Note, Notes, Subject, SubjectKind

_CLUSTER = re.compile(r"Distributed\('?`?([^'`,]+)'?`?,")


@dataclass(frozen=True, slots=True)
class Receipt:
    """That somebody's data were erased, without the person: ``id`` is random, ``counts`` says how much it was."""

    id: str
    erased_at: datetime
    subject: SubjectKind
    counts: Mapping[str, int]


def layout_of(connection: Connection) -> Layout:
    """Whether the tables are distributed over a cluster, where rows are deleted on every host."""
    asked = "SELECT engine_full FROM system.tables WHERE database = {database:String} AND name = 'events'"
    [(engine,)] = connection.client.query(asked, parameters={"database": connection.database}).result_rows
    found = _CLUSTER.match(engine)
    return Layout(cluster=found[1]) if found else ONE_PLACE


def delete(connection: Connection, layout: Layout, table: str, condition: str) -> None:
    """Delete rows so that they are gone: ``DELETE FROM`` would only hide them. The condition is kept by ClickHouse in
    its list of mutations, so it must not name a person."""
    local = f"`{connection.database}`.{table}{'_local' if layout.cluster else ''}"
    connection.client.command(
        f"ALTER TABLE {local}{layout.on_cluster} DELETE WHERE {condition}",
        settings={"mutations_sync": 2, "allow_nondeterministic_mutations": 1},
    )


def drop_hidden(connection: Connection, layout: Layout, table: str) -> None:
    """Let go of rows that a ``DELETE FROM`` has hidden: they are still in the files."""
    local = f"`{connection.database}`.{table}{'_local' if layout.cluster else ''}"
    command = f"ALTER TABLE {local}{layout.on_cluster} APPLY DELETED MASK"
    connection.client.command(command, settings={"mutations_sync": 2})


def forget_plan(connection: Connection, layout: Layout, receipt: str) -> None:
    local = f"`{connection.database}`.erasure_rows{'_local' if layout.cluster else ''}"
    connection.client.command(f"ALTER TABLE {local}{layout.on_cluster} DROP PARTITION '{checked_receipt(receipt)}'")


def checked_receipt(receipt: str) -> str:
    """A receipt's id that may stand in SQL. Raises ValueError."""
    if not re.fullmatch(r"[0-9a-f]{32}", receipt):
        raise ValueError("not the id of a receipt: 32 hexadecimal digits")
    return receipt


def read_notes(connection: Connection) -> Notes:
    asked = (
        "SELECT receipt, subject, salt, digest, toUnixTimestamp64Milli(until) FROM {database:Identifier}.erasure_notes "
        "WHERE until > now() - INTERVAL 30 DAY ORDER BY until"
    )
    rows = connection.client.query(asked, parameters={"database": connection.database}).result_rows
    return Notes(Note(*row) for row in rows)


def write_note(connection: Connection, note: Note) -> None:
    row = [note.receipt, note.kind, note.salt, note.digest, _time(note.until_ms)]
    names = ["receipt", "subject", "salt", "digest", "until"]
    connection.client.insert("erasure_notes", [row], column_names=names, database=connection.database)


def unfinished(connection: Connection, subject: Subject) -> Note | None:
    """The note of an erasure of the same person that was interrupted."""
    found = [note for note in read_notes(connection).all if note.is_of(subject)]
    return next((note for note in found if read_receipt(connection, note.receipt) is None), None)


def read_receipt(connection: Connection, receipt: str) -> Receipt | None:
    asked = """
    SELECT receipt, erased_at, subject, counts FROM {database:Identifier}.erasures WHERE receipt = {receipt:String}
    """
    parameters = {"database": connection.database, "receipt": receipt}
    rows = connection.client.query(asked, parameters=parameters).result_rows
    return Receipt(*rows[0]) if rows else None


def write_receipt(connection: Connection, receipt: Receipt) -> None:
    row = [receipt.id, receipt.erased_at, receipt.subject, dict(receipt.counts)]
    names = ["receipt", "erased_at", "subject", "counts"]
    connection.client.insert("erasures", [row], column_names=names, database=connection.database)


def _time(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
