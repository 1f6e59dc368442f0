"""Where events go: the one seam between the middleware and the analysts' half."""

from __future__ import annotations

from typing import Protocol

from footfall.event import Drop, Event


class EventSink(Protocol):
    """Takes every event of one worker process. No method may block on a network or raise for a full disk."""

    def open(self) -> None:
        """Called once in each worker, before its first event."""

    def record(self, event: Event) -> None:
        """Keep the event: when this returns, it survives the death of the process."""

    def drop(self, drop: Drop) -> None:
        """Count a request that becomes no row."""

    def close(self) -> None:
        """Called when the worker stops in an orderly way. Later calls of ``record`` reopen."""


class NoSink:
    """Keeps nothing: for an app that wants consent, sessions and the guard, and no analytics."""

    def open(self) -> None: ...
    def record(self, event: Event) -> None: ...
    def drop(self, drop: Drop) -> None: ...
    def close(self) -> None: ...


class MemorySink:
    """Keeps everything in lists: for the tests of an app."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.drops: list[Drop] = []

    def open(self) -> None: ...

    def record(self, event: Event) -> None:
        self.events.append(event)

    def drop(self, drop: Drop) -> None:
        self.drops.append(drop)

    def close(self) -> None: ...
