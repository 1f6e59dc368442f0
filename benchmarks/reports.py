"""Our reports beside the same questions to Plausible's schema, on the same traffic in the same engine.

``python -m benchmarks.reports --full`` takes 2,000,000 visits with 6.75 M page views and their document, database and
member events, and prints each report; without it, a hundredth of that. Reports run as users run them, from Python
through the shared engine. The two take turns, so that what else runs on the machine slows both.
"""

from __future__ import annotations

import math
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from clickhouse_connect.driver.client import Client

from benchmarks import plausible, traffic
from footfall_analytics.clickhouse import connect, migrate
from footfall_analytics.reports import Reports
from footfall_analytics.reports.question import Asked

FULL = 2_000_000
PART = 20_000
ROUNDS = 5

#: Of the traffic: what realtime takes for now.
END = datetime(2026, 6, 30, tzinfo=UTC)

_STEPS = ("/", "document:*", "database:*")

Row = tuple[str, float, float]


def milliseconds(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def side_by_side(ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float]:
    """Medians of both, in milliseconds, the first time left out."""
    pairs = [(milliseconds(ours), milliseconds(theirs)) for _ in range(ROUNDS + 1)][1:]
    our, their = zip(*pairs, strict=True)
    return statistics.median(our), statistics.median(their)


def questions(reports: Reports, member: str) -> list[tuple[str, Callable[[], object]]]:
    """Each of our reports that Plausible's tables have an answer to."""
    more: dict[str, Asked] = {
        "retention": {"by": "week"},
        "timeline": {"member": member},
        "funnel": {"steps": _STEPS},
        "realtime": {"since": None, "until": None},
    }
    plain: Asked = {"limit": 50, "since": "2026-01-01", "until": "2026-07-31"}
    asked: dict[str, Asked] = {name: {**plain, **more.get(name, {})} for name in plausible.QUESTIONS}
    return [(name, partial(reports.run, name, **each)) for name, each in asked.items()]


def bytes_on_disk(client: Client, database: str) -> int:
    asked = "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = {database:String}"
    return int(client.query(asked, parameters={"database": database}).result_rows[0][0])


def merge(client: Client, *databases: str) -> None:
    """What ClickHouse does by itself in an hour."""
    asked = (
        "SELECT database, name FROM system.tables WHERE database IN {names:Array(String)} AND engine LIKE '%MergeTree'"
    )
    for database, table in client.query(asked, parameters={"names": list(databases)}).result_rows:
        client.command(f"OPTIMIZE TABLE {database}.{table} FINAL")


def somebody(client: Client, database: str) -> str:
    """A member with a middling number of events."""
    rows = client.query(
        f"SELECT member_id FROM {database}.member_log GROUP BY member_id ORDER BY count() DESC, member_id LIMIT 100"  # noqa: S608
    ).result_rows
    return str(rows[len(rows) // 2][0])


def compared(folder: str, visits: int) -> tuple[dict[str, tuple[float, float]], dict[str, float]]:
    """Milliseconds of ours and theirs by report, and bytes for each page view by database."""
    with connect(f"chdb://{folder}/clickhouse") as connection:
        client, database = connection.client, connection.database
        migrate(client, database)
        views = traffic.make(client, database, visits)
        plausible.make(client, "plausible", database)
        merge(client, database, "plausible")
        size = {name: bytes_on_disk(client, name) / views for name in (database, "plausible")}
        member = somebody(client, database)
        reports = Reports(connection, clock=lambda: END)
        times = {}
        for name, ours in questions(reports, member):
            theirs = partial(client.query, plausible.question(name, "plausible", member))
            times[name] = side_by_side(ours, theirs)
    return times, size


def mean_ratio(times: dict[str, tuple[float, float]]) -> float:
    """The geometric mean of ours ÷ theirs."""
    return math.exp(statistics.fmean(math.log(our / their) for our, their in times.values()))


def measure(visits: int = PART) -> list[Row]:
    """Rows of name, figure and target."""
    with tempfile.TemporaryDirectory() as folder:
        times, size = compared(folder, visits)
    return [
        ("our reports ÷ Plausible's, geometric mean", mean_ratio(times), 0.5),
        ("one member's timeline, ms", times["timeline"][0], 5.0),
        ("bytes a page view, ours", size["footfall"], 35.0),
        ("bytes a page view, Plausible", size["plausible"], 0.0),
    ]


def main() -> None:
    visits = FULL if "--full" in sys.argv[1:] else PART
    with tempfile.TemporaryDirectory() as folder:
        times, size = compared(folder, visits)
    print(f"{visits:,} visits; medians of {ROUNDS}, milliseconds")
    print(f"{'':12}{'ours':>10}{'Plausible':>12}{'ratio':>8}")
    for name, (our, their) in times.items():
        print(f"{name:12}{our:10,.1f}{their:12,.1f}{our / their:8.2f}")
    print(f"{'geometric mean':34}{mean_ratio(times):8.2f}")
    print(f"bytes a page view: ours {size['footfall']:.1f}, Plausible {size['plausible']:.1f}")


if __name__ == "__main__":
    main()
