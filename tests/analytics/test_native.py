"""Our blocks, read back by the engine itself."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import clickhouse_connect
import pytest

from footfall_analytics.clickhouse import Blocks, Connection, connect
from footfall_analytics.clickhouse.insert import insert
from footfall_analytics.clickhouse.share import LOOPBACK, WRITER, read_share

KINDS = {
    "text": "LowCardinality(String)",
    "id": "UUID",
    "at": "DateTime64(3, 'UTC')",
    "second": "DateTime('UTC')",
    "day": "Date",
    "tiny": "UInt8",
    "small": "UInt16",
    "middle": "UInt32",
    "large": "UInt64",
    "yes": "Bool",
    "list": "Array(LowCardinality(String))",
    "map": "Map(LowCardinality(String), String)",
}
LONG = "ü" * 10_000
SOME = "6f1c1f0e-2f64-4f2e-9d0a-0123456789ab"
COLUMNS: list[list[Any]] = [
    ["", "a", LONG],
    ["", SOME, SOME],
    [0, 1_790_000_000_123, 1],
    [0, 1_790_000_000, 1],
    [date(1970, 1, 1), date(2026, 11, 24), date(2149, 6, 6)],
    [0, 1, 255],
    [0, 1, 65_535],
    [0, 1, 2**32 - 1],
    [0, 1, 2**64 - 1],
    [False, True, 1],
    [(), ("a", ""), ("b",)],
    [{}, {"k": "v", "l": ""}, {"ключ": "значение"}],
]


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    with connect(f"chdb://{tmp_path_factory.mktemp('native')}/clickhouse") as connection:
        columns = ", ".join(f"{name} {kind}" for name, kind in KINDS.items())
        connection.client.command(f"CREATE TABLE t (n UInt8, {columns}) ENGINE = MergeTree ORDER BY n")
        yield connection


def test_the_engine_reads_what_was_written_block_after_block(connection: Connection) -> None:
    blocks = Blocks({"n": "UInt8", **KINDS})
    written = b"".join(blocks.block([[first, first + 1, first + 2], *COLUMNS]) for first in (0, 3))
    insert(connection.client, "default.t", ("n", *KINDS), written, "token")
    rows = connection.client.query("SELECT * EXCEPT n FROM t ORDER BY n").result_rows
    assert [tuple(row) for row in rows[:3]] == [tuple(row) for row in rows[3:]]
    read = [list(column) for column in zip(*rows[:3], strict=True)]
    assert read[0] == COLUMNS[0]
    assert read[1] == [uuid.UUID(int=0), uuid.UUID(SOME), uuid.UUID(SOME)]
    assert [value.replace(tzinfo=UTC).timestamp() for value in read[2]] == [0, 1_790_000_000.123, 0.001]
    assert read[3][1].replace(tzinfo=UTC) == datetime.fromtimestamp(1_790_000_000, UTC)
    assert read[4:9] == COLUMNS[4:9]
    assert read[9:] == [[False, True, True], [[], ["a", ""], ["b"]], COLUMNS[11]]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("UInt16", 65_536),
        ("UInt16", -1),
        ("UInt64", 1.5),
        ("UUID", "no id"),
        ("String", 7),
        ("String", "\ud800"),
        ("Date", date(1969, 12, 31)),
        ("Array(String)", None),
        ("DateTime64(3, 'UTC')", "today"),
    ],
)
def test_a_value_that_fits_into_no_column_is_refused_before_anything_is_sent(kind: str, value: object) -> None:
    with pytest.raises(ValueError):
        Blocks({"c": kind}).block([[value]])


def test_columns_of_other_lengths_and_types_that_are_not_ours_are_named() -> None:
    with pytest.raises(ValueError, match="column b has 1 values, and others 2"):
        Blocks({"a": "UInt8", "b": "UInt8"}).block([[1, 2], [1]])
    with pytest.raises(ValueError, match="Decimal"):
        Blocks({"a": "Decimal(9, 2)"})


@pytest.mark.parametrize("compression", ["lz4", "zstd"])
def test_what_goes_over_a_network_is_packed(connection: Connection, compression: str) -> None:
    if compression == "lz4":
        pytest.importorskip("lz4.frame", reason="clickhouse-connect brings it along up to Python 3.13 only")
    assert connection.target.path is not None
    share = read_share(connection.target.path)
    assert share is not None
    blocks = Blocks({"n": "UInt8", "text": "String"}).block([[7] * 100, [compression] * 100])
    with clickhouse_connect.get_client(
        host=LOOPBACK, port=share.port, username=WRITER, password=share.password, compress=compression
    ) as client:
        assert client.write_compression == compression
        insert(client, "default.t", ("n", "text"), blocks, f"packed {compression}")
        assert client.command("SELECT count() FROM t WHERE text = {text:String}", {"text": compression}) == 100
