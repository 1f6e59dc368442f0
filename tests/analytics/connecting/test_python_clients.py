"""clickhouse-connect, and SQLAlchemy by its dialect, as Superset and notebooks use them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import clickhouse_connect
import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from tests.analytics.connecting.shared_world import Shared

sqlalchemy = pytest.importorskip("sqlalchemy", reason="SQLAlchemy is not installed; pip install sqlalchemy")

VIEWS = "SELECT count() FROM events WHERE kind = 'page_view' AND bot = ''"


@pytest.fixture
def client(shared: Shared) -> Iterator[Any]:
    client = clickhouse_connect.get_client(
        host="127.0.0.1", port=shared.port, username="analyst", password=shared.password, database="footfall"
    )
    with client:
        yield client


@pytest.fixture
def engine(shared: Shared) -> Iterator[Any]:
    engine = sqlalchemy.create_engine(f"clickhousedb://analyst:{shared.password}@127.0.0.1:{shared.port}/footfall")
    yield engine
    engine.dispose()


def test_clickhouse_connect_counts_what_there_is(client: Any, shared: Shared) -> None:
    assert client.query(VIEWS).result_rows == [(shared.page_views,)]


def test_clickhouse_connect_gives_arrow_and_data_frames(client: Any, shared: Shared) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    table = client.query_arrow("SELECT path, count() AS views FROM events WHERE kind = 'page_view' GROUP BY path")
    assert set(table.column_names) == {"path", "views"}
    pytest.importorskip("pandas", reason="pandas is not installed")
    frame = client.query_df(VIEWS.replace("count()", "count() AS views"))
    assert frame["views"].tolist() == [shared.page_views]


def test_an_analyst_may_not_write(client: Any) -> None:
    with pytest.raises(DatabaseError, match="may only read"):
        client.command("DROP TABLE events")


def test_sqlalchemy_asks_with_parameters(engine: Any, shared: Shared) -> None:
    query = sqlalchemy.text("SELECT count() FROM events WHERE kind = :kind AND bot = ''")
    with engine.connect() as connection:
        assert connection.execute(query, {"kind": "page_view"}).scalar() == shared.page_views


def test_sqlalchemy_sees_databases_tables_and_columns(engine: Any) -> None:
    inspector = sqlalchemy.inspect(engine)
    assert "footfall" in inspector.get_schema_names()
    assert {"events", "accounting"} <= set(inspector.get_table_names(schema="footfall"))
    columns = {column["name"] for column in inspector.get_columns("events", schema="footfall")}
    assert {"time", "kind", "visitor_id", "props"} <= columns


def test_a_question_built_by_sqlalchemy_is_answered_as_superset_asks_it(engine: Any, shared: Shared) -> None:
    events = sqlalchemy.Table("events", sqlalchemy.MetaData(), schema="footfall", autoload_with=engine)
    day = sqlalchemy.func.toStartOfDay(events.c.time).label("day")
    question = (
        sqlalchemy.select(day, sqlalchemy.func.count().label("views"))
        .where(events.c.kind == "page_view", events.c.bot == "")
        .group_by(day)
        .order_by(day)
        .limit(10_000)
    )
    with engine.connect() as connection:
        assert sum(row.views for row in connection.execute(question)) == shared.page_views
