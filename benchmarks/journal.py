"""What an event costs on its way: the append to the journal, and a journal shipped into the embedded engine."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from footfall.event import Event
from footfall_analytics.clickhouse import connect
from footfall_analytics.delivery import PART_ROWS
from footfall_analytics.enrich.rows import COLUMNS, columns_of
from footfall_analytics.journal import Journal
from footfall_analytics.shipper import Shipper

EVENTS = 100_000
_AGENTS = 50


def events(count: int) -> Iterator[Event]:
    """Page views of some hundred visitors with fifty kinds of browsers."""
    for number in range(count):
        yield Event(
            time_ms=1_790_000_000_000 + number * 37,
            site="main",
            kind="page_view",
            host="site.example",
            method="GET",
            path=f"/books/{number % 997}",
            route="/books/{id}",
            status=200,
            bytes=12_345 + number % 1000,
            duration_us=850 + number % 400,
            referrer="https://search.example/" if number % 5 == 0 else "https://site.example/books",
            user_agent=f"Mozilla/5.0 (X11; Linux x86_64; rv:{100 + number % _AGENTS}.0) Gecko/20100101 Firefox/140.0",
            ip="203.0.113.0",
            language="en-gb",
            visitor_id=f"6f1c1f0e-2f64-4f2e-9d0a-{number % 331:012x}",
            visit_number=1 + number % 3,
            member_id=f"member-{number % 331}" if number % 3 else "",
            purposes=("analytics", "necessary", "preferences"),
            policy_version=1,
            consent_source="banner",
        )


def measure() -> list[tuple[str, float, float]]:
    """Rows of (name, figure, target); a target of 0 is none."""
    batch = list(events(EVENTS))
    with tempfile.TemporaryDirectory() as directory:
        url = f"chdb://{directory}/clickhouse"
        journal = Journal(Path(directory) / "journal")
        began = time.perf_counter()
        for event in batch:
            journal.append(event)
        appended = (time.perf_counter() - began) / EVENTS * 1e6
        size = sum(path.stat().st_size for path in journal.directory.iterdir()) / EVENTS
        journal.close()
        raw = _raw_insert(f"{url}-raw", batch)
        shipped, stored = _ship(url, journal)
    return [
        ("append one event, µs", appended, 3.0),
        ("bytes of a journal line", size, 0.0),
        ("ship with enrichment, events/s (at least)", shipped, 100_000.0),
        ("ship ÷ raw column insert of the same rows (at least)", shipped / raw, 0.4),
        ("bytes a page view stored, one table", stored, 35.0),
    ]


def _ship(url: str, journal: Journal) -> tuple[float, float]:
    shipper = Shipper(url, journal.directory)
    connection = shipper._connected()
    began = time.perf_counter()
    rows = shipper.ship_once().rows
    rate = rows / (time.perf_counter() - began)
    connection.client.command("OPTIMIZE TABLE footfall.events FINAL")
    asked = "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table = 'events' AND database = 'footfall'"
    stored = int(connection.client.command(asked)) / rows
    shipper.disconnect()
    return rate, stored


def _raw_insert(url: str, batch: list[Event]) -> float:
    """Rows a second of the same columns, worked out beforehand."""
    names, types = [name for name, _ in COLUMNS], [kind for _, kind in COLUMNS]
    parts = [columns_of(batch[start : start + PART_ROWS]) for start in range(0, len(batch), PART_ROWS)]
    with connect(url) as connection:
        columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS)
        connection.client.command(f"CREATE TABLE raw ({columns}) ENGINE = MergeTree ORDER BY time")
        began = time.perf_counter()
        for part in parts:
            connection.client.insert("raw", part, column_names=names, column_type_names=types, column_oriented=True)
        return len(batch) / (time.perf_counter() - began)


if __name__ == "__main__":
    for name, figure, target in measure():
        print(f"{name:56} {figure:12,.2f} {target:12,.2f}")
