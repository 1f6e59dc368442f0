"""Columns in ClickHouse's Native format: blocks that the engine takes without parsing a text. Pure.

The values of events repeat (sites, browsers, visitors), so each distinct one is encoded once and looked up from then
on. That is several times as fast as an encoder that treats every value by itself, and it is where a shipper spends
its time.
"""

from __future__ import annotations

import re
import uuid
from array import array
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import accumulate, chain
from typing import Any

_EPOCH = date(1970, 1, 1).toordinal()
_LOW_CARDINALITY = re.compile(r"LowCardinality\((\w+)\)")

#: Distinct values that are remembered, so that memory stays bounded whatever arrives.
_MOST_VALUES = 100_000

_Values = Sequence[Any]


class Blocks:
    """Encodes columns with these names and ClickHouse types, block after block; blocks may follow each other.

    ``LowCardinality`` is sent as what it holds: the engine fills its dictionaries faster than Python could. Raises
    ValueError for a type that no table of ours has.
    """

    def __init__(self, kinds: Mapping[str, str]) -> None:
        self._texts, self._ids = _Texts(), _Ids()
        self._columns = [self._column(name, _LOW_CARDINALITY.sub(r"\1", kind)) for name, kind in kinds.items()]

    def block(self, columns: Sequence[_Values]) -> bytes:
        """Columns of equal length as one block. A DateTime64 is its ticks, a DateTime its Unix time in seconds, a
        UUID its text, "" for the zero UUID. Raises ValueError for a value that its type cannot hold."""
        self._texts.stay_small()
        self._ids.stay_small()
        rows = len(columns[0])
        pieces = [_varint(len(self._columns)), _varint(rows)]
        for (name, head, encode), values in zip(self._columns, columns, strict=True):
            if len(values) != rows:
                raise ValueError(f"the column {name} has {len(values)} values, and others {rows}")
            pieces.append(head)
            try:
                pieces.append(encode(values))
            except (OverflowError, TypeError, AttributeError) as error:
                raise ValueError(f"{name}: a value does not fit: {error}") from None
        return b"".join(pieces)

    def _column(self, name: str, kind: str) -> tuple[str, bytes, Callable[[_Values], bytes]]:
        return name, _text(name) + _text(kind), self._encoder(kind)

    def _encoder(self, kind: str) -> Callable[[_Values], bytes]:
        match kind.partition("(")[0]:
            case "String":
                return self._strings
            case "UUID":
                return self._uuids
            case "Array":
                return self._arrays
            case "Map":
                return self._maps
            case plain if plain in _NUMBERS:
                return _NUMBERS[plain]
        raise ValueError(f"the type {kind} is not among those that are written here")

    def _strings(self, values: _Values) -> bytes:
        if values and values.count(values[0]) == len(values):  # one site, no query: most columns of most blocks
            return self._texts[values[0]] * len(values)
        return b"".join(map(self._texts.__getitem__, values))

    def _uuids(self, values: _Values) -> bytes:
        return b"".join(map(self._ids.__getitem__, values))

    def _arrays(self, values: _Values) -> bytes:
        return _ends(values) + self._strings(tuple(chain.from_iterable(values)))

    def _maps(self, values: Sequence[Mapping[str, str]]) -> bytes:
        if not any(values):
            return bytes(8 * len(values))
        keys = self._strings(tuple(chain.from_iterable(values)))
        return _ends(values) + keys + self._strings([text for value in values for text in value.values()])


def _ends(values: _Values) -> bytes:
    """Where each row's elements end, counted from the first of all."""
    return array("Q", accumulate(map(len, values))).tobytes()


def _array_of(code: str) -> Callable[[_Values], bytes]:
    return lambda values: array(code, values).tobytes()


def _bools(values: _Values) -> bytes:
    return bytes(map(bool, values))


def _days(values: Sequence[date]) -> bytes:
    return array("H", [day.toordinal() - _EPOCH for day in values]).tobytes()


_NUMBERS: dict[str, Callable[[_Values], bytes]] = {
    "UInt8": _array_of("B"),
    "UInt16": _array_of("H"),
    "UInt32": _array_of("I"),
    "UInt64": _array_of("Q"),
    "Int64": _array_of("q"),
    "DateTime": _array_of("I"),
    "DateTime64": _array_of("q"),
    "Date": _days,
    "Bool": _bools,
}


def _text(text: str) -> bytes:
    content = text.encode()
    return _varint(len(content)) + content


def _varint(number: int) -> bytes:
    encoded = bytearray()
    while number > 127:
        encoded.append(number & 127 | 128)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


class _Remembered(dict[str, bytes]):
    def stay_small(self) -> None:
        if len(self) > _MOST_VALUES:
            self.clear()


class _Texts(_Remembered):
    """Each text as it is written: how many bytes, and these."""

    def __missing__(self, text: str) -> bytes:
        self[text] = written = _text(text)
        return written


class _Ids(_Remembered):
    """Each UUID as it is written: its two halves, the lower byte of each first."""

    def __missing__(self, text: str) -> bytes:
        content = uuid.UUID(text).bytes if text else bytes(16)
        self[text] = written = content[7::-1] + content[:7:-1]
        return written
