"""The fields of one record, and what they say of each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from footfall.guard.billing.digits import fold
from footfall.guard.billing.fields import is_account, is_expiry, is_routing, is_security_code
from footfall.guard.billing.finding import Kind
from footfall.guard.billing.keys import Role, role

#: Key, value, and what the key claims.
Field = tuple[str, object, Role]

_LONGEST_KEY = 96
_LARGEST = 10**40  # nothing longer is a number of a card or a bank, and text of huge integers is slow to make

_SMALLEST_CARD = 10**11
_SHORTEST = 7  # characters
_LONGEST_WORDS = 64
_WORDS = re.compile(r"[a-z]+(?:[ _\-.][a-z]+)*|[0-9]{1,11}|[0-9]{1,10}\.[0-9]{1,6}")  # or a number, as text

_NAMES = ("name", "key", "field", "k", "label", "id")
_VALUES = ("value", "val", "v", "content")
_MOST_NAMED = 256


def scalar(value: object) -> str:
    """A string or number as text; everything else is empty."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _LARGEST else ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if -_LARGEST < value < _LARGEST else ""
    return ""


def is_trivial(value: object) -> bool:
    """Nothing that could be billing data without a key that says so, nor anything wrapped."""
    if isinstance(value, str):
        return len(value) < _SHORTEST or (len(value) <= _LONGEST_WORDS and _WORDS.fullmatch(value) is not None)
    if isinstance(value, int | float):
        return -_SMALLEST_CARD < value < _SMALLEST_CARD
    return not value  # nothing, or an empty container


def fields_of(record: Mapping[Any, object], context: str) -> list[Field]:
    """The fields with a name, and what their names claim."""
    fields = [(key, value, role(key[:_LONGEST_KEY], context)) for key, value in record.items() if isinstance(key, str)]
    if (pair := _serialised(record)) is not None:
        fields.append((*pair, role(pair[0], context)))
    return fields


def named(items: Sequence[object]) -> dict[str, object] | None:
    """A form as it is serialised, ``[{"name": "cvv", "value": "123"}, …]``, as the record that it was."""
    found = [_serialised(item) for item in items[:_MOST_NAMED] if isinstance(item, dict)]
    pairs = [pair for pair in found if pair is not None]
    return dict(pairs) if pairs and len(pairs) == len(items) else None


def _serialised(record: Mapping[Any, object]) -> tuple[str, object] | None:
    for held in _VALUES:
        if held in record:
            keys = (record[name] for name in _NAMES if isinstance(record.get(name), str))
            return next(((str(key)[:_LONGEST_KEY], record[held]) for key in keys), None)
    return None


def has_evidence(fields: list[Field]) -> bool:
    """A security code or an expiry date: a card number is near."""
    for _, value, found in fields:
        if found is Role.SECURITY_CODE and is_security_code(_short(value)):
            return True
        if found is Role.EXPIRY and is_expiry(_short(value)):
            return True
    return False


def by_neighbours(field: Field, fields: list[Field]) -> Kind | None:
    """What a field is because of the fields beside it: an account by its routing number, and the reverse."""
    _, value, found = field
    if found is Role.EXPIRY:
        return "expiry" if is_expiry(_short(value)) else None
    if found is Role.ACCOUNT and is_account(_short(value)):
        return "bank_account" if _any(fields, (Role.ROUTING, Role.ROUTING_NUMBER), is_routing) else None
    if found is Role.ROUTING and is_routing(_short(value)):
        return "routing_number" if _any(fields, (Role.ACCOUNT, Role.BANK_ACCOUNT), is_account) else None
    return None


def _any(fields: list[Field], roles: tuple[Role, Role], holds: Callable[[str], bool]) -> bool:
    return any(holds(_short(value)) for _, value, found in fields if found in roles)


def _short(value: object) -> str:
    return fold(scalar(value)[:64])
