"""What a statement gives, streamed to the standard output. The engine itself writes the values, as it means them."""

from __future__ import annotations

import itertools
import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import BinaryIO, cast

import click
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import Error as ClickHouseError

from footfall_analytics.cli.cells import as_told
from footfall_analytics.cli.failures import Failure, syntax_message
from footfall_analytics.cli.printing import Format, print_csv, print_rows, print_table
from footfall_analytics.cli.statement import Statement
from footfall_analytics.clickhouse import Connection

Parameters = Mapping[str, str]

#: More rows than anybody reads; a drawn table must hold all of them to know its widths.
TABLE_LIMIT = 10_000

_SYNTAX_ERROR = 62

_CHUNK = 1 << 20

_AS_EXPECTED = {
    "format_csv_null_representation": "",
    "output_format_csv_serialize_tuple_into_separate_columns": "0",
    "output_format_json_quote_64bit_integers": "0",
    "output_format_json_quote_denormals": "0",
    "output_format_json_validate_utf8": "1",
}
#: No writes, but SETTINGS in the query; and a server stops when we leave.
_READ_ONLY = {"cancel_http_readonly_queries_on_client_close": "1", "readonly": "2"}


def ask(connection: Connection, statement: Statement, parameters: Parameters, form: Format, *, read_only: bool) -> None:
    """Print the rows that the statement gives. With ``read_only``, the engine too refuses to write."""
    client = connection.client
    _settle(client, _AS_EXPECTED | (_READ_ONLY if read_only else {}))
    columns = _describe(client, statement, parameters) if statement.selects else None
    if statement.format:
        _copy(_stream(client, statement, parameters, statement.format))
    elif columns is None:
        _print_shown(client, statement, parameters, form)
    else:
        _print_selected(client, statement, parameters, form, columns)


def check_syntax(connection: Connection, statement: Statement) -> None:
    """Raise Failure, saying where, for what ClickHouse cannot read as one statement."""
    try:
        connection.client.command("SELECT formatQuery({text:String})", parameters={"text": statement.text})
    except ClickHouseError as error:
        raise Failure(f"that is no statement; {syntax_message(error)}") from None


def write(connection: Connection, statement: Statement, parameters: Parameters) -> None:
    """Run a statement that changes something."""
    connection.client.command(statement.text, parameters=dict(parameters) or None)


def _settle(client: Client, settings: Mapping[str, str]) -> None:
    """Apply the settings to all that this client will ask, unless its user may set none."""
    if client.command("SELECT getSetting('readonly')") in (1, "1"):
        return
    for name, value in settings.items():
        client.set_client_setting(name, value)


def _describe(client: Client, statement: Statement, parameters: Parameters) -> list[str]:
    """The columns to come. What is no plain query, such as one INTO OUTFILE, cannot be described, and is refused."""
    described = Statement(f"DESCRIBE TABLE (\n{statement.text}\n)", "DESCRIBE", "")
    try:
        lines = _fetch(client, described, parameters, "JSONCompactEachRow").splitlines()
    except ClickHouseError as error:
        if error.code == _SYNTAX_ERROR:
            raise Failure("only a plain query is answered; INTO OUTFILE writes a file: say > FILE instead") from None
        raise
    return [json.loads(line)[0] for line in lines]


def _fetch(client: Client, statement: Statement, parameters: Parameters, form: str) -> bytes:
    return client.raw_query(statement.text, parameters=dict(parameters) or None, fmt=form)


def _stream(client: Client, statement: Statement, parameters: Parameters, form: str) -> BinaryIO:
    return cast(BinaryIO, client.raw_stream(statement.text, parameters=dict(parameters) or None, fmt=form))


def _print_selected(
    client: Client, statement: Statement, parameters: Parameters, form: Format, columns: list[str]
) -> None:
    if form == "csv":
        print_csv(columns, ())
        sys.stdout.flush()
        _copy(_stream(client, statement, parameters, "CSV"))
        return
    with closing(_stream(client, statement, parameters, "JSONEachRow")) as stream:
        if form == "json":
            _print_list(stream)
        else:
            _print_head(columns, stream)


def _print_shown(client: Client, statement: Statement, parameters: Parameters, form: Format) -> None:
    """Print what cannot be described before, such as SHOW TABLES; it is short."""
    lines = _fetch(client, statement, parameters, "JSONCompactEachRowWithNamesAndTypes").splitlines()
    columns, _, *rows = [json.loads(line) for line in lines]
    print_rows(form, columns, rows, cell=as_told)


def _copy(stream: BinaryIO) -> None:
    with closing(stream):
        shutil.copyfileobj(stream, sys.stdout.buffer, _CHUNK)


def _print_list(stream: BinaryIO) -> None:
    """The engine's own objects, one a line, as a list."""
    out, before = sys.stdout.buffer, b"[\n"
    sys.stdout.flush()
    while chunk := stream.read(_CHUNK):
        lines = chunk.removesuffix(b"\n")
        out.write(before + lines.replace(b"\n", b",\n"))
        before = b",\n" if len(lines) < len(chunk) else b""
    out.write(b"[]\n" if before == b"[\n" else b"\n]\n")


def _print_head(columns: list[str], stream: BinaryIO) -> None:
    lines = _lines(stream)
    rows = [_values(line, len(columns)) for line in itertools.islice(lines, TABLE_LIMIT)]
    print_table(columns, rows, cell=as_told)
    if len(rows) == TABLE_LIMIT and next(lines, b""):
        click.echo(f"\nOnly the first {TABLE_LIMIT:,} rows; --format csv or json gives all.")


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Line by line. A response over HTTP closes itself at its end, which io.BufferedReader takes for an error."""
    rest = b""
    while chunk := stream.read(_CHUNK):
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines
    if rest:
        yield rest


def _values(line: bytes, width: int) -> list[object]:
    """The values of one object."""
    values: dict[str, object] = json.loads(line)
    if len(values) < width:  # two columns of one name
        return [value for _, value in json.loads(line, object_pairs_hook=list)]
    return list(values.values())
