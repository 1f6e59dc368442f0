"""``footfall import FILE…``: access logs become rows, and every line is accounted for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from footfall_analytics.cli.cells import printable
from footfall_analytics.cli.failures import FAILED, OK, Failure
from footfall_analytics.cli.options import analytics_option, connected, format_option
from footfall_analytics.cli.printing import Format, print_rows
from footfall_analytics.clickhouse import migrate
from footfall_analytics.importer import ImportReport, Progress, import_logs
from footfall_analytics.logreader import NotALog
from footfall_analytics.reports.amounts import amount

_HELP = """Import access logs in the common or the combined format; gzip too, and - is the standard input.

Each line becomes a row, or is counted with the reason why not. Importing a file again adds nothing, and a file that
has grown adds what is new. Logs carry no consent: their rows are anonymous, and no address is kept.

Exit code 1 means that nothing, or not everything, could be imported; malformed lines are counted, and no failure.
"""

_COLUMNS = ("outcome", "lines")
_TOLD_EVERY = 5.0  # seconds


@click.command("import", help=_HELP, short_help="Import access logs; every line is a row or a counted reason.")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--site", default="main", show_default=True, metavar="SITE", help="The site that the lines belong to.")
@click.option("--host", default="", metavar="HOST", help="The site's own host, so that its pages are no referrers.")
@format_option
@analytics_option
def import_(files: tuple[str, ...], site: str, host: str, form: Format, url: str) -> int:
    """Import the files and say what became of their lines."""
    if not 1 <= len(site) <= 64:
        raise click.UsageError(f"site {site!r} has {len(site)} characters; give a name of 1 to 64")
    try:
        with connected(url, create=True) as connection, _telling() as progress:
            migrate(connection.client, connection.database)
            report = import_logs(
                connection.client, files, site=site, host=host, database=connection.database, progress=progress
            )
    except NotALog as error:
        raise Failure(f"{error.path} cannot be imported; {error.why}") from None
    except OSError as error:
        if error.filename is None:
            raise  # of no file of ours
        raise Failure(
            f"{error.filename} cannot be read; {error.strerror}; import again when it can be: nothing counts twice"
        ) from None
    _show(report, form)
    return OK if _balanced(report) else FAILED


@contextmanager
def _telling() -> Iterator[Callable[[Progress], None]]:
    """A bar where somebody watches, a line for each file elsewhere; on the standard error, both."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), DownloadColumn())
    with Bar(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        yield _Bars(bar)


class _Bars:
    """One bar a file."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, progress: Progress) -> None:
        name = printable(progress.file)
        if name not in self._tasks:
            self._tasks[name] = self._bar.add_task(name, total=progress.size or None)
        self._bar.update(self._tasks[name], completed=progress.position)


class _Lines:
    """A line now and then, for a log of the import."""

    def __init__(self) -> None:
        self._told = 0.0

    def __call__(self, progress: Progress) -> None:
        if progress.seconds - self._told >= _TOLD_EVERY:
            self._told = progress.seconds
            click.echo(f"{printable(progress.file)}: {progress.lines:,} lines so far", err=True)


def _outcomes(report: ImportReport) -> list[tuple[str, int]]:
    counted = [("row", report.rows), *report.drops.most_common(), ("imported before", report.skipped)]
    return [(outcome, lines) for outcome, lines in counted if lines]


def _balanced(report: ImportReport) -> bool:
    return report.lines == sum(lines for _, lines in _outcomes(report))


def _show(report: ImportReport, form: Format) -> None:
    outcomes = _outcomes(report)
    if form != "table":
        print_rows(form, _COLUMNS, outcomes)
    else:
        _show_table(report, outcomes)
    for number, why in report.malformed:
        click.echo(f"line {number:,} of {printable(why)}", err=form != "table")
    if not _balanced(report):
        click.echo(f"does not add up: {report.lines:,} lines were read", err=True)


def _show_table(report: ImportReport, outcomes: list[tuple[str, int]]) -> None:
    speed = f"{report.lines / report.seconds:,.0f} lines/s" if report.seconds else ""
    click.echo(f"Imported in {report.seconds:.1f} s, {speed}\n")
    print_rows("table", _COLUMNS, outcomes, total=("total", report.lines))
    balance = f"{amount(report.lines, 'line')} = {amount(report.rows, 'row')}"
    before = f" + {report.skipped:,} imported before" if report.skipped else ""
    click.echo(f"\n{balance} + {report.drops.total():,} counted by reason{before}.")
    if report.documents:
        click.echo(f"Documents fetched: {report.documents:,}; each has a second row, beside that of its request.")
    malformed = report.drops["malformed"]
    if malformed > len(report.malformed):
        click.echo(f"Of {malformed:,} malformed lines, the first {len(report.malformed)}:")
    elif malformed:
        click.echo("Malformed:")
