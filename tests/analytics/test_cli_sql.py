"""``footfall sql`` from end to end."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from footfall_analytics.cli.statement import statement_of
from footfall_analytics.clickhouse import Connection, connect, migrate
from tests.analytics.cli_runner import Run, runner
from tests.analytics.report_world import Row, at, insert

ODD = """SELECT
    1 AS number, 'a,"b"\n\x1b' AS text, '' AS empty, NULL AS nothing, [1, NULL] AS list, map('k', 1) AS map,
    (1, 'x') AS pair, toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AS uuid, toDate('2026-11-24') AS day,
    toDateTime64('2026-11-24 10:00:00.5', 3, 'Europe/Berlin') AS time, 18446744073709551615 AS big, nan AS nan,
    toDecimal64(1.25, 2) AS decimal, true AS yes"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"chdb://{tmp_path_factory.mktemp('sql')}/clickhouse"


@pytest.fixture(scope="module", autouse=True)
def connection(url: str) -> Iterator[Connection]:
    with connect(url) as connection:
        migrate(connection.client, "footfall")
        insert(connection.client, "footfall", [Row(time=at("2026-11-20 12:00"), path="/about")])
        yield connection


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, url: str) -> Run:
    monkeypatch.setenv("FOOTFALL_ANALYTICS", url)
    return runner(capsys, monkeypatch)


def test_a_query_runs_in_the_database_of_the_events(run: Run) -> None:
    assert run("sql", "SELECT path, count() AS views FROM events GROUP BY path").out == (
        "path    views\n/about      1\n"
    )


def test_a_table_shows_values_as_the_engine_means_them(run: Run) -> None:
    values = run("sql", ODD).lines
    assert values[0].split()[:3] == ["number", "text", "empty"]
    for shown in (r'a,"b"\n\x1b', "NULL", "[1, null]", '{"k": 1}', '[1, "x"]', "61f0c404-5cb3-11e7-907b-a6006ad3dba0"):
        assert shown in values[1]
    for shown in ("2026-11-24 10:00:00.500", "18446744073709551615", "1.25", "true"):
        assert shown in values[1]


def test_json_keeps_the_types(run: Run) -> None:
    [line] = run("sql", ODD, "--format", "json").json
    assert line == {
        "number": 1,
        "text": 'a,"b"\n\x1b',
        "empty": "",
        "nothing": None,
        "list": [1, None],
        "map": {"k": 1},
        "pair": [1, "x"],
        "uuid": "61f0c404-5cb3-11e7-907b-a6006ad3dba0",
        "day": "2026-11-24",
        "time": "2026-11-24 10:00:00.500",
        "big": 18446744073709551615,
        "nan": None,
        "decimal": 1.25,
        "yes": True,
    }


def test_csv_has_a_column_for_each_value(run: Run) -> None:
    header, values = csv.reader(io.StringIO(run("sql", ODD, "--format", "csv").out))
    found = dict(zip(header, values, strict=True))
    assert (found["text"], found["nothing"], found["pair"]) == ('a,"b"\n\x1b', "", "(1,'x')")
    assert (found["list"], found["map"], found["big"]) == ("[1,NULL]", "{'k':1}", "18446744073709551615")


@pytest.mark.parametrize("rows", [0, 1, 2, 200_000])
def test_any_number_of_rows_is_json_and_csv(run: Run, rows: int) -> None:
    query = f"SELECT number AS n, toString(number) AS t FROM numbers({rows})"
    assert [line["n"] for line in run("sql", query, "--format", "json").json] == list(range(rows))
    assert run("sql", query, "--format", "csv").lines == ["n,t", *(f'{n},"{n}"' for n in range(rows))]


def test_a_table_of_very_many_rows_is_cut_and_says_so(run: Run) -> None:
    lines = run("sql", "SELECT number FROM numbers(10001)").lines
    assert (len(lines), lines[-1]) == (10_003, "Only the first 10,000 rows; --format csv or json gives all.")
    assert len(run("sql", "SELECT number FROM numbers(10000)").lines) == 10_001


def test_two_columns_of_one_name_are_two_columns(run: Run) -> None:
    assert run("sql", "SELECT 1, 1").lines == ["1  1", "1  1"]


def test_a_query_may_come_from_the_standard_input_or_a_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "query.sql"
    file.write_text("-- how many\nSELECT 7 AS seven;\n")
    expected = ["seven", "    7"]
    assert run("sql", str(file)).lines == expected
    assert run("sql", "-", stdin=file.read_text()).lines == expected
    assert run("sql", stdin=file.read_text()).lines == expected


def test_values_are_given_as_typed_parameters(run: Run) -> None:
    query = "SELECT count() AS n FROM events WHERE path = {path:String} AND status < {most:UInt16}"
    assert run("sql", query, "--param", "path=/about", "--param", "most=300").lines[1].strip() == "1"
    assert run("sql", query, "--param", "path=' OR 1=1 --", "--param", "most=300").lines[1].strip() == "0"


def test_percent_signs_need_no_care(run: Run) -> None:
    query = "SELECT '%d' AS a, path LIKE '/ab%' AS b FROM events WHERE site = {site:String}"
    assert run("sql", query, "--param", "site=main").lines[1].split() == ["%d", "1"]


