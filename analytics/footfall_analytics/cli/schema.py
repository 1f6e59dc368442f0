"""``footfall schema``: the tables as SQL, and the way to bring a database up to date."""

from __future__ import annotations

import re
from collections.abc import Iterable

import click
from rich.console import Console

from footfall.store import schema as store_schema
from footfall.store.sql_store import SQLStore
from footfall_analytics.cli.options import analytics_option, connected, store_option
from footfall_analytics.cli.stores import to_be_made
from footfall_analytics.clickhouse import (
    DEFAULT_DATABASE,
    Connection,
    Layout,
    Migration,
    migrate,
    role_statements,
    schema_statements,
    set_terms,
    version_statements,
)

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_PAIR = re.compile(r"(\w+)=(\d{1,6})")


@click.group(short_help="Show the tables as SQL, or bring a database up to date.")
def schema() -> None:
    """The tables of the events, where each column says what it means, and of the store."""


@schema.command(short_help="Print the tables as SQL.")
@click.option("--database", default=DEFAULT_DATABASE, show_default=True, metavar="NAME")
@click.option(
    "--cluster", metavar="NAME", help="For the cluster of that name: replicated tables, distributed by visitor."
)
@click.option("--server", is_flag=True, help="With roles for a server: analysts see no member, few see all.")
@click.option(
    "--of",
    type=click.Choice(["events", "sqlite", "postgresql"]),
    default="events",
    show_default=True,
    help="Of the events, or of the store on either database.",
)
def show(database: str, cluster: str | None, server: bool, of: str) -> None:
    """Print the whole schema as SQL; nothing is asked or changed."""
    if of == "sqlite" or of == "postgresql":
        for step in store_schema.migrations(of):
            click.echo(f"-- {step.number:04} {step.name}\n\n{step.sql}")
        return
    for name in (database, cluster):
        if name is not None and not _NAME.fullmatch(name):
            raise click.UsageError(f"{name!r} is no name of a database or cluster; use letters, digits and _")
    layout = Layout(cluster=cluster)
    roles = role_statements(database, layout) if server or cluster else []
    for statement in (*schema_statements(database, layout), *version_statements(database), *roles):
        click.echo(f"{statement};\n")


@schema.command(short_help="Create the tables, or bring them up to date.")
@analytics_option
@store_option
@click.option("--retention", multiple=True, metavar="PURPOSE=MONTHS", help="Keep rows so long; may be repeated.")
@click.option("--stated", multiple=True, metavar="PURPOSE=VERSION", help="The policy that first stated its use.")
def apply(url: str, store_url: str, retention: tuple[str, ...], stated: tuple[str, ...]) -> None:
    """Apply the migrations that ClickHouse and the store lack. Safe to repeat, and while the app runs.

    --retention analytics=13 keeps rows of people for 13 months, anonymous=60 those of nobody for 60; another purpose
    may then use rows of so many months only. The embedded store is made only where --store or FOOTFALL_STORE names it.
    """
    _apply_to_events(url, _pairs(retention), _pairs(stated))
    with to_be_made(store_url) as store:
        if store is not None:
            _apply_to_store(store)


def _apply_to_events(url: str, months: dict[str, int], versions: dict[str, int]) -> None:
    with connected(url, create=True) as connection:
        for migration in (applied := _migrated(connection)):
            click.echo(f"applied {migration.version:04} {migration.name}")
        if not applied:
            click.echo(f"database {connection.database} is up to date")
        if months or versions:
            _set_terms(connection, months, versions)


def _apply_to_store(store: SQLStore) -> None:
    for migration in (applied := store.bring_up_to_date()):
        click.echo(f"applied {migration.number:04} {migration.name} to the store")
    if not applied:
        click.echo(f"store {store.place} is up to date")


def _migrated(connection: Connection) -> list[Migration]:
    """Brought up to date, with a line on a terminal that says how far a long copy has come."""
    console = Console(stderr=True)
    with console.status("looking at the database") as status:

        def tell(what: str, done: float) -> None:
            status.update(f"filling {what}: {done:.0%}")

        return migrate(connection.client, connection.database, tell)


def _set_terms(connection: Connection, months: dict[str, int], versions: dict[str, int]) -> None:
    try:
        known = set_terms(connection.client, connection.database, retention=months, stated=versions)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    for purpose, term in known.items():
        kept = f"{term.months} months" if term.months else "as long as rows are kept"
        since = f", stated since policy version {term.since_version}" if term.since_version else ""
        click.echo(f"{purpose}: {kept}{since}")


def _pairs(texts: Iterable[str]) -> dict[str, int]:
    pairs = {}
    for text in texts:
        found = _PAIR.fullmatch(text)
        if not found:
            raise click.UsageError(f"{text!r}: write a purpose and a number, such as analytics=13")
        pairs[found[1]] = int(found[2])
    return pairs
