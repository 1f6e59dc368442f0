"""One request of ClickHouse's HTTP protocol, read into a statement. Pure.

The statement is the ``query`` parameter followed by the body; the data of an INSERT come behind its FORMAT
clause. Parameters named ``param_…`` fill in the statement's, most others are settings. Long ones may come as a form.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from footfall_analytics.clickhouse.form import is_form, read_form
from footfall_analytics.clickhouse.sql import Refused, Sql, read_sql

#: Parameters of the transport: no settings of the engine.
_TRANSPORT = frozenset(
    [
        "query",
        "database",
        "default_format",
        "user",
        "password",
        "session_id",
        "session_timeout",
        "session_check",
        "query_id",
        "quota_key",
        "compress",
        "decompress",
        "wait_end_of_query",
        "buffer_size",
        "client_protocol_version",
        "role",
        "send_progress_in_http_headers",
        "http_headers_progress_interval_ms",
        "enable_http_compression",
        "add_http_cors_header",
        "http_write_exception_in_output_format",
        "cancel_http_readonly_queries_on_client_close",
        "http_response_buffer_size",
        "readonly",  # the share decides that
    ]
)

#: ClickHouse's own framing of compressed blocks, which clients of the HTTP port use instead of Content-Encoding.
_OWN_FRAMES = ("compress", "decompress")

_SETTING = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_MOST_PARAMETERS = 1000
_DEFAULT_FORMAT = "TabSeparated"


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """What a request asks the engine to do. ``data`` is that of an INSERT, in ``format``, else ``None``."""

    sql: str
    format: str
    database: str
    settings: Mapping[str, str]
    parameters: Mapping[str, str]
    data: bytes | None = None
    insert_settings: str = ""  # the SETTINGS clause of an INSERT with data
    answers: bool = False  # with rows
    reads_only: bool = False
    query_id: str = ""


def credentials(query: Mapping[str, str], headers: Mapping[str, str]) -> tuple[str, str]:
    """User and password, from wherever a client may put them. Raises ValueError for an unreadable header."""
    basic_user, basic_password = _basic(headers.get("authorization", ""))
    user = headers.get("x-clickhouse-user") or query.get("user") or basic_user
    password = headers.get("x-clickhouse-key") or query.get("password") or basic_password
    return user, password


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise ValueError("the Authorization header cannot be read") from None
    return user, password


def read_query(query_string: str) -> dict[str, str]:
    """The parameters of the URL. Raises ValueError for more than any client sends."""
    return dict(parse_qsl(query_string, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS))


def read_statement(query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Statement:
    """The statement of a request whose credentials were checked. Raises ValueError for what is none."""
    if is_form(content_type := headers.get("content-type", "")):
        query, body = {**query, **read_form(content_type, body)}, b""
    _refuse_own_frames(query)
    sql = read_sql(_text(query.get("query", ""), body))
    return Statement(
        sql=_decoded(sql.text),
        format=_format_of(sql, query, headers),
        database=query.get("database") or headers.get("x-clickhouse-database") or "",
        settings={name: value for name, value in query.items() if _is_setting(name)},
        parameters={name.removeprefix("param_"): value for name, value in query.items() if name.startswith("param_")},
        data=sql.data,
        insert_settings=_decoded(sql.settings),
        answers=sql.answers,
        reads_only=sql.reads_only,
        query_id=query.get("query_id", ""),
    )


def _refuse_own_frames(query: Mapping[str, str]) -> None:
    for name in _OWN_FRAMES:
        if query.get(name, "0") not in ("", "0", "false"):
            raise Refused(f"{name}=1 is not available here; use Content-Encoding (lz4, zstd, gzip), or none")


def _text(query: str, body: bytes) -> bytes:
    return b"\n".join(part for part in (query.encode(), body) if part)


def _decoded(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("the statement is not UTF-8") from None


def _is_setting(name: str) -> bool:
    if name in _TRANSPORT or name.startswith("param_"):
        return False
    if not _SETTING.fullmatch(name):
        raise Refused(f"{name[:64]!r} is no setting")
    return True


def _format_of(sql: Sql, query: Mapping[str, str], headers: Mapping[str, str]) -> str:
    named = sql.input_format or sql.output_format
    return named or query.get("default_format") or headers.get("x-clickhouse-format") or _DEFAULT_FORMAT
