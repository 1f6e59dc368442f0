"""The schema: numbered SQL files, applied in order, each once, never changed after a release."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import groupby

from clickhouse_connect.driver.client import Client

from footfall_analytics.clickhouse.feeds import Progress, begin_feeds, is_feed_statement, no_progress
from footfall_analytics.clickhouse.layout import ONE_PLACE, Layout

_FILE = re.compile(r"(\d{4})_(\w+)\.sql")


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of the schema."""

    version: int
    name: str
    template: str = field(repr=False)

    def statements(self, database: str, layout: Layout = ONE_PLACE) -> list[str]:
        """Its statements, for a database."""
        return layout.statements(self.template, database)


def migrations() -> list[Migration]:
    """All there are, in their order."""
    folder = files("footfall_analytics.clickhouse").joinpath("schema")
    named = [(file, match) for file in folder.iterdir() if (match := _FILE.fullmatch(file.name))]
    found = [Migration(int(match[1]), match[2], file.read_text(encoding="utf-8")) for file, match in named]
    return sorted(found, key=lambda migration: migration.version)


def schema_statements(database: str, layout: Layout = ONE_PLACE) -> list[str]:
    """The whole schema as SQL, for whoever wants to read it or apply it by other means."""
    return [*_foundation(database, layout), *(sql for one in migrations() for sql in one.statements(database, layout))]


def version_statements(database: str) -> list[str]:
    """What notes the migrations as applied, after the schema was applied by other means."""
    return [
        f"INSERT INTO `{database}`.schema_versions SELECT {one.version}, '{one.name}', now()" for one in migrations()
    ]


def migrate(client: Client, database: str, progress: Progress = no_progress) -> list[Migration]:
    """Bring a database up to date; the migrations that were applied. Safe to repeat and to interrupt: every
    statement says IF NOT EXISTS or OR REPLACE, and a copy that was left half done begins anew.

    ``progress`` is told what is being copied, and how much of it is done, from 0 to 1.
    """
    for sql in _foundation(database):
        client.command(sql)
    known = applied(client, database)
    news = [migration for migration in migrations() if migration.version not in known]
    for migration in news:
        statements = migration.statements(database)
        for is_feed, group in groupby(statements, is_feed_statement):
            if is_feed:
                begin_feeds(client, database, list(group), progress)
                continue
            for sql in group:
                client.command(sql)
        # not client.insert: that loads pandas into the worker, where it is installed
        noted = f"INSERT INTO `{database}`.schema_versions SELECT {{version:UInt32}}, {{name:String}}, now()"
        client.command(noted, {"version": migration.version, "name": migration.name})
    return news


def applied(client: Client, database: str) -> set[int]:
    """The versions that a database has. Raises the client's error where there is no such database."""
    rows = client.query(f"SELECT DISTINCT version FROM `{database}`.schema_versions").result_rows  # noqa: S608
    return {int(version) for (version,) in rows}


_FOUNDATION = """
CREATE DATABASE IF NOT EXISTS {database}{on_cluster};

CREATE TABLE IF NOT EXISTS {database}.schema_versions{local}{on_cluster}
(
    version    UInt32          COMMENT 'The number of the migration',
    name       String          COMMENT 'Its name',
    applied_at DateTime('UTC') COMMENT 'When it was applied'
)
ENGINE = {replicated}MergeTree
ORDER BY version
COMMENT 'Which migrations were applied';
"""


def _foundation(database: str, layout: Layout = ONE_PLACE) -> list[str]:
    return layout.statements(_FOUNDATION, database)
