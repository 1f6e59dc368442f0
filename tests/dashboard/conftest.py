"""An engine with two months in it, for the tests of a module: a process can hold one engine at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from footfall_analytics.clickhouse import connect, migrate
from footfall_analytics.dashboard import Dashboard
from tests.analytics.report_world import insert
from tests.dashboard.month import NOW, month


@pytest.fixture(scope="module")
def dashboard_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    url = f"chdb://{tmp_path_factory.mktemp('dashboard')}/clickhouse"
    with connect(url) as connection:
        migrate(connection.client, connection.database)
        insert(connection.client, connection.database, month())
        yield url


@pytest.fixture(scope="module")
def dashboard(dashboard_url: str) -> Iterator[Starlette]:
    """The dashboard as an app mounts it."""
    with closing(Dashboard(dashboard_url, title="Library", timezone="Europe/Berlin", clock=lambda: NOW)) as shown:
        yield Starlette(routes=[Mount("/analytics", shown)])
