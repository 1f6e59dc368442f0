"""Whether ClickHouse answers, who holds the embedded engine, and whether tables and clocks are right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from clickhouse_connect.driver.exceptions import Error as ClickHouseError

from footfall_analytics.cli.doctor.check import Check, Place, from_message
from footfall_analytics.cli.failures import clickhouse_message, one_line
from footfall_analytics.clickhouse import ClickHouseUnavailable, Connection, applied, connect, migrations, parse_target
from footfall_analytics.clickhouse.share import read_share

#: An engine that is just starting is given so long.
_PATIENCE = 2.0  # seconds

#: Between two clocks that are kept by the network.
_TOLERANCE = 60.0  # seconds

_TABLES = "SELECT name FROM system.tables WHERE database = {database:String}"
_CLOCKS = """
SELECT toUnixTimestamp64Milli(now64(3)) AS there, toUnixTimestamp64Milli(max(time)) AS newest
FROM {database:Identifier}.events
"""


def check_clickhouse(place: Place) -> Iterator[Check]:
    """One check of the engine, and where it answers, of the tables and the clock."""
    try:
        path = parse_target(place.analytics).path
        if path is not None and not path.exists():
            yield Check("clickhouse", None, f"no data here yet: {path} does not exist; the app makes it")
            return
        with connect(place.analytics, wait=_PATIENCE) as connection:
            yield Check("clickhouse", True, f"{connection.client.server_version}, {_holder(connection)}")
            yield from _check_database(connection, place.now)
    except (ValueError, ClickHouseUnavailable) as error:
        yield from_message("clickhouse", one_line(str(error)))
    except ClickHouseError as error:
        yield Check("clickhouse", False, clickhouse_message(error), "look into the server's log")


def _holder(connection: Connection) -> str:
    path = connection.target.path
    if path is None:
        return f"server {connection.target}"
    share = None if connection.holds_engine else read_share(path)
    if share is None:
        return f"embedded in {path}, held by nobody else"
    return f"embedded in {path}, held by process {share.pid}, shared on 127.0.0.1:{share.port}"


def _check_database(connection: Connection, now: datetime) -> Iterator[Check]:
    tables = {name for (name,) in connection.client.query(_TABLES, {"database": connection.database}).result_rows}
    if "schema_versions" not in tables:
        yield Check("schema", None, f"database {connection.database} has no tables yet; the app makes them")
        return
    yield _check_schema(connection)
    if "events" in tables:
        yield _check_clock(connection, now)


def _check_schema(connection: Connection) -> Check:
    have = applied(connection.client, connection.database)
    want = {migration.version for migration in migrations()}
    if have - want:
        said = f"version {max(have)} is newer than this command, which knows {max(want)}"
        return Check("schema", False, said, "upgrade footfall here")
    if want - have:
        return Check(
            "schema", False, f"{len(want - have)} of {len(want)} migrations are missing", "footfall schema apply"
        )
    return Check("schema", True, f"version {max(have)}, current")


def _check_clock(connection: Connection, now: datetime) -> Check:
    """Rows that seem to come from the future, or a server that lives in another minute, spoil days and visits."""
    [(there, newest)] = connection.client.query(_CLOCKS, {"database": connection.database}).result_rows
    here = now.timestamp()
    if abs(there / 1000 - here) > _TOLERANCE:
        said = f"ClickHouse's clock differs by {there / 1000 - here:+,.0f} s from this machine's"
        return Check("clock", False, said, "set both by the network (NTP)")
    if newest / 1000 > here + _TOLERANCE:
        said = f"the newest row lies {newest / 1000 - here:,.0f} s in the future"
        return Check("clock", False, said, "set the app's clock by the network (NTP)")
    return Check("clock", True, now.strftime("%Y-%m-%d %H:%M:%S UTC"))
