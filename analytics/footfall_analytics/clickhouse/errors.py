"""What can go wrong on the way to ClickHouse, said so that somebody can act on it."""

from __future__ import annotations


class ClickHouseUnavailable(Exception):  # noqa: N818  (the name says the state; callers wait for it to pass)
    """ClickHouse cannot be had now: a server that does not answer, an engine that is held or starting.

    The message says what happened, why, and what to do. Events wait in the journal meanwhile.
    """


class DataDirectoryDamaged(ClickHouseUnavailable):
    """The embedded engine cannot open its directory: damaged, not writable, or not one of its own."""


class EngineMissing(ClickHouseUnavailable):
    """The embedded engine is not installed."""
