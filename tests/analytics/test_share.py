"""The shared engine: any ClickHouse client may ask, nobody without the password, and each request stands alone."""

from __future__ import annotations

import gzip
import json
import stat
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import clickhouse_connect
import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from footfall_analytics.clickhouse import ClickHouseUnavailable, connect, migrate
from footfall_analytics.clickhouse.share import lock_path, read_share, share_path
from tests.analytics.served_engine import served_engine


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("share") / "clickhouse"
    with served_engine(path):
        with connect(f"chdb://{path}") as connection:
            migrate(connection.client, connection.database)
        yield path


def client(directory: Path, user: str = "footfall") -> Any:
    share = read_share(directory)
    assert share is not None
    password = share.password if user == "footfall" else share.analyst_password
    return clickhouse_connect.get_client(
        host="127.0.0.1", port=share.port, username=user, password=password, database="footfall"
    )


def post(directory: Path, sql: str, *, data: bytes = b"", password: str | None = None, **query: str) -> bytes:
    share = read_share(directory)
    assert share is not None
    headers = {"X-ClickHouse-User": "footfall", "X-ClickHouse-Key": share.password if password is None else password}
    if data[:2] == b"\x1f\x8b":
        headers["Content-Encoding"] = "gzip"
    parameters = urllib.parse.urlencode({"query": sql, **query})
    request = urllib.request.Request(f"http://127.0.0.1:{share.port}/?{parameters}", data, headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        body: bytes = answer.read()
        return body


def test_another_process_asks_while_the_engine_is_held(directory: Path) -> None:
    with connect(f"chdb://{directory}") as connection:
        assert not connection.holds_engine
        assert connection.client.query("SELECT 6 * 7").result_rows == [(42,)]


def test_an_ordinary_client_asks_with_parameters_and_gets_its_types(directory: Path) -> None:
    rows = client(directory).query(
        "SELECT {n:UInt32} + 1, {s:String}, toDate('2026-11-24'), [1, 2]", {"n": 41, "s": "it's"}
    )
    assert rows.result_rows == [(42, "it's", date(2026, 11, 24), [1, 2])]


def test_an_ordinary_client_inserts_columns_once_for_each_token(directory: Path) -> None:
    analyst = client(directory)
    columns = [[date(2026, 1, 1)] * 3, ["s"] * 3, ["row"] * 3, ["journal"] * 3, ["b"] * 3, [1, 2, 3]]
    names = ["day", "site", "outcome", "source", "batch", "requests"]
    for _ in range(3):
        analyst.insert(
            "accounting",
            columns,
            column_names=names,
            column_oriented=True,
            settings={"insert_deduplication_token": "once"},
        )
    assert analyst.command("SELECT sum(requests) FROM accounting WHERE batch = 'b'") == 6


def test_large_results_come_block_by_block_and_whole(directory: Path) -> None:
    result = client(directory).query("SELECT number FROM numbers(300000)")
    assert sum(row[0] for row in result.result_rows) == sum(range(300_000))


def test_plain_http_will_do_with_any_format_and_compression(directory: Path) -> None:
    assert json.loads(post(directory, "SELECT 1 AS one FORMAT JSONEachRow")) == {"one": 1}
    assert post(directory, "SELECT {x:String}", param_x="a b") == b"a b\n"
    assert post(directory, "SELECT 1, 2", default_format="CSV") == b"1,2\n"
    post(directory, "CREATE TABLE IF NOT EXISTS footfall.lines (a UInt8, b String) ENGINE = Memory")
    post(directory, "INSERT INTO footfall.lines FORMAT CSV", data=b'1,"x"\n2,"y"\n')
    post(directory, "INSERT INTO footfall.lines FORMAT JSONEachRow", data=gzip.compress(b'{"a": 3, "b": "z"}'))
    post(directory, "INSERT INTO footfall.lines VALUES (4, 'v')")
    assert (
        post(directory, "SELECT groupArray(b) FROM (SELECT * FROM footfall.lines ORDER BY a)") == b"['x','y','z','v']\n"
    )


def test_an_error_has_clickhouses_code_and_words(directory: Path) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        post(directory, "SELECT nonsense")
    with caught.value as answer:
        assert answer.headers["X-ClickHouse-Exception-Code"] == "47"
        assert b"nonsense" in answer.read()
    with pytest.raises(DatabaseError, match=r"UNKNOWN_TABLE|does not exist"):
        client(directory).query("SELECT * FROM nowhere")


def test_nothing_of_one_request_is_left_for_the_next(directory: Path) -> None:
    post(directory, "SELECT 1", max_block_size="17")
    assert post(directory, "SELECT value FROM system.settings WHERE name = 'max_block_size'") != b"17\n"


@pytest.mark.parametrize("password", ["", "wrong"])
def test_nobody_asks_without_the_password(directory: Path, password: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        post(directory, "SELECT 1", password=password)
    with caught.value as answer:
        assert answer.code == 403


def test_the_analyst_reads_and_changes_nothing(directory: Path) -> None:
    analyst = client(directory, "analyst")
    assert analyst.command("SELECT count() FROM events") == 0
    for sql in (
        "INSERT INTO footfall.imports (source) VALUES ('x')",
        "DROP TABLE footfall.events",
        "ALTER TABLE footfall.events DELETE WHERE 1",
        "SET readonly = 0",
    ):
        with pytest.raises(DatabaseError):
            analyst.command(sql)


def test_the_share_file_is_for_its_owner_only_and_the_server_on_loopback(directory: Path) -> None:
    assert stat.S_IMODE(share_path(directory).stat().st_mode) == 0o600
    assert json.loads(share_path(directory).read_text())["host"] == "127.0.0.1"


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"SELECT 1" * 10_000])
def test_an_odd_request_is_answered_and_the_server_goes_on(directory: Path, body: bytes) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        post(directory, "", data=body)
    caught.value.close()
    assert post(directory, "SELECT 1") == b"1\n"


