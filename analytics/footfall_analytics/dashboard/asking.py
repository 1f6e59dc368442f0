"""One connection that the pages share: opened with the first question, and again when it has died."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from clickhouse_connect.driver.exceptions import ClickHouseError, DatabaseError

from footfall_analytics.reports import Reports

T = TypeVar("T")


class Asking:
    """Asks the reports of one ClickHouse, from any thread."""

    def __init__(self, url: str, clock: Callable[[], datetime]) -> None:
        self._url = url
        self._clock = clock
        self._opening = threading.Lock()
        self._reports: Reports | None = None
        atexit.register(self.close)

    def ask(self, question: Callable[[Reports], T]) -> T:
        """The answer. Raises ``ClickHouseUnavailable``, or the client's error where a new connection does not help."""
        reports = self._opened()
        try:
            return question(reports)
        except DatabaseError:
            raise  # an answer, and asking again would give the same
        except ClickHouseError:  # whoever held the engine is gone; somebody else has it now, or we take it
            self._close(reports)
            return question(self._opened())

    def close(self) -> None:
        if (reports := self._reports) is not None:
            self._close(reports)

    def _opened(self) -> Reports:
        with self._opening:
            if self._reports is None:
                self._reports = Reports(self._url, clock=self._clock)
            return self._reports

    def _close(self, reports: Reports) -> None:
        with self._opening:
            if self._reports is reports:
                self._reports = None
                reports.close()
