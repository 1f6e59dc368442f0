"""One INSERT of encoded rows under a deduplication token."""

from __future__ import annotations

from collections.abc import Sequence

from clickhouse_connect.driver.client import Client

#: Acknowledged means written, whatever the profile of the user says.
_WRITTEN: dict[str, object] = {"async_insert": 0, "insert_deduplicate": 1}


def insert(client: Client, table: str, names: Sequence[str], blocks: bytes, token: str, **settings: object) -> None:
    """Insert Native blocks, with the columns of these names, into ``database.table``; the same token twice is once.
    Raises the client's error."""
    client.raw_insert(
        table,
        names,
        insert_block=blocks,
        fmt="Native",
        settings={"insert_deduplication_token": token, **_WRITTEN, **settings},
    )
