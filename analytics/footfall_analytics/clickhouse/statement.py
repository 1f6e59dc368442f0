"""One request of ClickHouse's HTTP protocol, read into a statement. Pure.

The statement is the ``query`` parameter followed by the body; the data of an INSERT comes behind its FORMAT
clause. Parameters named ``param_…`` fill in the statement's, most others are settings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

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
    ]
)

_SETTING = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_INSERT = re.compile(rb"\s*INSERT\s+INTO\s", re.IGNORECASE)
_INSERT_FORMAT = re.compile(rb"\sFORMAT\s+(\w+)[ \t]*;?(?:\r?\n|\s|\Z)", re.IGNORECASE)
_TRAILING_FORMAT = re.compile(r"\bFORMAT\s+(\w+)\s*;?\s*\Z", re.IGNORECASE)

#: An INSERT's own words end within so many bytes; what follows is data.
_LONGEST_INSERT_HEAD = 65_536


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """What a request asks the engine to do. ``data`` is that of an INSERT with a FORMAT, else ``None``."""

    sql: str
    format: str
    database: str
    settings: Mapping[str, str]
    parameters: Mapping[str, str]
    data: bytes | None = None


def credentials(query: Mapping[str, str], headers: Mapping[str, str], basic: tuple[str, str] | None) -> tuple[str, str]:
    """User and password, from wherever a client may put them."""
    user = headers.get("x-clickhouse-user") or query.get("user") or (basic[0] if basic else "")
    password = headers.get("x-clickhouse-key") or query.get("password") or (basic[1] if basic else "")
    return user, password


def read_query(query_string: str) -> dict[str, str]:
    """The parameters of the URL. Raises ValueError for more than any client sends."""
    return dict(parse_qsl(query_string, keep_blank_values=True, max_num_fields=1000))


def read_statement(query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Statement:
    """The statement of a request whose credentials were checked. Raises ValueError for what is none."""
    settings = {name: value for name, value in query.items() if _is_setting(name)}
    parameters = {name.removeprefix("param_"): value for name, value in query.items() if name.startswith("param_")}
    head = query.get("query", "").encode()
    whole = b"\n".join(part for part in (head, body) if part) if head else body
    if not whole.strip():
        raise ValueError("the request holds no query")
    common: dict[str, Any] = {
        "database": query.get("database") or headers.get("x-clickhouse-database") or "",
        "settings": settings,
        "parameters": parameters,
    }
    insert = _insert_with_data(whole)
    if insert is not None:
        return Statement(sql=insert[0], format=insert[1], data=insert[2], **common)
    sql = whole.decode("utf-8")
    return Statement(sql=sql, format=_format_of(sql, query, headers), **common)


def _is_setting(name: str) -> bool:
    if name in _TRANSPORT or name.startswith("param_"):
        return False
    if not _SETTING.fullmatch(name):
        raise ValueError(f"{name[:64]!r} is no setting")
    return True


def _insert_with_data(whole: bytes) -> tuple[str, str, bytes] | None:
    if not _INSERT.match(whole):
        return None
    match = _INSERT_FORMAT.search(whole, 0, _LONGEST_INSERT_HEAD)
    if match is None or match[1].upper() == b"VALUES" or b"SELECT" in whole[: match.start()].upper().split():
        return None
    return whole[: match.start()].decode("utf-8"), match[1].decode(), whole[match.end() :]


def _format_of(sql: str, query: Mapping[str, str], headers: Mapping[str, str]) -> str:
    match = _TRAILING_FORMAT.search(sql)
    if match is not None:
        return match[1]
    return query.get("default_format") or headers.get("x-clickhouse-format") or "TabSeparated"
