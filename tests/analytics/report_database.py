"""A ClickHouse database to ask reports of: Footfall's own tables, in the test's own embedded engine."""

from __future__ import annotations

from dataclasses import dataclass

from clickhouse_connect.driver.client import Client

from footfall_analytics.clickhouse import migrate


@dataclass(frozen=True)
class Database:
    """One of several databases of a connection that the test opened."""

    client: Client
    database: str

    def close(self) -> None:
        """The connection is the test's."""


def create(client: Client, name: str) -> Database:
    """A fresh database with Footfall's tables."""
    client.command(f"DROP DATABASE IF EXISTS {name}")
    migrate(client, name)
    return Database(client, name)
