"""Every benchmark in one run: a table for each topic, and all figures in ``build/bench.json``."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import guard_billing, import_logs, journal, reports, requests, served, sessions, token_timing

#: Name, figure, and what it should be at most or, where the name says "at least", at least.
Rows = list[tuple[str, float, float]]

TOPICS: tuple[tuple[str, Callable[[], Rows]], ...] = (
    ("A request: cost added ÷ what Starlette's SessionMiddleware adds", requests.measure),
    ("A served app with Footfall, and the same without", served.measure),
    ("Sign-in state", sessions.measure),
    ("Guessed tokens: what their refusal takes", token_timing.measure),
    ("Billing data in a cookie, µs", guard_billing.measure),
    ("Journal and shipper", journal.measure),
    ("Import of access logs", import_logs.measure),
    ("Reports beside Plausible's schema", reports.measure),
)
RESULT = Path("build/bench.json")


def main() -> None:
    console = Console()
    figures: dict[str, dict[str, dict[str, float]]] = {}
    for topic, measure in TOPICS:
        with console.status(topic):
            rows = measure()
        console.print(_table(topic, rows))
        figures[topic] = {name: {"figure": figure, "target": target} for name, figure, target in rows}
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps({"python": platform.python_version(), "figures": figures}, indent=1))
    console.print(f"Written to {RESULT}")


def _table(topic: str, rows: Rows) -> Table:
    table = Table("", "figure", "target", title=topic, title_justify="left")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, figure, target in rows:
        table.add_row(name, f"{figure:,.2f}", f"{target:,.2f}" if target else "")
    return table


if __name__ == "__main__":
    main()
