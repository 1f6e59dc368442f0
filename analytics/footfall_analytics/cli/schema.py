"""``footfall schema``: the tables as SQL, and the way to bring a database up to date."""

from __future__ import annotations

import re

import click

from footfall_analytics.cli.options import analytics_option, connected
from footfall_analytics.clickhouse import DEFAULT_DATABASE, migrate, schema_statements

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


@click.group(short_help="Show the tables as SQL, or bring a database up to date.")
def schema() -> None:
    """The tables of the events: each column says what it means."""


@schema.command(short_help="Print the tables as SQL.")
@click.option("--database", default=DEFAULT_DATABASE, show_default=True, metavar="NAME")
def show(database: str) -> None:
    """Print the whole schema as SQL; nothing is asked or changed."""
    if not _NAME.fullmatch(database):
        raise click.UsageError(f"{database!r} is no name of a database; use letters, digits and _")
    for statement in schema_statements(database):
        click.echo(f"{statement};\n")


@schema.command(short_help="Create the tables, or bring them up to date.")
@analytics_option
def apply(url: str) -> None:
    """Apply the migrations that a database lacks. Safe to repeat, and while the app runs."""
    with connected(url, create=True) as connection:
        for migration in (applied := migrate(connection.client, connection.database)):
            click.echo(f"applied {migration.version:04} {migration.name}")
        if not applied:
            click.echo(f"database {connection.database} is up to date")
