"""One INSERT of encoded rows under a deduplication token."""

from __future__ import annotations

from collections.abc import Sequence

from clickhouse_connect.driver.client import Client

#: Acknowledged means written, whatever the profile of the user says; and a retry is passed on to the views' targets,
#: which know it by the same token, so that it completes where a view had failed and doubles nothing.
_WRITTEN: dict[str, object] = {
    "async_insert": 0,
    "insert_deduplicate": 1,
    "deduplicate_blocks_in_dependent_materialized_views": 1,
}


def insert(client: Client, table: str, names: Sequence[str], blocks: bytes, token: str, **settings: object) -> None:
    """Insert Native blocks, with the columns of these names, into ``database.table``; the same token twice is once.
    Raises the client's error."""
    body, compression = _packed(blocks, client.write_compression)
    client.raw_insert(
        table,
        names,
        insert_block=body,
        fmt="Native",
        compression=compression,
        settings={"insert_deduplication_token": token, **_WRITTEN, **settings},
    )


def _packed(blocks: bytes, compression: str | None) -> tuple[bytes, str | None]:
    """Over a network a tenth of the bytes go; on this machine the client asks for none of it."""
    if compression == "lz4":
        import lz4.frame

        return lz4.frame.compress(blocks), compression
    if compression == "zstd":
        return _zstd(blocks), compression
    return blocks, None


def _zstd(blocks: bytes) -> bytes:
    try:
        from compression import zstd  # type: ignore[import-not-found,unused-ignore]  # Python 3.14
    except ImportError:
        from backports import zstd
    packed: bytes = zstd.compress(blocks, 1)
    return packed
