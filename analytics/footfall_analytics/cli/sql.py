"""``footfall sql``: one statement, in the database of the events, read-only unless asked otherwise."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from footfall_analytics.cli.answers import ask, check_syntax, write
from footfall_analytics.cli.failures import Failure
from footfall_analytics.cli.options import analytics_option, connected, format_option
from footfall_analytics.cli.printing import Format
from footfall_analytics.cli.statement import Statement, has_parameter, statement_of

_HELP = """Ask ClickHouse in SQL; the tables are in docs/analysts.md, or: footfall sql "DESCRIBE events".

QUERY is the statement itself, a file, or - for the standard input. Values are given as typed parameters:

\b
  footfall sql "SELECT count() FROM events WHERE path = {path:String}" --param path=/about

Results are streamed; a table shows the first 10,000 rows. A FORMAT in the query (Parquet, Arrow, …) wins over --format.
"""


@click.command(help=_HELP, short_help="Ask ClickHouse in SQL, read-only unless --write.")
@click.argument("query", required=False)
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="The value of {NAME:Type}; repeatable.")
@click.option("--write", "may_write", is_flag=True, help="Let the statement change data.")
@format_option
@analytics_option
def sql(query: str | None, params: tuple[str, ...], may_write: bool, form: Format, url: str) -> None:
    """Run the statement and print what it gives."""
    statement = statement_of(_text(query))
    if not statement.word:
        raise click.UsageError("there is no statement; give one, a file, or - for the standard input")
    parameters = _parameters(params, statement)
    with connected(url) as connection:
        connection.client.database = connection.database
        check_syntax(connection, statement)
        if not statement.only_reads and not may_write:
            raise Failure(f"{statement.word} is not among what only reads; to change data, say --write")
        if statement.only_reads:
            ask(connection, statement, parameters, form, read_only=not may_write)
        else:
            write(connection, statement, parameters)


def _text(query: str | None) -> str:
    if query == "-" or (query is None and not sys.stdin.isatty()):
        return _standard_input()
    if query is None:
        raise click.UsageError("no query was given; give one, a file, or - for the standard input")
    return _file(query) if _names_file(query) else query


def _standard_input() -> str:
    try:
        return sys.stdin.read()
    except UnicodeDecodeError:
        raise click.UsageError("the standard input is no text in UTF-8; give a statement") from None


def _names_file(query: str) -> bool:
    if len(query.split()) > 1 or not query:
        return False
    return query.lower().endswith(".sql") or Path(query).is_file()


def _file(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"{name} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise click.UsageError(f"{name} is no text in UTF-8; give a file of SQL") from None


def _parameters(params: tuple[str, ...], statement: Statement) -> dict[str, str]:
    parameters: dict[str, str] = {}
    for param in params:
        name, separator, value = param.partition("=")
        if not separator:
            raise click.UsageError(f"--param {param!r} has no value; say --param name=value")
        if not has_parameter(statement.text, name):
            raise click.UsageError(f"the query has no {{{name}:Type}} for --param {name}")
        parameters[name] = value
    return parameters
