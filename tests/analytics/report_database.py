"""A ClickHouse database to ask reports of: the embedded engine, in a directory of the test's own."""

from __future__ import annotations

from dataclasses import dataclass

from clickhouse_connect.driver.client import Client

_EVENTS = """
CREATE TABLE {database}.events
(
    time DateTime64(3, 'UTC'), site LowCardinality(String), kind LowCardinality(String), path String, status UInt16,
    bytes UInt64, duration_us UInt32, source LowCardinality(String), channel LowCardinality(String),
    browser LowCardinality(String), os LowCardinality(String), device LowCardinality(String),
    bot LowCardinality(String), visitor_id UUID, visit_number UInt32, member_id String, name String
)
ENGINE = MergeTree ORDER BY (site, time)
"""
_MEMBER_EVENTS = """
CREATE VIEW {database}.member_events AS
SELECT
    event.*,
    multiIf(member_id != '', member_id, event.time < first.since, first.member, '') AS linked_member_id
FROM {database}.events AS event
LEFT JOIN
(
    SELECT site, visitor_id, visit_number, argMin(member_id, time) AS member, min(time) AS since
    FROM {database}.events
    WHERE member_id != '' AND visit_number > 0
    GROUP BY site, visitor_id, visit_number
) AS first USING (site, visitor_id, visit_number)
"""
_ACCOUNTING = """
CREATE TABLE {database}.accounting
(
    day Date, site LowCardinality(String), outcome LowCardinality(String), source LowCardinality(String),
    batch String, requests UInt64
)
ENGINE = MergeTree ORDER BY (site, day)
"""


@dataclass(frozen=True)
class Database:
    """What ``connect`` gives, for one of the databases of a shared engine."""

    client: Client
    database: str

    def close(self) -> None:
        """The engine is its fixture's."""


def create(client: Client, name: str) -> Database:
    """A fresh database with Footfall's tables."""
    client.command(f"DROP DATABASE IF EXISTS {name}")
    client.command(f"CREATE DATABASE {name}")
    for statement in (_EVENTS, _MEMBER_EVENTS, _ACCOUNTING):
        client.command(statement.format(database=name))
    return Database(client, name)
