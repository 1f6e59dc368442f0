"""What the shared engine refuses, and what it must not claim."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import clickhouse_connect
import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError, Error

from footfall_analytics.clickhouse import Connection, connect, migrate
from footfall_analytics.clickhouse.share import ANALYST, Share, read_share


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    directory = tmp_path_factory.mktemp("guards") / "clickhouse"
    with connect(f"chdb://{directory}") as connection:
        migrate(connection.client, connection.database)
        yield connection


@pytest.fixture
def share(connection: Connection) -> Share:
    assert connection.target.path is not None
    share = read_share(connection.target.path)
    assert share is not None
    return share


@pytest.fixture
def analyst(share: Share) -> Iterator[Client]:
    client = clickhouse_connect.get_client(
        host="127.0.0.1", port=share.port, username=ANALYST, password=share.analyst_password, database="footfall"
    )
    yield client
    client.close()


def exchange(share: Share, request: bytes) -> bytes:
    """All that the server says to these bytes."""
    with socket.create_connection(("127.0.0.1", share.port), timeout=20) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
    return answer


def post(share: Share, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes, http.client.HTTPMessage]:
    names = {"X-ClickHouse-User": "footfall", "X-ClickHouse-Key": share.password}
    names |= {name.replace("_", "-"): value for name, value in headers.items()}
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", share.port, timeout=20)) as client:
        client.request("POST", path, body, names)
        with client.getresponse() as answer:
            return answer.status, answer.read(), answer.headers


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM file('/etc/passwd', 'LineAsString')",
        "SELECT file('/etc/hostname')",
        "SELECT `file`('/etc/hostname')",
        "EXPLAIN SELECT file /* */ ('/etc/hostname')",
        "DESC file('/etc/hostname', 'CSV')",
        "DESCRIBE TABLE url('http://127.0.0.1:9/')",
        "SELECT * FROM url('http://127.0.0.1:9/', 'CSV', 'a String')",
        "SELECT * FROM executable('id', 'TSV', 'a String')",
        "SELECT 1 INTO OUTFILE '/tmp/footfall-must-not-exist'",
        "SELECT * FROM python(share)",
        "SELECT 1 SETTINGS readonly = 0",
        "SELECT 1; DROP TABLE footfall.events",
        "KILL QUERY WHERE 1",
        "SYSTEM FLUSH LOGS",
        "CREATE TEMPORARY TABLE t (a UInt8)",
        "INSERT INTO footfall.events (path) VALUES ('/')",
        "SET max_threads = 1",
    ],
)
def test_an_analyst_reads_tables_and_nothing_else(analyst: Client, sql: str) -> None:
    with pytest.raises(DatabaseError):
        analyst.command(sql)
    assert not Path("/tmp/footfall-must-not-exist").exists()


@pytest.mark.parametrize("readonly", ["0", "2"])
def test_an_analyst_cannot_ask_to_be_more(share: Share, readonly: str) -> None:
    path = f"/?user={ANALYST}&password={share.analyst_password}&readonly={readonly}"
    client = http.client.HTTPConnection("127.0.0.1", share.port, timeout=20)
    client.request("POST", path, b"SELECT * FROM url('http://127.0.0.1:9/', 'LineAsString')")
    assert b"READONLY" in client.getresponse().read()
    client.close()


def test_a_get_changes_nothing(share: Share) -> None:
    """As on a ClickHouse server: a link must not be able to."""
    client = http.client.HTTPConnection("127.0.0.1", share.port, timeout=20)
    client.request("GET", f"/?user=footfall&password={share.password}&query=CREATE%20DATABASE%20by_a_link")
    answer = client.getresponse()
    assert answer.getheader("X-ClickHouse-Exception-Code") == "164"
    client.close()


def test_parameters_that_are_too_long_for_a_url_come_as_a_form(connection: Connection) -> None:
    long = "it's; long\n" * 20_000
    asked = connection.client.query("SELECT {text:String}, {n:UInt8}", parameters={"text": long, "n": 7})
    assert asked.result_rows == [(long, 7)]


def test_an_insert_that_the_engine_refuses_is_not_called_done(connection: Connection) -> None:
    """chDB's send_insert reports it as finished, with its rows counted."""
    connection.client.command("CREATE TABLE footfall.small (n UInt8, CONSTRAINT few CHECK n < 3) ENGINE = Memory")
    with pytest.raises(DatabaseError, match="few"):
        connection.client.insert("small", [[1], [5]], column_names=["n"], database="footfall")
    assert connection.client.command("SELECT count() FROM footfall.small") == 0


@pytest.mark.parametrize("data", [b"1\t\n\n\n2\t;\n", b"1\t'\n2\t\\\\\n"])
def test_data_with_empty_lines_and_quotes_arrive_whole(connection: Connection, share: Share, data: bytes) -> None:
    connection.client.command("CREATE OR REPLACE TABLE footfall.texts (n UInt8, t String) ENGINE = Memory")
    table = data.replace(b"\n\n\n", b"\n")
    status, _, headers = post(share, "/?query=INSERT%20INTO%20footfall.texts%20FORMAT%20TSV", table)
    assert status == 200
    assert json.loads(headers["X-ClickHouse-Summary"])["written_rows"] == "2"
    assert connection.client.command("SELECT count() FROM footfall.texts") == 2


