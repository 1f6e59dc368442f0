"""The body of a request: whole, in bounds, or not at all."""

from __future__ import annotations

import contextlib
import gzip
import io
import zlib
from collections.abc import Callable

import lz4.frame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall_analytics.clickhouse import body as module
from footfall_analytics.clickhouse.body import read_body, unpack

try:
    from compression import zstd  # type: ignore[import-not-found,unused-ignore]
except ImportError:
    from backports import zstd

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "lz4": lz4.frame.compress,
    "zstd": zstd.compress,
}


def read(sent: bytes, **headers: str) -> bytes:
    return read_body(io.BytesIO(sent), {name.replace("_", "-"): value for name, value in headers.items()})


def test_a_body_is_as_long_as_it_says() -> None:
    assert read(b"abcdef", content_length="3") == b"abc"


def test_chunks_are_put_together() -> None:
    assert read(b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", transfer_encoding="chunked") == b"abcde"


@pytest.mark.parametrize(
    ("sent", "headers"),
    [
        (b"ab", {"content_length": "3"}),
        (b"3\r\nab", {"transfer_encoding": "chunked"}),
        (b"3\r\nabc\r\n", {"transfer_encoding": "chunked"}),
        (b"", {"transfer_encoding": "chunked"}),
    ],
)
def test_half_a_body_is_none(sent: bytes, headers: dict[str, str]) -> None:
    """Half a batch under the token of the whole would lose the other half."""
    with pytest.raises(EOFError):
        read(sent, **headers)


@pytest.mark.parametrize("length", ["-1", "+5", "x", "1e3", "", str(2**40)])
def test_a_length_that_is_none_or_too_long_is_refused(length: str) -> None:
    with pytest.raises(ValueError, match=r"how long|longer"):
        read(b"abc", content_length=length)


@pytest.mark.parametrize("sent", [b"-5\r\nabc", b"zz\r\n", b"ffffffffff\r\n", b"2\r\nabc\r\n0\r\n\r\n"])
def test_a_chunk_that_lies_about_its_length_is_refused(sent: bytes) -> None:
    with pytest.raises((ValueError, EOFError)):
        read(sent, transfer_encoding="chunked")


@pytest.mark.parametrize("encoding", PACKERS)
def test_each_encoding_is_unpacked_also_in_several_pieces(encoding: str) -> None:
    pack = PACKERS[encoding]
    assert unpack(pack(b"a" * 1000) + pack(b"b"), encoding) == b"a" * 1000 + b"b"


@pytest.mark.parametrize("encoding", PACKERS)
def test_a_packed_body_that_was_cut_is_none(encoding: str) -> None:
    with pytest.raises(EOFError):
        unpack(PACKERS[encoding](b"a" * 1000)[:-3], encoding)


@pytest.mark.parametrize("encoding", PACKERS)
def test_a_bomb_is_refused_before_it_is_unpacked(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_BODY", 100_000)
    assert len(unpack(PACKERS[encoding](b"a" * 100_000), encoding)) == 100_000
    with pytest.raises(ValueError, match="longer"):
        unpack(PACKERS[encoding](b"a" * 100_001), encoding)


@pytest.mark.parametrize("encoding", ["br", "snappy", "x" * 1000])
def test_an_unknown_encoding_is_named_with_those_that_are_known(encoding: str) -> None:
    with pytest.raises(ValueError, match="lz4, zstd, gzip"):
        unpack(b"abc", encoding)


@given(st.binary(max_size=300), st.sampled_from(sorted(PACKERS)))
def test_any_bytes_are_unpacked_or_refused(content: bytes, encoding: str) -> None:
    with contextlib.suppress(ValueError, EOFError):
        unpack(content, encoding)
