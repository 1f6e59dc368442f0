"""Numbers in sentences."""

from __future__ import annotations


def amount(count: object, noun: str) -> str:
    """``amount(1, "row")`` is "1 row", ``amount(1200, "row")`` is "1,200 rows"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
