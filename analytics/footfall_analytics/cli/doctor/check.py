"""What one check of ``footfall doctor`` finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Check:
    """How one thing is. ``ok`` is None where there is nothing to look at yet, which is no fault."""

    check: str
    ok: bool | None
    said: str
    todo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is looked at."""

    analytics: str  # URL of the ClickHouse
    store: str  # URL of the store
    journal: str | None  # directory; None is where the sink has it unless told otherwise
    now: datetime


def from_message(check: str, message: str) -> Check:
    """A fault from an error that says what happened, why, and after its last semicolon what to do."""
    said, separator, todo = message.rpartition("; ")
    return Check(check, False, said, todo) if separator else Check(check, False, message)
