"""What somebody who watches the way of the events is told."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from footfall.event import Drop, Event
from footfall_analytics import ClickHouse, Metrics, MetricsEndpoint, sink
from footfall_analytics.metrics import measure, prometheus
from footfall_analytics.shipped import ShippedSoFar, write_shipped
from footfall_analytics.shipper import Shipper

NOW = 1_790_000_000_000
VIEW = Event(time_ms=NOW, site="main", kind="page_view", path="/")


@pytest.fixture
def clickhouse(tmp_path: Path) -> ClickHouse:
    """A sink whose shipper runs only when the test says so."""
    return ClickHouse(f"chdb://{tmp_path}/clickhouse", ship=False, quota=1_000_000)


def ship(clickhouse: ClickHouse) -> None:
    clickhouse.journal.seal()
    shipper = Shipper(clickhouse.url, clickhouse.journal.directory)
    shipper.ship_once()
    shipper.disconnect()


def test_a_journal_that_is_not_there_yet_measures_nothing(tmp_path: Path) -> None:
    metrics = measure(tmp_path / "none", quota=5)
    assert metrics == Metrics(
        waiting_segments=0,
        waiting_bytes=0,
        oldest_unshipped=0,
        quota=5,
        set_aside=0,
        rows=0,
        requests=0,
        shipper_lag=0,
        failing=0,
    )


def test_what_waits_and_what_was_shipped_adds_up(clickhouse: ClickHouse) -> None:
    for _ in range(3):
        clickhouse.journal.append(VIEW)
    clickhouse.journal.append(Drop(NOW, "main", "static", 4))
    waiting = clickhouse.metrics()
    assert (waiting.waiting_segments, waiting.rows, waiting.quota) == (1, 0, 1_000_000)
    assert waiting.waiting_bytes > 100
    ship(clickhouse)
    shipped = clickhouse.metrics()
    assert (shipped.waiting_segments, shipped.waiting_bytes, shipped.shipper_lag) == (0, 0, 0)
    assert (shipped.rows, shipped.requests, shipped.dropped) == (3, 7, {"static": 4})


def test_counts_grow_over_restarts(clickhouse: ClickHouse) -> None:
    for _ in range(2):
        clickhouse.journal.append(VIEW)
        ship(clickhouse)
    assert clickhouse.metrics().rows == 2


def test_the_age_of_an_outage_is_told_until_a_batch_is_taken(clickhouse: ClickHouse) -> None:
    directory = clickhouse.journal.directory
    clickhouse.journal.append(VIEW)
    write_shipped(directory, ShippedSoFar(rows=1, at=1000.0).failing(1500.0).failing(1600.0))
    assert measure(directory, quota=1, now=1700.0).failing == 200
    ship(clickhouse)
    assert clickhouse.metrics().failing == 0


def test_damaged_figures_are_none_and_shipping_goes_on(clickhouse: ClickHouse) -> None:
    clickhouse.journal.append(VIEW)
    (clickhouse.journal.directory / "shipped.json").write_bytes(b'{"rows": "many')
    ship(clickhouse)
    assert clickhouse.metrics().rows == 1


def test_prometheus_is_told_in_its_format(clickhouse: ClickHouse) -> None:
    clickhouse.journal.append(VIEW)
    clickhouse.journal.append(Drop(NOW, "main", "health", 2))
    ship(clickhouse)
    app = Starlette(routes=[Mount("/metrics", MetricsEndpoint(clickhouse))])
    with TestClient(app) as client:
        answer = client.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    lines = answer.text.splitlines()
    assert "footfall_rows_total 1" in lines
    assert 'footfall_dropped_total{reason="health"} 2' in lines
    assert "# TYPE footfall_journal_oldest_unshipped_seconds gauge" in lines
    named = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    assert {line.split("{")[0].split(" ")[0] for line in lines if not line.startswith("#")} <= named
    assert answer.text == prometheus(clickhouse.metrics())


def test_a_callback_is_called_and_its_mistakes_stop_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sink, "KEEP_EVERY", 0.01)
    told, twice = list[Metrics](), threading.Event()

    def on_metrics(metrics: Metrics) -> None:
        told.append(metrics)
        if len(told) > 1:
            twice.set()
        raise RuntimeError("a callback that fails")

    clickhouse = ClickHouse(f"chdb://{tmp_path}/clickhouse", ship=False, on_metrics=on_metrics)
    clickhouse.record(VIEW)
    assert twice.wait(10)
    clickhouse.close()
    assert told[0].waiting_segments == 1