@pytest.mark.parametrize(
    "query", ["SHOW TABLES", "DESCRIBE events", "EXPLAIN SELECT 1", "EXISTS events", "show tables;"]
)
@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_what_shows_the_database_is_answered_too(run: Run, query: str, form: str) -> None:
    ran = run("sql", query, "--format", form)
    assert (ran.code, bool(ran.out)) == (0, True)


def test_a_format_in_the_query_wins(run: Run) -> None:
    assert run("sql", "SELECT 1 AS n, 'x' AS t FORMAT TSVWithNames", "--format", "json").out == "n\tt\n1\tx\n"


def test_settings_in_the_query_are_allowed(run: Run) -> None:
    assert run("sql", "SELECT 1 AS n SETTINGS max_threads = 1").code == 0


@pytest.mark.parametrize(
    "query",
    [
        "DROP TABLE events",
        "INSERT INTO events (path) VALUES ('/x')",
        "/* SELECT */ ALTER TABLE events DELETE WHERE 1",
        "TRUNCATE TABLE events",
        "CREATE TABLE t (a Int8) ENGINE = Memory",
        "SYSTEM STOP MERGES",
        "SET readonly = 0",
        "KILL QUERY WHERE 1",
        "INSERT INTO FUNCTION file('{out}') SELECT 1",
        "SELECT 1 INTO OUTFILE '{out}'",
        "SHOW TABLES INTO OUTFILE '{out}'",
        "(SELECT 1) INTO OUTFILE '{out}'",
        "WITH 1 AS x SELECT x INTO OUTFILE '{out}' FORMAT CSV",
        "EXPLAIN SELECT 1 INTO OUTFILE '{out}'",
        "SELECT 1; DROP TABLE events",
        "SELECT 1) ; DROP TABLE events; SELECT (1",
    ],
)
def test_nothing_is_written_unless_asked(run: Run, connection: Connection, tmp_path: Path, query: str) -> None:
    ran = run("sql", query.format(out=tmp_path / "out"))
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1)
    assert connection.client.command("SELECT count() FROM footfall.events") == 1
    assert list(tmp_path.iterdir()) == []


def test_what_was_asked_to_write_writes(run: Run, connection: Connection) -> None:
    assert run("sql", "--write", "CREATE TABLE notes (text String) ENGINE = Memory").code == 0
    assert run("sql", "--write", "INSERT INTO notes VALUES ({text:String})", "--param", "text=100 %").code == 0
    assert run("sql", "SELECT text FROM notes").lines == ["text", "100 %"]
    assert run("sql", "--write", "DROP TABLE notes").code == 0


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ([""], "there is no statement"),
        (["/* nothing */"], "there is no statement"),
        (["missing.sql"], "missing.sql cannot be read: No such file"),
        (["SELECT 1", "--param", "x=1"], "the query has no {x:Type} for --param x"),
        (["SELECT {x:Int8}", "--param", "x"], "--param 'x' has no value"),
    ],
)
def test_misuse_is_one_line_and_exit_code_2(run: Run, arguments: list[str], error: str) -> None:
    ran = run("sql", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"footfall: {error}")


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("SELEC 1", "that is no statement; Syntax error"),
        ("SELECT 1,\nFROM events WHERE x =", "(line 2, col 22)"),
        ("SELECT nope FROM events", "Unknown expression identifier `nope`"),
        ("SELECT * FROM nope", "nope"),
        ("SELECT {x:Int8}", "Substitution `x` is not set"),
        ("SELECT throwIf(1, 'on purpose')", "on purpose"),
    ],
)
@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_what_clickhouse_refuses_is_one_line_and_exit_code_1(run: Run, query: str, error: str, form: str) -> None:
    ran = run("sql", query, "--format", form)
    assert (ran.code, len(ran.err.splitlines())) == (1, 1)
    assert error in ran.err
    assert "DB::Exception" not in ran.err
    assert "http://" not in ran.err


def test_a_file_that_is_no_text_is_misuse(run: Run, tmp_path: Path) -> None:
    (tmp_path / "query.sql").write_bytes(b"\xff\xfe\x00")
    assert run("sql", str(tmp_path / "query.sql")).code == 2


@pytest.mark.parametrize(
    ("sql", "word", "form"),
    [
        ("  select 1", "SELECT", ""),
        ("/* a */ -- b\n# c\nWITH x AS (SELECT 1) SELECT 2;", "WITH", ""),
        ("(SELECT 1) UNION ALL (SELECT 2)", "(", ""),
        ("SELECT 1 format Parquet;", "SELECT", "Parquet"),
        ("SELECT 'x FORMAT y'", "SELECT", ""),
        ("/* never ends", "", ""),
        ("", "", ""),
        (";", "", ""),
        ("123", "", ""),
    ],
)
def test_a_statement_is_known_by_its_first_word(sql: str, word: str, form: str) -> None:
    statement = statement_of(sql)
    assert (statement.word, statement.format) == (word, form)


def test_a_hostile_statement_is_read_in_no_time() -> None:
    for piece in ("/*", "--\n", "/* */", " FORMAT", "(", "#!\n", "/**"):
        statement_of(piece * 200_000)


def test_large_numbers_survive_json(run: Run) -> None:
    assert json.loads(run("sql", "SELECT toInt64(-9223372036854775808) AS n", "--format", "json").out) == [
        {"n": -9223372036854775808}
    ]
