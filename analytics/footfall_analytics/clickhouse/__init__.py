"""ClickHouse, embedded or on a server: found by a URL, connected to, and brought up to date."""

from footfall_analytics.clickhouse.connection import Connection, connect
from footfall_analytics.clickhouse.errors import ClickHouseUnavailable, DataDirectoryDamaged, EngineMissing
from footfall_analytics.clickhouse.layout import Layout
from footfall_analytics.clickhouse.migrations import (
    Migration,
    applied,
    migrate,
    migrations,
    schema_statements,
    version_statements,
)
from footfall_analytics.clickhouse.native import Blocks
from footfall_analytics.clickhouse.once import insert_once, is_final, rows_there
from footfall_analytics.clickhouse.roles import role_statements
from footfall_analytics.clickhouse.target import DEFAULT_DATABASE, Target, parse_target
from footfall_analytics.clickhouse.terms import Term, set_terms, terms

__all__ = [
    "DEFAULT_DATABASE",
    "Blocks",
    "ClickHouseUnavailable",
    "Connection",
    "DataDirectoryDamaged",
    "EngineMissing",
    "Layout",
    "Migration",
    "Target",
    "Term",
    "applied",
    "connect",
    "insert_once",
    "is_final",
    "migrate",
    "migrations",
    "parse_target",
    "role_statements",
    "rows_there",
    "schema_statements",
    "set_terms",
    "terms",
    "version_statements",
]