# -- holding, letting go, and what goes wrong


def test_the_next_process_holds_the_engine_when_the_first_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "clickhouse"
    with served_engine(path), connect(f"chdb://{path}") as connection:
        migrate(connection.client, connection.database)
        assert not connection.holds_engine
    assert not share_path(path).exists()
    with connect(f"chdb://{path}") as connection:
        assert connection.holds_engine
        assert connection.client.command("SELECT count() FROM footfall.events") == 0


def test_two_connections_of_one_process_share_its_engine(tmp_path: Path) -> None:
    url = f"chdb://{tmp_path}/clickhouse"
    with connect(url) as first, connect(url) as second:
        assert first.holds_engine
        assert second.holds_engine
        first.close()
        assert second.client.command("SELECT 1") == 1
    with connect(url) as third:
        assert third.holds_engine


def test_an_engine_that_is_held_and_not_shared_is_told(tmp_path: Path) -> None:
    import fcntl

    path = tmp_path / "clickhouse"
    with lock_path(path).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ClickHouseUnavailable, match="another process holds the engine"):
            connect(f"chdb://{path}", wait=0.3)


def test_a_directory_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no directory")
    with pytest.raises(ClickHouseUnavailable, match="not writable"):
        connect(f"chdb://{tmp_path}/file/clickhouse")


def test_a_damaged_directory_is_told(tmp_path: Path) -> None:
    path = tmp_path / "clickhouse"
    path.write_text("no directory either")
    with pytest.raises(ClickHouseUnavailable, match="cannot open it"):
        connect(f"chdb://{path}")


def test_a_server_that_does_not_answer_is_told_without_the_password() -> None:
    with pytest.raises(ClickHouseUnavailable, match="check that the server runs") as caught:
        connect("clickhouse://somebody:hush@127.0.0.1:1/footfall")
    assert "hush" not in str(caught.value)


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    with connect(f"chdb://{tmp_path}/clickhouse") as connection:
        assert [migration.version for migration in migrate(connection.client, "footfall")][:1] == [1]
        assert migrate(connection.client, "footfall") == []
