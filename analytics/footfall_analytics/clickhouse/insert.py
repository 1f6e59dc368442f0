"""One INSERT of columns under a deduplication token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clickhouse_connect.driver.client import Client

from footfall_analytics.clickhouse.native import block

#: Acknowledged means written, whatever the profile of the user says.
_WRITTEN: dict[str, object] = {"async_insert": 0, "insert_deduplicate": 1}


def insert(
    client: Client,
    table: str,
    kinds: Mapping[str, str],
    columns: Sequence[Sequence[object]],
    token: str,
    **settings: object,
) -> None:
    """Insert columns, their names and types in ``kinds``, into ``database.table``; the same token twice is once.

    Raises ValueError for a value that fits into no column, before anything is sent; the client's error for the rest.
    """
    client.raw_insert(
        table,
        list(kinds),
        insert_block=block(kinds, columns),
        fmt="Native",
        settings={"insert_deduplication_token": token, **_WRITTEN, **settings},
    )
