"""The body of a request, read whole and in bounds, and unpacked in bounds.

Half a body is never taken for one: an INSERT of half a batch would use up the token of the whole.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from io import BufferedIOBase
from typing import Protocol

#: A batch of the shipper is some 30 MB; nobody needs to send more at once.
LONGEST_BODY = 512 * 1024 * 1024

_LONGEST_LINE = 256
_DIGITS = {10: re.compile(r"[0-9]{1,15}"), 16: re.compile(r"[0-9A-Fa-f]{1,12}")}
_CUT = "the connection ended before the body did"
_TOO_LONG = f"the body is longer than the {LONGEST_BODY} bytes that are taken at once; send it in pieces"


def read_body(file: BufferedIOBase, headers: Mapping[str, str]) -> bytes:
    """All of the body, decoded. Raises ValueError for what is too long or cannot be read, EOFError for half a body."""
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = b"".join(_chunks(file))
    else:
        body = _exactly(file, _size(headers.get("content-length", "0"), 10))
    return unpack(body, headers.get("content-encoding", "").strip().lower())


def _chunks(file: BufferedIOBase) -> Iterator[bytes]:
    total = 0
    while size := _size(_line(file).partition(b";")[0].decode("latin-1"), 16):
        total += size
        if total > LONGEST_BODY:
            raise ValueError(_TOO_LONG)
        yield _exactly(file, size)
        if _line(file):
            raise ValueError("a chunk of the body is longer than it says")
    while _line(file):
        continue


def _size(text: str, base: int) -> int:
    if not _DIGITS[base].fullmatch(text.strip()):  # int() would take a sign, underscores and other scripts
        raise ValueError("the body does not say how long it is")
    size = int(text, base)
    if size > LONGEST_BODY:
        raise ValueError(_TOO_LONG)
    return size


def _line(file: BufferedIOBase) -> bytes:
    line = file.readline(_LONGEST_LINE)
    if not line.endswith(b"\n"):
        raise EOFError(_CUT)
    return line.strip()


def _exactly(file: BufferedIOBase, size: int) -> bytes:
    body = file.read(size)
    if len(body) != size:
        raise EOFError(_CUT)
    return body


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def unpack(body: bytes, encoding: str) -> bytes:
    """The body without its Content-Encoding. Raises ValueError for one that is unknown, damaged or a bomb."""
    if encoding in ("", "identity"):
        return body
    pieces: list[bytes] = []
    while body:
        unpacker = _unpacker(encoding)
        pieces.append(_unpacked(unpacker, encoding, body, LONGEST_BODY + 1 - sum(map(len, pieces))))
        body = unpacker.unused_data  # packed pieces may follow each other
    return b"".join(pieces)


def _unpacked(unpacker: _Unpacker, encoding: str, body: bytes, longest: int) -> bytes:
    try:
        plain = unpacker.decompress(body, longest)
    except Exception as error:  # the three libraries have no class of error in common
        raise ValueError(f"the body is no {encoding}: {error}") from error
    if len(plain) >= longest:
        raise ValueError(_TOO_LONG)
    if not unpacker.eof:
        raise EOFError(_CUT)
    return plain


def _unpacker(encoding: str) -> _Unpacker:
    match encoding:
        case "lz4":
            return _lz4()
        case "gzip" | "deflate":
            return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # either header
        case "zstd":
            return _zstd()
    raise ValueError(f"the content encoding {encoding[:40]!r} is not known here; lz4, zstd, gzip and deflate are")


def _lz4() -> _Unpacker:
    try:
        import lz4.frame
    except ImportError:  # clickhouse-connect brings it along up to Python 3.13 only
        raise ValueError("lz4 is not installed here; send zstd or gzip, or pip install lz4") from None
    unpacker: _Unpacker = lz4.frame.LZ4FrameDecompressor()
    return unpacker


def _zstd() -> _Unpacker:
    try:
        from compression import zstd  # type: ignore[import-not-found,unused-ignore]  # Python 3.14
    except ImportError:
        from backports import zstd
    unpacker: _Unpacker = zstd.ZstdDecompressor()
    return unpacker