def test_a_large_binary_insert_arrives_whole_and_once_for_its_token(connection: Connection) -> None:
    connection.client.command(
        "CREATE TABLE footfall.large (n UInt32, t String) ENGINE = MergeTree ORDER BY n "
        "SETTINGS non_replicated_deduplication_window = 10"
    )
    columns = [list(range(60_000)), ["\n\n;'\0" * 5] * 60_000]
    for _ in range(2):
        summary = connection.client.insert(
            "large",
            columns,
            column_names=["n", "t"],
            database="footfall",
            column_oriented=True,
            settings={"insert_deduplication_token": "large"},
        )
        assert summary.written_rows == 60_000
    assert connection.client.query("SELECT count(), sum(n) FROM footfall.large").result_rows == [
        (60_000, sum(range(60_000)))
    ]


def test_half_of_an_insert_is_not_inserted(connection: Connection, share: Share) -> None:
    """A client that dies in the middle would use up the token of the whole batch with half of it."""
    connection.client.command("CREATE TABLE footfall.half (n UInt8) ENGINE = Memory")
    head = (
        "POST /?query=INSERT%20INTO%20footfall.half%20FORMAT%20TSV HTTP/1.1\r\nHost: x\r\n"
        f"X-ClickHouse-User: footfall\r\nX-ClickHouse-Key: {share.password}\r\nContent-Length: 100\r\n\r\n"
    )
    answer = exchange(share, head.encode() + b"1\n2\n3\n")
    assert b"ended before the body" in answer
    assert connection.client.command("SELECT count() FROM footfall.half") == 0


def test_a_body_is_not_even_read_without_the_password(share: Share) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 500000000\r\n\r\n"
    with socket.create_connection(("127.0.0.1", share.port), timeout=20) as client:
        client.sendall(head)  # and nothing more: a server that waited for the body would not answer
        assert client.recv(65_536).startswith(b"HTTP/1.1 403")


@pytest.mark.parametrize("name", ["compress", "decompress"])
def test_frames_of_clickhouses_own_are_refused_and_not_taken_for_data(share: Share, name: str) -> None:
    status, content, _ = post(share, f"/?{name}=1", b"SELECT 1")
    assert (status, b"Content-Encoding" in content) == (400, True)


def test_a_command_without_a_result_is_told_from_an_empty_one(connection: Connection) -> None:
    assert not isinstance(connection.client.command("CREATE DATABASE IF NOT EXISTS other"), str)
    assert connection.client.command("SELECT 'x' WHERE 0") == ""


@pytest.mark.parametrize("bad", ["a%0d%0aSet-Cookie:x", "%ff%fe", "x" * 10_000])
def test_a_query_id_cannot_write_headers(share: Share, bad: str) -> None:
    status, _, headers = post(share, f"/?query_id={bad}", b"SELECT 1")
    assert status == 200
    assert "Set-Cookie" not in headers
    assert len(headers["X-ClickHouse-Query-Id"]) <= 64


@pytest.mark.parametrize("setting", ["no such setting", "a=b", "1a", "max_threads;DROP"])
def test_a_setting_is_a_name(share: Share, setting: str) -> None:
    status, _, _ = post(share, "/?" + urllib.parse.urlencode({setting: "1"}), b"SELECT 1")
    assert status == 400


def test_a_database_with_an_odd_name_is_only_a_name(connection: Connection, share: Share) -> None:
    status, content, _ = post(share, "/?database=a%60%3BDROP%20DATABASE%20footfall", b"SELECT 1")
    assert (status, b"UNKNOWN_DATABASE" in content) == (404, True)
    assert connection.client.command("EXISTS footfall.events") == 1


@pytest.mark.parametrize("authorization", ["Basic", "Basic !!!", "Basic /////w==", "Bearer x", "Basic eDp5"])
def test_an_odd_authorization_header_is_refused(share: Share, authorization: str) -> None:
    client = http.client.HTTPConnection("127.0.0.1", share.port, timeout=20)
    client.request("POST", "/", b"SELECT 1", {"Authorization": authorization})
    assert client.getresponse().status in (400, 403)
    client.close()


def test_no_secret_is_in_the_text_of_a_share(share: Share) -> None:
    assert share.password not in repr(share)
    assert share.analyst_password not in repr(share)


def test_an_error_in_the_middle_of_a_result_is_told_and_no_result_is_taken_for_whole(connection: Connection) -> None:
    with pytest.raises(Error, match="throwIf"):
        _ = connection.client.query("SELECT throwIf(number = 3000000) FROM numbers(5000000)").result_rows


def test_an_error_in_the_middle_of_a_result_leaves_plain_http_without_its_end(share: Share) -> None:
    with pytest.raises(http.client.IncompleteRead):
        post(share, "/", b"SELECT throwIf(number = 3000000) FROM numbers(5000000) FORMAT TSV")
