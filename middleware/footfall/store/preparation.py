"""A store is prepared once, and not tried again with every request while it will not open."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from footfall.store.errors import StoreUnavailable

#: What would not open is tried again after this time.
RETRY_S = 1.0


class Preparation:
    """Runs ``prepare`` before the first use, and again after ``doubt``. May be used from any thread."""

    def __init__(self, prepare: Callable[[], object]) -> None:
        self._prepare = prepare
        self._lock = threading.Lock()
        self._failure: tuple[float, StoreUnavailable] | None = None  # until when, and what
        self.done = False

    def ensure(self, patience: float) -> None:
        """Prepare, or wait so many seconds for the thread that does. Raises StoreUnavailable; at once, while the
        last failure is fresh or another thread tries again."""
        if self.done:
            return
        self.refuse()
        if not self._lock.acquire(timeout=0 if self._failure else max(0.0, patience)):
            raise self._again() or StoreUnavailable("the store is still being brought up to date; try again soon")
        try:
            if not self.done:
                self.refuse()
                self._try()
        finally:
            self._lock.release()

    def refuse(self) -> None:
        """Raise the last failure again while it is fresh."""
        failure = self._failure
        if failure is not None and time.monotonic() < failure[0]:
            raise self._again() or failure[1]

    def fail(self, error: StoreUnavailable) -> None:
        """It does not answer any more."""
        self._failure = (time.monotonic() + RETRY_S, error)
        self.done = False

    def doubt(self) -> None:
        """It may not be what it was: prepare it again with the next use."""
        self.done = False

    def try_again(self) -> None:
        """Forget that it would not open."""
        self._failure = None

    def _try(self) -> None:
        try:
            self._prepare()
        except StoreUnavailable as error:
            self.fail(error)
            raise
        self._failure, self.done = None, True

    def _again(self) -> StoreUnavailable | None:
        """The failure anew: the same one raised again and again would gather tracebacks."""
        failure = self._failure
        return type(failure[1])(*failure[1].args) if failure else None
