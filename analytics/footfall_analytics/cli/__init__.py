"""The ``footfall`` command: reports, SQL, import and upkeep, from a terminal or a script.

Exit codes: 0, it is done; 1, it failed or something is wrong; 2, it was asked for wrongly; 130, interrupted.
"""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Sequence

import click

from footfall import __version__
from footfall_analytics.cli import consent, demo, doctor, importing, member, report, scanning, schema, ship, sql
from footfall_analytics.cli.failures import FAILED, INTERRUPTED, OK, explain


class Commands(click.Group):
    """Lists the commands in the order in which they are come to, and not in that of the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="footfall", message="%(prog)s %(version)s")
def footfall() -> None:
    """First-party tracking with consent: who used what, from your own ClickHouse."""


_COMMANDS = (
    demo.demo,
    report.report,
    sql.sql,
    importing.import_,
    member.member,
    consent.consent,
    scanning.scan,
    schema.schema,
    ship.ship,
    doctor.doctor,
)
for command in _COMMANDS:
    footfall.add_command(command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code. An expected failure is one line on the standard error."""
    _prepare()
    try:
        code = footfall.main(arguments, prog_name="footfall", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else OK
    except BrokenPipeError:
        return _reader_left()
    except (click.Abort, KeyboardInterrupt):
        click.echo("footfall: interrupted", err=True)
        return INTERRUPTED
    except Exception as error:
        if (explained := explain(error)) is None:
            raise
        line, code = explained
        click.echo(line if isinstance(error, click.exceptions.NoArgsIsHelpError) else f"footfall: {line}", err=True)
        return code


def _prepare() -> None:
    """What we have to say is said in a line; and what a terminal cannot show is escaped, not an error."""
    logging.getLogger("clickhouse_connect").addHandler(logging.NullHandler())
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _reader_left() -> int:
    """``footfall … | head``: what is still buffered must not fail again when Python exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FAILED
