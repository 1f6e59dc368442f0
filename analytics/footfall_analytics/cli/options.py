"""Options that several commands share, and the connection that they lead to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

import click
from clickhouse_connect.driver.exceptions import Error as ClickHouseError

from footfall_analytics.cli.failures import Failure
from footfall_analytics.cli.printing import FORMATS
from footfall_analytics.clickhouse import Connection, Target, connect, parse_target
from footfall_analytics.sink import journal_of, ship_pending

_HOW_TO_BEGIN = (
    "start the app with its sink, import a log with 'footfall import FILE', or name another place with --analytics"
)

Command = TypeVar("Command", bound=Callable[..., object])

DEFAULT_ANALYTICS = "chdb:footfall-data/clickhouse"
DEFAULT_STORE = "sqlite:///footfall-data/store.db"


def analytics_option(command: Command) -> Command:
    """``--analytics URL``: the ClickHouse that is asked."""
    return click.option(
        "--analytics",
        "url",
        envvar="FOOTFALL_ANALYTICS",
        default=DEFAULT_ANALYTICS,
        show_default=True,
        show_envvar=True,
        metavar="URL",
        help="The ClickHouse with the events: chdb:DIRECTORY or clickhouses://USER:PASSWORD@HOST/DATABASE.",
    )(command)


def store_option(command: Command) -> Command:
    """``--store URL``: the store of sessions and consent."""
    return click.option(
        "--store",
        "store_url",
        envvar="FOOTFALL_STORE",
        default=DEFAULT_STORE,
        show_default=True,
        show_envvar=True,
        metavar="URL",
        help="The store of sessions and consent records: sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE.",
    )(command)


def journal_option(command: Command) -> Command:
    """``--journal DIRECTORY``: where events wait."""
    text = "Where events wait.  [default: beside the chdb directory]"
    return click.option("--journal", metavar="DIRECTORY", help=text)(command)


def format_option(command: Command) -> Command:
    """``--format table|json|csv``."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="A table for people; JSON (a list of objects) or CSV (with a header) for programs.",
    )(command)


def target_of(url: str) -> Target:
    """The target that the URL names; what is none is misuse."""
    try:
        return parse_target(url)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


@contextmanager
def connected(url: str, *, create: bool = False) -> Iterator[Connection]:
    """A connection to the data; without ``create``, asking about what is not there does not make it.

    While the app is stopped its last events may still wait in the journal: they are shipped first.
    """
    path = target_of(url).path
    if not create:
        ship_pending(url, journal_of(url))
    if path is not None and not create and not path.exists():
        raise Failure(f"no data here yet: {path} does not exist; {_HOW_TO_BEGIN}")
    with connect(url) as connection:
        if not create and not _has_tables(connection):
            raise Failure(f"no data here yet: {connection.target} has no table of events; {_HOW_TO_BEGIN}")
        try:
            yield connection
        except KeyboardInterrupt:
            _cancel(connection)
            raise


def _cancel(connection: Connection) -> None:
    """Have our own engine give up what it was asked, rather than wait for it."""
    if connection.holds_engine:
        with suppress(ClickHouseError):
            connection.client.command("KILL QUERY WHERE query_kind = 'Select' ASYNC")


def _has_tables(connection: Connection) -> bool:
    asked = "SELECT count() FROM system.tables WHERE database = {database:String} AND name = 'events'"
    [(count,)] = connection.client.query(asked, parameters={"database": connection.database}).result_rows
    return bool(count)
