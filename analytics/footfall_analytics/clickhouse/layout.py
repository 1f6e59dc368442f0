"""The same templates for one ClickHouse, embedded or a server, and for a cluster.

On a cluster each table is two: ``events_local`` on every host, replicated within its shard, and ``events``, which
distributes over the shards. A visitor's rows are on one shard, so that visits and joins by visitor need no other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_STATEMENT_END = re.compile(r";[ \t]*$", re.MULTILINE)
_TABLE = re.compile(r"^CREATE TABLE IF NOT EXISTS (\S+)\.(\w+)_local ", re.MULTILINE)
_COLUMN = re.compile(r"^ALTER TABLE (\S+)\.(\w+)_local( .* (?:ADD|MODIFY) COLUMN )", re.MULTILINE)

_BY_VISITOR = "cityHash64(visitor_id)"

#: Nobody's rows have no visitor: all of a batch go together, so that a retry finds the shard where they are.
_SHARDED_BY = {
    "events": f"if(visit_number > 0, {_BY_VISITOR}, cityHash64(batch))",
    "visit_states": _BY_VISITOR,
    "member_log": _BY_VISITOR,
    "accounting": "cityHash64(batch)",
    "imports": "cityHash64(source)",
    "purpose_terms": "cityHash64(purpose)",
    "schema_versions": "version",
    "erasures": "cityHash64(receipt)",
    "erasure_notes": "cityHash64(receipt)",
    "erasure_rows": _BY_VISITOR,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """Where the tables are: in one ClickHouse, or on all hosts of a ``cluster``."""

    cluster: str | None = None

    def statements(self, template: str, database: str) -> list[str]:
        """The statements of a template."""
        words = {"database": f"`{database}`", **self._words()}
        text = re.sub(r"\{(\w+)\}", lambda found: words.get(found[1], found[0]), template)
        written = [piece.strip() for piece in _STATEMENT_END.split(text) if piece.strip()]
        return [each for sql in written for each in (sql, *self._distributed(sql))]

    @property
    def on_cluster(self) -> str:
        """The clause, with the space before it."""
        return f" ON CLUSTER `{self.cluster}`" if self.cluster else ""

    def _words(self) -> dict[str, str]:
        return {
            "on_cluster": self.on_cluster,
            "local": "_local" if self.cluster else "",
            "replicated": "Replicated" if self.cluster else "",
            "window": "replicated_deduplication_window" if self.cluster else "non_replicated_deduplication_window",
        }

    def _distributed(self, sql: str) -> list[str]:
        """What a statement about a local table means for the one that distributes over it."""
        if not self.cluster:
            return []
        if found := _TABLE.search(sql):
            database, table = found[1], found[2]
            return [
                f"CREATE TABLE IF NOT EXISTS {database}.{table}{self.on_cluster} AS {database}.{table}_local\n"
                f"ENGINE = Distributed(`{self.cluster}`, {database}, {table}_local, {_SHARDED_BY[table]})"
            ]
        if found := _COLUMN.search(sql):
            return [sql[found.start() :].replace(f"{found[2]}_local", found[2], 1)]
        return []


ONE_PLACE = Layout()
