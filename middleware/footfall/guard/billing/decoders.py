"""The wrappings that hide data from a pattern: each function undoes one, and says ``None`` where it is not one.

None raises for any input, and what one call may produce is bounded by its ``limit``.
"""

from __future__ import annotations

import binascii
import re
import zlib
from urllib.parse import unquote_to_bytes

import msgspec

#: Shorter base64 holds no key with a code: ``cvv=123`` is ten characters.
SHORTEST_TOKEN = 10

_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_STRUCTURE = re.compile(rb"[{\[\"]")
_QUOTED_CHAR = re.compile(r"\\([0-3][0-7]{2}|[^0-7ux])")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\x([0-9A-Fa-f]{2})|&#([0-9]{2,6});|&#[xX]([0-9A-Fa-f]{2,5});")
_ENTITY = {"&quot;": '"', "&amp;": "&", "&lt;": "<", "&gt;": ">", "&nbsp;": " "}
_NAMED_ENTITY = re.compile("|".join(_ENTITY))
_TOKEN = re.compile(r"[A-Za-z0-9+/_\-]{10,}")
_SHORT_TOKEN = re.compile(r"[A-Za-z0-9+/_\-]{3,}")
_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")
_HEX = re.compile(r"(?:0x)?([0-9A-Fa-f]{12,})")
_SHORT_HEX = re.compile(r"(?:0x)?([0-9A-Fa-f]{6,})")
# How JSON, zlib, gzip and PHP arrays begin in base64, behind a prefix such as "v1-" or "base64-".
_BEGIN = re.compile(r"[\-_/+](?:ey[IJA-Z]|W[yz]|eJ|eN|eA|eF|H4sI|YTo)")
_SEPARATOR = re.compile(r"/|--")
_MOST_PIECES = 8
_COMPRESSED = (0x1F, 0x78)  # how gzip and zlib begin
_SHORTEST_START = 10
_SHORTEST_STRINGS = 24
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BROKEN = re.compile(rb"[\x00-\x7f][\x80-\xbf]|[\xc0-\xff][\x00-\x7f\xc0-\xff]")  # no UTF-8 (RFC 3629)
_STRING = re.compile(rb"[\x20-\x7e]{3,}")
_START = re.compile(rb"[\x20-\x7e]{10,}")
_PRINTABLE = bytes(range(0x20, 0x7F))
_NOT_DIGIT = bytes(byte if byte in b"0123456789 -" else 10 for byte in range(256))
_LONG_NUMBER = re.compile(rb"[0-9][0-9 \-\x00]{11}")


def percent_decoded(text: str) -> bytes | None:
    """RFC 3986 §2.1. A plus is a blank in forms only: around structure, not in base64."""
    if not _PERCENT.search(text):
        return None
    data = unquote_to_bytes(text)
    if "+" in text and _STRUCTURE.search(data):
        return unquote_to_bytes(text.replace("+", " "))
    return data


def unquoted(text: str) -> str | None:
    """A quoted cookie value with octal and backslash escapes, as Python's ``http.cookies`` writes it."""
    if len(text) < 2 or text[0] != '"':
        return None
    inner = text[1:-1] if text[-1] == '"' else text[1:]
    return _QUOTED_CHAR.sub(_octal, inner)


def _octal(escape: re.Match[str]) -> str:
    code = escape.group(1)
    return chr(int(code, 8)) if len(code) == 3 else code


def unescaped(text: str) -> str | None:
    r"""``\u0034``, ``\x34``, ``&#52;`` and octal escapes outside quotes."""
    plain = _ESCAPE.sub(_escaped, text)
    plain = _NAMED_ENTITY.sub(lambda entity: _ENTITY[entity.group()], plain) if "&" in plain else plain
    plain = _QUOTED_CHAR.sub(_octal, plain) if "\\" in plain else plain
    return plain if plain != text else None


def _escaped(escape: re.Match[str]) -> str:
    unicode, byte, decimal, hexadecimal = escape.groups()
    code = int(decimal) if decimal else int(unicode or byte or hexadecimal, 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else " "


def tokens(text: str, *, short: bool = False) -> list[str]:
    """The words of a text that may be base64 or hex, without padding."""
    return (_SHORT_TOKEN if short else _TOKEN).findall(text)


def from_base64(token: str) -> bytes | None:
    """RFC 4648 §4 and §5; a cut-off end is dropped."""
    body = token if token.isalnum() else token.replace("-", "+").replace("_", "/")
    rest = len(body) % 4
    if rest:
        body = body[:-1] if rest == 1 else body + "=="[rest - 2 :]
    try:
        return binascii.a2b_base64(body)
    except ValueError:
        return None


def pieces(token: str) -> list[str]:
    """What may be base64 inside a word that as a whole is none: after a prefix, before a suffix, between slashes."""
    if begin := _BEGIN.search(token):
        return [token[begin.start() + 1 :]]
    if "/" not in token and "--" not in token:
        return []
    return [piece for piece in _SEPARATOR.split(token, _MOST_PIECES) if len(piece) >= SHORTEST_TOKEN]


def from_hex(token: str, *, short: bool = False) -> bytes | None:
    if token[0] not in _HEX_DIGITS or token[-1] not in _HEX_DIGITS:
        return None
    match = (_SHORT_HEX if short else _HEX).fullmatch(token)
    return bytes.fromhex(match.group(1)) if match and len(token) % 2 == 0 else None


def is_noise(data: bytes) -> bool:
    """Random bytes, as of a session id, a signature or a hash: none of the functions below makes anything of them."""
    return (
        (_CONTROL.search(data) is not None or (not data.isascii() and _BROKEN.search(data) is not None))
        and data[0] not in _COMPRESSED
        and not data[:_SHORTEST_START].isascii()
        and (len(data) < _SHORTEST_STRINGS or 3 * len(data.translate(None, _PRINTABLE)) > len(data))
        and _LONG_NUMBER.search(data) is None
    )


def inflated(data: bytes, limit: int) -> bytes | None:
    """zlib (RFC 1950) and gzip (RFC 1952), at most ``limit`` bytes; a cut-off stream gives what there is."""
    if data[:2] == b"\x1f\x8b":
        window = 31
    elif data[:1] == b"\x78" and len(data) > 2 and (data[0] * 256 + data[1]) % 31 == 0:
        window = 15
    else:
        return None
    try:
        return zlib.decompressobj(window).decompress(data, limit) or None
    except zlib.error:
        return None


def as_text(data: bytes) -> str | None:
    """UTF-8 without control characters."""
    if _CONTROL.search(data):
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def readable_start(data: bytes) -> str | None:
    """Text with something else behind it: a payload and a signature that were taken for one word of base64."""
    match = _START.match(data)
    return match.group().decode("ascii") if match else None


def digits_only(data: bytes) -> str | None:
    """Binary data with a line end for everything that cannot be in a number, if it has long numbers at all."""
    if not _LONG_NUMBER.search(data):
        return None
    return data.translate(_NOT_DIGIT, b"\x00").decode("ascii")  # UTF-16 is ASCII with zeros between


def strings(data: bytes) -> list[str]:
    """The readable strings of a binary serialisation (pickle, Marshal, MessagePack), where most of it is readable."""
    if len(data) < _SHORTEST_STRINGS or 3 * len(data.translate(None, _PRINTABLE)) > len(data):
        return []
    return [text.decode("ascii") for text in _STRING.findall(data)]


def from_json(text: str) -> object:
    """The document, or ``None`` for what is no JSON (and for ``null``)."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return None
