"""How the way of the events is doing, for those who watch it: figures, their Prometheus text, and an endpoint.

They are of the journal and its one shipper, so every worker that shares the journal gives the same answer.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from footfall_analytics.segments import journal_status
from footfall_analytics.shipped import read_shipped

_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """One look at a journal. Times are seconds, sizes bytes; counts are since the journal began, and only grow."""

    waiting_segments: int  # files that wait, those that are being written among them
    waiting_bytes: int
    oldest_unshipped: float  # how long the oldest of them has been waiting
    quota: int  # over it the newest events are dropped, and counted
    set_aside: int  # batches and events that ClickHouse refused for good: somebody should look at them
    rows: int  # that are in ClickHouse
    requests: int  # that were accounted for: as rows, or as dropped for a reason
    dropped: Mapping[str, int] = field(default_factory=dict)  # requests that became no row, by reason
    shipper_lag: float  # since the last acknowledgement while something waits; 0 when nothing does
    failing: float  # for how long ClickHouse has been refusing, or away; 0 while it takes what it is sent


def measure(journal: Path, *, quota: int, now: float | None = None) -> Metrics:
    """Look at a journal now. Raises nothing for one that is not there yet: everything is 0."""
    now = time.time() if now is None else now
    status, shipped = journal_status(journal), read_shipped(journal)
    waits = status.open + status.sealed > 0
    return Metrics(
        waiting_segments=status.open + status.sealed,
        waiting_bytes=status.bytes,
        oldest_unshipped=status.oldest_age,
        quota=quota,
        set_aside=status.rejected,
        rows=shipped.rows,
        requests=sum(shipped.outcomes.values()),
        dropped={reason: count for reason, count in sorted(shipped.outcomes.items()) if reason != "row"},
        shipper_lag=max(0.0, min(now - shipped.at, status.oldest_age)) if waits else 0.0,
        failing=max(0.0, now - shipped.failing_since) if shipped.failing_since else 0.0,
    )


#: Field, name in Prometheus, kind, meaning.
_SHOWN = (
    ("waiting_segments", "journal_waiting_segments", "gauge", "Files of the journal that wait to be shipped"),
    ("waiting_bytes", "journal_waiting_bytes", "gauge", "Bytes of the journal that wait to be shipped"),
    ("oldest_unshipped", "journal_oldest_unshipped_seconds", "gauge", "Age of the oldest waiting file"),
    ("quota", "journal_quota_bytes", "gauge", "Bytes that the journal may hold"),
    ("set_aside", "journal_set_aside", "gauge", "Batches and files of events that ClickHouse refused for good"),
    ("rows", "rows_total", "counter", "Rows that are in ClickHouse"),
    ("requests", "requests_total", "counter", "Requests accounted for, as rows or as dropped"),
    ("shipper_lag", "shipper_lag_seconds", "gauge", "Since ClickHouse last took a batch, while something waits"),
    ("failing", "shipper_failing_seconds", "gauge", "For how long ClickHouse has been refusing, or away"),
)


def prometheus(metrics: Metrics) -> str:
    """The figures in Prometheus's text format 0.0.4, every name beginning with ``footfall_``."""
    return "".join(_lines(metrics))


def _lines(metrics: Metrics) -> Iterator[str]:
    for field_name, name, kind, meaning in _SHOWN:
        yield from _head(name, kind, meaning)
        yield f"footfall_{name} {_figure(getattr(metrics, field_name))}\n"
    yield from _head("dropped_total", "counter", "Requests that became no row, by reason")
    for reason, count in metrics.dropped.items():
        yield f'footfall_dropped_total{{reason="{reason}"}} {count}\n'


def _figure(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def _head(name: str, kind: str, meaning: str) -> Iterator[str]:
    yield f"# HELP footfall_{name} {meaning}\n"
    yield f"# TYPE footfall_{name} {kind}\n"


class Measured(Protocol):
    """What has figures: the sink ``ClickHouse``."""

    def metrics(self) -> Metrics: ...


class MetricsEndpoint:
    """An ASGI app that answers with the figures: ``Mount("/metrics", MetricsEndpoint(sink))``.

    They name nobody; who may read them is for the app to say, with an access rule for its path.
    """

    def __init__(self, sink: Measured) -> None:
        self._sink = sink

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        metrics = await run_in_threadpool(self._sink.metrics)  # it looks at the disk
        response = PlainTextResponse(
            prometheus(metrics), media_type=_CONTENT_TYPE, headers={"Cache-Control": "no-store"}
        )
        await response(scope, receive, send)
