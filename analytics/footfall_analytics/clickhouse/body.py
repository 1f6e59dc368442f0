"""The body of a request, read in bounds and unpacked."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping
from io import BufferedIOBase

import lz4.frame

#: A batch of the shipper is some 30 MB; nobody needs to send more at once.
LONGEST_BODY = 512 * 1024 * 1024

_LONGEST_CHUNK_LINE = 256


def read_body(file: BufferedIOBase, headers: Mapping[str, str]) -> bytes:
    """All of the body, decoded. Raises ValueError for what is too long or cannot be read."""
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = b"".join(_chunks(file))
    else:
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LONGEST_BODY:
            raise ValueError("the body is longer than can be taken, or does not say how long it is")
        body = file.read(int(length))
    return _unpack(body, headers.get("content-encoding", "").strip().lower())


def _chunks(file: BufferedIOBase) -> Iterator[bytes]:
    total = 0
    while size := int(file.readline(_LONGEST_CHUNK_LINE).partition(b";")[0], 16):
        total += size
        if total > LONGEST_BODY:
            raise ValueError("the body is longer than can be taken")
        yield file.read(size)
        file.readline(_LONGEST_CHUNK_LINE)
    while file.readline(_LONGEST_CHUNK_LINE).strip():
        continue


def _unpack(body: bytes, encoding: str) -> bytes:
    match encoding:
        case "" | "identity":
            return body
        case "lz4":
            return bytes(lz4.frame.decompress(body))
        case "gzip":
            return gzip.decompress(body)
        case "deflate":
            return zlib.decompress(body)
        case "zstd":
            return _zstd(body)
        case _:
            raise ValueError(f"content encoding {encoding!r} is not known here; lz4, zstd, gzip and deflate are")


def _zstd(body: bytes) -> bytes:
    try:
        from compression import zstd  # type: ignore[import-not-found,unused-ignore]  # Python 3.14
    except ImportError:
        from backports import zstd
    return bytes(zstd.decompress(body))
