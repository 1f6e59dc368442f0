"""An engine that this process holds and shares, with the reports' world in it, for other people's clients."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from footfall_analytics.clickhouse import connect, migrate
from footfall_analytics.clickhouse.share import read_share
from tests.analytics.report_world import Row, insert, world


@dataclass(frozen=True)
class Shared:
    """Where an analyst connects to, and what is there."""

    port: int
    password: str
    rows: list[Row]

    @property
    def page_views(self) -> int:
        return sum(row.kind == "page_view" and not row.bot for row in self.rows)


@contextmanager
def shared_world(directory: Path) -> Iterator[Shared]:
    """The engine, held as long as the block."""
    with connect(f"chdb://{directory}/clickhouse") as connection:
        migrate(connection.client, "footfall")
        rows = world()
        insert(connection.client, "footfall", rows)
        share = read_share(directory / "clickhouse")
        assert share is not None
        yield Shared(share.port, share.analyst_password, rows)
