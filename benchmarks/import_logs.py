"""What a line of an imported access log costs, on one core, with the insert into the embedded ClickHouse.

The log is the sample of 10,000 real lines ten times, each time a year later, or, where the sample is not beside the
repository, lines made up here. Targets: 20,000 lines a second for an import, 150,000 events a second for enrichment.
All is processor time, of the engine's threads too: what else runs on the machine does not count.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from footfall.event import Event
from footfall_analytics.clickhouse import connect, migrate
from footfall_analytics.enrich.rows import columns_of
from footfall_analytics.importer import ImportReport, import_logs
from footfall_analytics.logbatch import read_line
from footfall_analytics.logevents import to_event

SAMPLE = Path(__file__).parents[2] / "shared" / "data" / "access_combined.log"
COPIES = 10
ROUNDS = 5

Row = tuple[str, float, float]


def sample() -> list[bytes]:
    if SAMPLE.exists():
        return SAMPLE.read_bytes().splitlines(keepends=True)
    return list(made_up(10_000))


def made_up(count: int) -> Iterator[bytes]:
    chance = random.Random(7)  # noqa: S311 - the same lines every time
    agents = [f"Mozilla/5.0 (X11; Linux x86_64; rv:{n}.0) Gecko/20100101 Firefox/{n}.0" for n in range(50, 500)]
    paths = [*(f"/books/{n}" for n in range(900)), *(f"/img/{n}.png" for n in range(600)), "/list.pdf"]
    for number in range(count):
        day, hour, minute, second = 1 + number // 1440 % 28, number // 60 % 24, number % 60, number % 59
        at = f"{day:02}/May/2015:{hour:02}:{minute:02}:{second:02} +0000"
        line = (
            f'192.0.2.7 - - [{at}] "GET {chance.choice(paths)} HTTP/1.1" 200 {number} "-" "{chance.choice(agents)}"\n'
        )
        yield line.encode()


def write_log(path: Path) -> str:
    lines = sample()
    with path.open("wb") as file:
        for year in range(2015, 2015 + COPIES):
            file.writelines(line.replace(b"/2015:", b"/%d:" % year, 1) for line in lines)
    return str(path)


@contextmanager
def one_core() -> Iterator[None]:
    """Keep this process, and the threads that it starts now, on one core, where the system can."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def imports(folder: Path) -> list[Row]:
    path = write_log(folder / "access.log")
    with connect(f"chdb://{folder}/clickhouse") as connection:
        migrate(connection.client, connection.database)

        def run() -> tuple[ImportReport, float]:
            began = time.process_time()
            report = import_logs(connection.client, [path], site="main", database=connection.database)
            return report, (time.process_time() - began) / report.lines * 1e6

        (first, cost), (again, cost_again) = run(), run()
    if again.skipped != first.lines:
        raise RuntimeError(f"a second import added {again.lines - again.skipped:,} lines; it must add none")
    return [("a line imported", cost, 50.0), ("a line imported before", cost_again, 5.0)]


def best(run: Callable[[], object], size: int) -> float:
    """Microseconds for one of ``size``, in the best of the rounds: warm caches."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        run()
        rounds.append(time.process_time() - began)
    return min(rounds) / size * 1e6


def steps(lines: Sequence[bytes]) -> list[Row]:
    read = [line for line in map(read_line, lines) if line]
    events = [made for line in read if isinstance(made := to_event(line, "main"), Event)]
    return [
        ("a line read", best(lambda: [read_line(line) for line in lines], len(lines)), 15.0),
        ("a line made an event", best(lambda: [to_event(line, "main") for line in read], len(read)), 10.0),
        ("an event enriched", best(lambda: columns_of(events), len(events)), 6.67),
    ]


def measure() -> list[Row]:
    """Rows of name, microseconds, and the target they must stay within."""
    with one_core(), tempfile.TemporaryDirectory() as folder:
        return [*imports(Path(folder)), *steps(sample())]


if __name__ == "__main__":
    for name, figure, target in measure():
        print(f"{name:28} {figure:8.2f} µs   target {target:6.2f}   {1e6 / figure:12,.0f} a second")
