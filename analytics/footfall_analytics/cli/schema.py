"""``footfall schema``: the tables as SQL, and the way to bring a database up to date."""

from __future__ import annotations

import re

import click

from footfall.store import schema as store_schema
from footfall.store.sql_store import SQLStore
from footfall_analytics.cli.options import analytics_option, connected, store_option
from footfall_analytics.cli.stores import to_be_made
from footfall_analytics.clickhouse import DEFAULT_DATABASE, migrate, schema_statements

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


@click.group(short_help="Show the tables as SQL, or bring a database up to date.")
def schema() -> None:
    """The tables of the events, where each column says what it means, and of the store."""


@schema.command(short_help="Print the tables as SQL.")
@click.option("--database", default=DEFAULT_DATABASE, show_default=True, metavar="NAME")
@click.option(
    "--of",
    type=click.Choice(["events", "sqlite", "postgresql"]),
    default="events",
    show_default=True,
    help="Of the events, or of the store on either database.",
)
def show(database: str, of: str) -> None:
    """Print the whole schema as SQL; nothing is asked or changed."""
    if of == "sqlite" or of == "postgresql":
        for step in store_schema.migrations(of):
            click.echo(f"-- {step.number:04} {step.name}\n\n{step.sql}")
        return
    if not _NAME.fullmatch(database):
        raise click.UsageError(f"{database!r} is no name of a database; use letters, digits and _")
    for statement in schema_statements(database):
        click.echo(f"{statement};\n")


@schema.command(short_help="Create the tables, or bring them up to date.")
@analytics_option
@store_option
def apply(url: str, store_url: str) -> None:
    """Apply the migrations that ClickHouse and the store lack. Safe to repeat, and while the app runs.

    The embedded store is made only where --store or FOOTFALL_STORE names it.
    """
    _apply_to_events(url)
    with to_be_made(store_url) as store:
        if store is not None:
            _apply_to_store(store)


def _apply_to_events(url: str) -> None:
    with connected(url, create=True) as connection:
        for migration in (applied := migrate(connection.client, connection.database)):
            click.echo(f"applied {migration.version:04} {migration.name}")
        if not applied:
            click.echo(f"database {connection.database} is up to date")


def _apply_to_store(store: SQLStore) -> None:
    for migration in (applied := store.bring_up_to_date()):
        click.echo(f"applied {migration.number:04} {migration.name} to the store")
    if not applied:
        click.echo(f"store {store.place} is up to date")
