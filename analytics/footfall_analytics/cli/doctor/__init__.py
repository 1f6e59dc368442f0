"""``footfall doctor``: how everything is, line by line, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from datetime import UTC, datetime

import click

from footfall_analytics.cli.cells import printable
from footfall_analytics.cli.doctor.access import check_access
from footfall_analytics.cli.doctor.check import Check, Place
from footfall_analytics.cli.doctor.clickhouse import check_clickhouse
from footfall_analytics.cli.doctor.setup import check_settings, check_versions
from footfall_analytics.cli.doctor.storage import check_disk, check_journal, check_store
from footfall_analytics.cli.failures import FAILED, OK
from footfall_analytics.cli.options import analytics_option, format_option, journal_option, store_option
from footfall_analytics.cli.printing import Format, print_rows

_MARKS = {True: ("✓", "green"), False: ("✗", "red"), None: ("–", None)}


@click.command(short_help="Look at everything, and say what to do.")
@format_option
@analytics_option
@store_option
@journal_option
@click.option("--app", metavar="MODULE:APP", help="Also list the access rules of this app, in their order.")
def doctor(form: Format, url: str, store_url: str, journal: str | None, app: str | None) -> int:
    """Look at versions, settings, ClickHouse, schema, clock, journal, store and disk. Nothing is made or changed.
    With an app, which is imported, also at its access rules: the first one that matches a path decides.

    ✓ is well, ✗ needs something done, – is not there to be looked at. Exit code 1 means that there is a ✗.
    """
    checks = list(_all(Place(analytics=url, store=store_url, journal=journal, now=datetime.now(UTC))))
    checks += check_access(app) if app is not None else ()
    if form == "table":
        for check in checks:
            _show(check)
    else:
        print_rows(form, ("check", "ok", "said", "todo"), [astuple(check) for check in checks])
    return FAILED if any(check.ok is False for check in checks) else OK


def _all(place: Place) -> Iterator[Check]:
    yield check_versions(place)
    yield check_settings(place)
    yield from check_clickhouse(place)
    yield check_journal(place)
    yield check_store(place)
    yield from check_disk(place)


def _show(check: Check) -> None:
    mark, color = _MARKS[check.ok]
    todo = f"; to do: {check.todo}" if check.todo else ""
    click.echo(f"{click.style(mark, fg=color)} {check.check:<12}{printable(check.said + todo)}")
