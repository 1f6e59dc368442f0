"""How one value looks in a table, in JSON and in CSV. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

NOTHING = "–"
_SMALLEST_SHARE = 0.001
_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


@dataclass(frozen=True, slots=True)
class Compared:
    """A number now, and what it was in the period before."""

    now: object
    before: object
    change: object

    def told(self, column: str) -> str:
        """``1,200 (1,000, +20.0%)``."""
        change = f", {self.change:+.1%}" if isinstance(self.change, float) else ""
        return f"{in_table(column, self.now)} ({in_table(column, self.before)}{change})"


def in_table(column: str, value: object) -> str:
    """For people: thousands apart, shares in percent, sizes in units, times to the minute."""
    if isinstance(value, Compared):
        return value.told(column)
    if value is None or value == "":
        return NOTHING
    if (column.endswith("share") or column.startswith("share_")) and isinstance(value, float):
        return f"{value:.1%}" if value == 0 or value >= _SMALLEST_SHARE else f"<{_SMALLEST_SHARE:.1%}"
    if column == "bytes" and isinstance(value, int):
        return size(value)
    return _plain(value)


def as_told(column: str, value: object) -> str:
    """For people who asked in SQL: each value as the engine told it, NULL apart from an empty text."""
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return printable(value)
    return printable(json.dumps(value, ensure_ascii=False))


def size(count: float) -> str:
    """A number of bytes in decimal units: ``12.3 MB``."""
    for unit in _UNITS:
        if count < 1000 or unit == _UNITS[-1]:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return ""


def printable(text: str) -> str:
    """The text without anything that a terminal would obey: a logged path may hold escape sequences."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def for_json(value: object) -> object:
    """The value in JSON's own types; times in ISO 8601."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): for_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [for_json(item) for item in value]
    return value


def in_csv(value: object) -> object:
    """The value in a CSV field; nothing for NULL."""
    return "" if value is None else for_json(value)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.1f}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M%z").removesuffix("+0000")
    return printable(str(value))
