"""``footfall ship``: the shipper as a process of its own, for apps whose sink says ``ship=False``, or after a crash."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import click

from footfall_analytics.cli.failures import Failure
from footfall_analytics.cli.options import analytics_option, journal_option, target_of
from footfall_analytics.reports.amounts import amount
from footfall_analytics.shipper import Shipper, elected
from footfall_analytics.sink import journal_of


@click.command(short_help="Carry waiting events from the journal into ClickHouse.")
@click.option("--once", is_flag=True, help="Ship what waits now, and end.")
@analytics_option
@journal_option
def ship(once: bool, url: str, journal: str | None) -> None:
    """Ship the journal until Ctrl-C or SIGTERM. One process ships a journal at a time; others wait for their turn."""
    target_of(url)
    directory = Path(journal) if journal is not None else journal_of(url)
    if not directory.is_dir():
        raise Failure(f"no journal here: {directory} does not exist; start the app first, or name it with --journal")
    shipper = Shipper(url, directory)
    if once:
        _ship_once(shipper, directory)
    else:
        _ship_on(shipper, directory)


def _ship_once(shipper: Shipper, directory: Path) -> None:
    with elected(directory) as mine:
        if not mine:
            click.echo(f"another process ships {directory}; there is nothing to do")
            return
        try:
            shipped = shipper.ship_once()
        finally:
            shipper.disconnect()
    rows, requests = amount(shipped.rows, "row"), amount(shipped.requests, "request")
    click.echo(f"shipped {rows} of {requests}")


def _ship_on(shipper: Shipper, directory: Path) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    click.echo(f"shipping {directory}; stop with Ctrl-C", err=True)
    shipper.run(stop)
