"""What goes wrong on the command line, said in one line: what happened; why; what to do."""

from __future__ import annotations

import re

import click
from clickhouse_connect.driver.exceptions import Error as ClickHouseError

from footfall import StoreUnavailable
from footfall_analytics.clickhouse import ClickHouseUnavailable

OK, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130

_LONGEST = 700


class Failure(Exception):  # noqa: N818 - what is shown to a person, not an error of the program
    """Something expected went wrong; the message is the one line that is shown, and the exit code is 1."""


def explain(error: Exception) -> tuple[str, int] | None:
    """The line to show for an expected failure, and the exit code; ``None`` for a mistake of ours."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message(), MISUSED
    if isinstance(error, click.UsageError):
        return _usage(error), MISUSED
    if isinstance(error, click.ClickException):
        return one_line(error.format_message()), error.exit_code
    if isinstance(error, Failure | ClickHouseUnavailable | StoreUnavailable):
        return one_line(str(error)), FAILED
    if isinstance(error, ClickHouseError):
        return f"ClickHouse refused; {clickhouse_message(error)}", FAILED
    if isinstance(error, OSError):
        return one_line(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"), FAILED
    return None


def clickhouse_message(error: Exception) -> str:
    """The engine's own words, without its code, version and repetitions."""
    text = one_line(re.sub(r"^.*?(?:Code: \d+\. )?DB::Exception: ", "", str(error), count=1, flags=re.DOTALL))
    while match := re.match(r"Code: \d+\. DB::Exception: ", text):
        text = text[match.end() :]
    return re.sub(r"(?: \(version [^)]*\)| \([A-Z_]+\)| \(for url [^)]*\)|\.$)+$", "", text)


def syntax_message(error: Exception) -> str:
    """Where a statement cannot be read; without the long list of what could have stood there."""
    return re.split(r"[.:,]* (?:Expected|In scope) ", clickhouse_message(error), maxsplit=1)[0].rstrip(":")


def one_line(text: str) -> str:
    """The text in one bounded line."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _usage(error: click.UsageError) -> str:
    message = one_line(error.format_message()).rstrip(".")
    where = error.ctx.command_path if error.ctx else "footfall"
    return f"{message}; see {where} --help"
