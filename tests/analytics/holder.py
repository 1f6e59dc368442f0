"""A process that holds the embedded engine of a directory and shares it, as a worker of an app does."""

from __future__ import annotations

import sys

from footfall_analytics.clickhouse import connect, migrate
from tests.analytics.report_world import insert, world

if __name__ == "__main__":
    with connect(sys.argv[1]) as connection:
        migrate(connection.client, connection.database)
        insert(connection.client, connection.database, world())
        print("ready", flush=True)
        sys.stdin.read()
