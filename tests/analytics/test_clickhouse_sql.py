"""One SQL text, read as far as the HTTP protocol has to."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall_analytics.clickhouse.sql import Refused, read_sql


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1",
        " -- a note\n select 1",
        "/* ; */ WITH 1 AS x SELECT x",
        "(SELECT 1) UNION ALL (SELECT 2)",
        "SHOW TABLES",
    ],
)
def test_what_answers_and_only_reads(text: str) -> None:
    sql = read_sql(text.encode())
    assert sql.answers
    assert sql.reads_only


@pytest.mark.parametrize("text", ["DROP TABLE t", "KILL QUERY WHERE 1", "SYSTEM SHUTDOWN", "SET a = 1", "USE d"])
def test_what_does_not_only_read(text: str) -> None:
    assert not read_sql(text.encode()).reads_only


@pytest.mark.parametrize(
    ("text", "head", "settings", "input_format", "data"),
    [
        ("INSERT INTO t FORMAT CSV\n1;2\n", "INSERT INTO t", "", "CSV", "1;2\n"),
        (
            "INSERT INTO t (format, `values`) FORMAT Native\n\n\n",
            "INSERT INTO t (format, `values`)",
            "",
            "Native",
            "\n\n",
        ),
        ('INSERT INTO t FORMAT JSONEachRow {"a": "; DROP"}', "INSERT INTO t", "", "JSONEachRow", '{"a": "; DROP"}'),
        ("INSERT INTO t FORMAT CSV;\n1", "INSERT INTO t", "", "CSV", "1"),
        ("INSERT INTO t VALUES (1, ';'), (2, '')", "INSERT INTO t", "", "Values", "(1, ';'), (2, '')"),
        ("insert into t settings a = 1 format CSV\n1", "insert into t", "settings a = 1", "CSV", "1"),
    ],
)
def test_an_insert_is_parted_from_its_data(text: str, head: str, settings: str, input_format: str, data: str) -> None:
    sql = read_sql(text.encode())
    assert sql.data is not None
    assert (sql.text.strip().decode(), sql.settings.strip().decode()) == (head, settings)
    assert (sql.input_format, sql.data.decode().lstrip(" ")) == (input_format, data)


def test_an_insert_from_a_select_has_no_data() -> None:
    assert read_sql(b"INSERT INTO t (a) SELECT 1;").data is None


@pytest.mark.parametrize(
    "text", ["SELECT 1; SELECT 2", "SELECT 1; DROP TABLE t", "INSERT INTO t SELECT 1; DROP TABLE t"]
)
def test_several_statements_are_refused(text: str) -> None:
    with pytest.raises(Refused, match="several statements"):
        read_sql(text.encode())


@pytest.mark.parametrize(
    "text", ["SELECT ';'", 'SELECT 1 AS ";"', "SELECT $$;$$ -- ;\n", "SELECT ‘;’ /* ; */ ;", "SELECT 1;\n"]
)
def test_a_semicolon_that_is_no_end_is_none(text: str) -> None:
    assert read_sql(text.encode()).answers


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1 INTO OUTFILE '/tmp/x'",
        "select 1 into/**/outfile '/tmp/x'",
        "SELECT $$ ' $$ INTO OUTFILE '/tmp/x'",
        "SELECT ‘ ' ’ INTO OUTFILE ‘/tmp/x’",
        "SELECT ' \\' INTO OUTFILE '/tmp/x'",
        "INSERT INTO t FROM INFILE '/etc/passwd' FORMAT CSV",
        "SELECT * FROM python(secret)",
        "SELECT * FROM Python (secret)",
        "SELECT * FROM `python`(secret)",
        "SELECT * FROM python/* */(secret)",
    ],
)
def test_files_and_memory_of_the_serving_process_are_out_of_reach_however_they_are_quoted(text: str) -> None:
    """The engine itself does all of this for a client that it believes to be local."""
    with pytest.raises(Refused, match="for a local client"):
        read_sql(text.encode())


@pytest.mark.parametrize("text", ["", "  ", ";", "-- only a note", "INSERT INTO t", "\0"])
def test_what_is_no_statement_is_refused_or_left_to_the_engine(text: str) -> None:
    with contextlib.suppress(Refused):
        assert not read_sql(text.encode()).reads_only


@given(
    st.lists(st.sampled_from(["'", '"', "`", "$a$", "/*", "*/", "--", "\n", "(", ";", "\\", "FORMAT", "SELECT ", "x"]))
)
def test_any_text_is_read_or_refused(pieces: list[str]) -> None:
    with contextlib.suppress(Refused):
        read_sql("".join(pieces).encode())


@pytest.mark.parametrize("opened", ["'", "`", "/*a", "$a", "‘", "--", "python ", "$$"])
def test_a_long_text_that_opens_much_and_closes_nothing_is_read_through_once(opened: str) -> None:
    """A quadratic reader would need minutes for it."""
    with contextlib.suppress(Refused):
        read_sql(b"SELECT " + opened.encode() * 300_000)


def test_data_may_be_longer_than_a_statement() -> None:
    sql = read_sql(b"INSERT INTO t FORMAT TSV\n" + b"x\n" * 2_000_000)
    assert sql.data is not None
    assert len(sql.data) == 4_000_000
