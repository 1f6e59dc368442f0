"""``footfall member show``, ``export`` and ``erase``: what is held of a person, all of it, and none of it any more."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bar

from footfall_analytics.cli.failures import Failure
from footfall_analytics.cli.member_files import as_csv_files, as_json
from footfall_analytics.cli.member_options import data_of, person, whose
from footfall_analytics.cli.options import format_option
from footfall_analytics.cli.printing import Format, print_json, print_rows
from footfall_analytics.members import ErasureIncomplete, MemberData, MemberSummary, Receipt
from footfall_analytics.reports.amounts import amount

_DEVICES = ("visitor_id", "browser", "os", "device", "visits", "last_seen")


T = TypeVar("T")


@click.command(short_help="What is held of a member, in counts.")
@person
@format_option
def show(member_id: str, visitor_id: str, url: str, store_url: str, journal: str | None, form: Format) -> None:
    """Show what is held of member ID, or of one browser: how many events, visits, sessions and records, when they were
    last seen, and with what devices."""
    data = data_of(url, store_url, journal, member_id, visitor_id)
    held = _asked(lambda: data.show(member_id) if member_id else data.show_visitor(visitor_id))
    if form == "table":
        _tell(held, whose(member_id, visitor_id))
    elif form == "json":
        print_json([_as_object(held)])
    else:
        print_rows(form, ("what", "count"), _counted(held))


@click.command(short_help="Hand over all that is held of a member.")
@person
@click.option(
    "--format", "form", type=click.Choice(["json", "csv"]), default="json", show_default=True, help="JSON or CSV."
)
@click.option(
    "--output",
    metavar="FILE|DIRECTORY",
    help="JSON: the file.  CSV: a new directory, or a file ending in .zip.  [default: JSON to the standard output]",
)
def export(
    member_id: str, visitor_id: str, url: str, store_url: str, journal: str | None, form: str, output: str | None
) -> None:
    """Export all that is held of member ID, or of one browser: events, visits, sessions and remembered browsers,
    consent records with the words that were shown, and the choices of the account.

    JSON is one document; CSV is one file for each table. Files can be read by you alone.
    """
    if form == "csv" and not output:
        raise click.UsageError(
            "--format csv writes a file for each table: say where with --output DIRECTORY or FILE.zip"
        )
    data = data_of(url, store_url, journal, member_id, visitor_id)
    held = _asked(lambda: data.export(member_id) if member_id else data.export_visitor(visitor_id))
    written = as_csv_files(held, output) if form == "csv" and output else as_json(held, output)
    if written:
        click.echo(f"wrote {written}", err=True)


@click.command(short_help="Erase a member, prove it, and leave a receipt.")
@person
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(member_id: str, visitor_id: str, url: str, store_url: str, journal: str | None, yes: bool) -> None:
    """Erase member ID, or one browser: sessions, choices, and every event, in the tables, their copies, the visits, the
    journal and the files that were set aside; then prove that nothing is left.

    Of a member: all that was done signed in, and what nobody did in the same visits. Consent records stay as evidence,
    with the receipt instead of the person. It may be interrupted and repeated.
    """
    data = data_of(url, store_url, journal, member_id, visitor_id)
    if not yes:
        _confirm(data, member_id, visitor_id)
    with _telling() as progress:
        receipt = _asked(
            lambda: (
                data.erase(member_id, progress=progress)
                if member_id
                else data.erase_visitor(visitor_id, progress=progress)
            )
        )
    _tell_receipt(receipt)


def _asked(ask: Callable[[], T]) -> T:
    """What is misuse on the command line is a ValueError in Python."""
    try:
        return ask()
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except ErasureIncomplete as error:
        raise Failure(str(error)) from None


def _confirm(data: MemberData, member_id: str, visitor_id: str) -> None:
    held = _asked(lambda: data.show(member_id) if member_id else data.show_visitor(visitor_id))
    _tell(held, whose(member_id, visitor_id), to_stderr=True)
    if not click.confirm("erase this? it cannot be undone", err=True):
        raise Failure("nothing was erased")


def _tell(held: MemberSummary, who: str, *, to_stderr: bool = False) -> None:
    def say(line: str = "") -> None:
        click.echo(line, err=to_stderr)

    if held.nothing:
        say(f"nothing is held of {who}")
        return
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in held.kinds.items())
    say(f"{who}: {amount(held.events, 'event')} in {amount(held.visits, 'visit')}{f' ({kinds})' if kinds else ''}")
    if held.first_seen and held.last_seen:
        say(f"first seen {held.first_seen:%Y-%m-%d %H:%M}, last seen {held.last_seen:%Y-%m-%d %H:%M} UTC")
    for one in held.devices:
        what = " on ".join(str(one[name]) for name in ("browser", "os") if one[name]) or str(one["device"])
        say(f"  {what}: {amount(int(str(one['visits'])), 'visit')}, browser {one['visitor_id']}")
    for name, count in held.stored.items():
        if count:
            say(f"  {name.replace('_', ' ')}: {count:,}")


def _as_object(held: MemberSummary) -> dict[str, object]:
    return {name: getattr(held, name) for name in held.__dataclass_fields__}


def _counted(held: MemberSummary) -> list[tuple[str, int]]:
    return [
        ("events", held.events),
        *((f"events: {kind}", count) for kind, count in held.kinds.items()),
        ("visits", held.visits),
        ("devices", len(held.devices)),
        *held.stored.items(),
    ]


def _tell_receipt(receipt: Receipt) -> None:
    counts = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in receipt.counts.items() if count)
    click.echo(f"erased: {counts or 'nothing was held'}")
    click.echo(f"proved at {receipt.erased_at:%Y-%m-%d %H:%M:%S} UTC that nothing is left; receipt {receipt.id}")
    if receipt.counts.get("files_waiting"):
        click.echo("what still waits in the journal is erased when it is shipped", err=True)


@contextmanager
def _telling() -> Iterator[Callable[[str, float], None]]:
    """A bar in a terminal; elsewhere a line for each step."""
    if not sys.stderr.isatty():
        yield _line
        return
    with Bar(TextColumn("{task.description}"), BarColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda what, done: bar.update(task, description=what, completed=done)


def _line(what: str, done: float) -> None:
    if done == 0:
        click.echo(f"{what} …", err=True)
