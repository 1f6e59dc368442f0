"""The share: the embedded engine served over ClickHouse's HTTP protocol, on loopback only.

Any ClickHouse client can be pointed at it. Every request is a statement of its own: nothing of one request,
no setting and no ``USE``, is left for the next.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import logging
import re
import secrets
import socket
import threading
from collections.abc import Generator, Iterator
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import urlsplit

from footfall_analytics.clickhouse.body import read_body
from footfall_analytics.clickhouse.handle import Progress
from footfall_analytics.clickhouse.share import ANALYST, LOOPBACK, WRITER, Share
from footfall_analytics.clickhouse.statement import Statement, credentials, read_query, read_statement

log = logging.getLogger("footfall.clickhouse")

_NO_ID = re.compile(r"[^A-Za-z0-9_.-]")
_CODE = re.compile(r"Code: (\d+)")

#: ClickHouse's numbers for errors that are ours to raise, and the HTTP status that its server gives them.
_READONLY = 164
_BAD_ARGUMENTS = 36
_AUTHENTICATION_FAILED = 516
_UNKNOWN = 1002
#: How ClickHouse ends a message of that code; its JavaScript client reads the code only where the name is there.
_NAMES = {
    _READONLY: "READONLY",
    _AUTHENTICATION_FAILED: "AUTHENTICATION_FAILED",
    _BAD_ARGUMENTS: "BAD_ARGUMENTS",
    _UNKNOWN: "UNKNOWN_EXCEPTION",
}
_STATUS = {
    _AUTHENTICATION_FAILED: 403,
    497: 403,
    60: 404,
    81: 404,
    47: 404,
    62: 400,
    _BAD_ARGUMENTS: 400,
    _READONLY: 403,
}

#: Seconds that a connection may idle between its statements.
_PATIENCE = 300

#: Connections at a time; each is a thread of the process that serves requests.
_MOST_CONNECTIONS = 64


def _describes_a_function(sql: str) -> bool:
    """``DESCRIBE url(…)`` asks another host, ``DESCRIBE file(…)`` reads a file: for a reader tables only."""
    return sql.lstrip(" \t\r\n(")[:4].upper() == "DESC" and "(" in sql


class Runs(Protocol):
    """What the server needs of an engine."""

    def run(self, statement: Statement, progress: Progress, *, readonly: bool) -> Generator[bytes]: ...


class ShareServer:
    """A small HTTP server in threads of this process."""

    def __init__(self, engine: Runs) -> None:
        self._http = _Server((LOOPBACK, 0), _Handler)
        self._http.engine = engine
        self._thread = threading.Thread(target=self._http.serve_forever, name="footfall-share", daemon=True)

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    def start(self, share: Share) -> None:
        self._http.passwords = {WRITER: share.password, ANALYST: share.analyst_password}
        self._thread.start()

    def stop(self) -> None:
        """Take no more requests; a statement that runs may still answer."""
        if self._thread.is_alive():
            self._http.shutdown()
        self._http.cut()
        self._http.server_close()

    def cut_off(self) -> None:
        """End the connections of clients that do not read what they asked for."""
        self._http.cut(socket.SHUT_RDWR)

    def forget(self) -> None:
        """In a forked child: close its copy of the port, where nobody would answer."""
        self._http.socket.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    engine: Runs
    passwords: dict[str, str]

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        if len(self._open) >= _MOST_CONNECTIONS:
            self.shutdown_request(request)
            return
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def cut(self, how: int = socket.SHUT_RD) -> None:
        """Reading alone: an idle connection ends, and a running statement still answers."""
        for request in list(self._open):
            with contextlib.suppress(OSError):
                request.shutdown(how)

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.debug("a connection to the shared engine broke", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "Footfall"
    sys_version = ""
    timeout = 10  # seconds a connection may idle before it has shown a password
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path in ("/ping", "/replicas_status") or not url.query:
            self._answer(200, b"Ok.\n")
        else:
            self._statement(readonly=True)  # as ClickHouse does: a GET changes nothing

    def do_POST(self) -> None:
        self._statement(readonly=False)

    def do_HEAD(self) -> None:
        self._answer(200, b"")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the standard library's name)
        """Statements may hold personal data: nothing of them is logged."""

    # -- one statement

    def _statement(self, *, readonly: bool) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            query = read_query(urlsplit(self.path).query)
            user, password = credentials(query, headers)
            if not self._knows(user, password):
                self.close_connection = True  # and the body is not even read
                return self._refuse(_AUTHENTICATION_FAILED, "Authentication failed: the share file has the passwords")
            self.connection.settimeout(_PATIENCE)
            statement = read_statement(query, headers, read_body(self.rfile, headers))
        except (ValueError, EOFError) as error:
            self.close_connection = True
            return self._refuse(_BAD_ARGUMENTS, str(error))
        if user == ANALYST and (not statement.reads_only or _describes_a_function(statement.sql)):
            return self._refuse(_READONLY, "analyst may only read: SELECT, WITH, SHOW, DESCRIBE, EXPLAIN, EXISTS")
        return self._run(statement, readonly=readonly or user == ANALYST)

    def _knows(self, user: str, password: str) -> bool:
        expected = self.server.passwords.get(user, "")
        return hmac.compare_digest(expected.encode(), password.encode("utf-8", "replace")) and bool(expected)

    def _run(self, statement: Statement, *, readonly: bool) -> None:
        progress = Progress()
        with contextlib.closing(self.server.engine.run(statement, progress, readonly=readonly)) as blocks:
            try:
                first = next(blocks, b"")
            except Exception as error:  # the engine's errors have no common class of their own
                code = _CODE.search(str(error))
                return self._refuse(int(code[1]) if code else _UNKNOWN, str(error))
            return self._send(first, blocks, statement, progress)

    def _send(self, first: bytes, rest: Iterator[bytes], statement: Statement, progress: Progress) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("X-ClickHouse-Query-Id", _NO_ID.sub("", statement.query_id)[:64])
        self.send_header("X-ClickHouse-Exception-Tag", tag := secrets.token_hex(8))
        self.send_header("X-ClickHouse-Summary", json.dumps({name: str(n) for name, n in asdict(progress).items()}))
        if statement.answers:  # what clients tell a result from a mere "done" by
            self.send_header("X-ClickHouse-Format", statement.format)
        self.end_headers()
        self._chunk(first)
        try:
            for block in rest:
                self._chunk(block)
        except RuntimeError as error:
            self.close_connection = True  # without the last chunk every client knows that the result is cut
            self._chunk(_in_the_middle(str(error), tag))  # and those that look for it learn why
        else:
            self.wfile.write(b"0\r\n\r\n")

    def _chunk(self, block: bytes) -> None:
        if block:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(block), block))

    def _refuse(self, code: int, why: str) -> None:
        text = (
            why if _CODE.search(why) else f"Code: {code}. DB::Exception: {why}. ({_NAMES.get(code, _NAMES[_UNKNOWN])})"
        )
        self._answer(_STATUS.get(code, 500), f"{text}\n".encode(), ("X-ClickHouse-Exception-Code", str(code)))

    def _answer(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _in_the_middle(why: str, tag: str) -> bytes:
    """An error after the first block, as ClickHouse puts it into the result since 25.11."""
    return f"\r\n__exception__\r\n{tag}\r\n{why}\n{len(why.encode()) + 1} {tag}\r\n__exception__\r\n".encode()
