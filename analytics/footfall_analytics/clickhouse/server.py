"""The share: the embedded engine served over ClickHouse's HTTP protocol, on loopback only.

Any ClickHouse client can be pointed at it. Every request is a statement of its own: nothing of one request,
no setting and no ``USE``, is left for the next.
"""

from __future__ import annotations

import base64
import hmac
import logging
import re
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import urlsplit

from footfall_analytics.clickhouse.body import read_body
from footfall_analytics.clickhouse.share import ANALYST, WRITER, Share
from footfall_analytics.clickhouse.statement import Statement, credentials, read_query, read_statement

log = logging.getLogger("footfall.clickhouse")

_CODE = re.compile(r"Code: (\d+)")
_AUTHENTICATION_FAILED = 516
_UNKNOWN = 1002


class Runs(Protocol):
    """What the server needs of an engine."""

    def run(self, statement: Statement, *, readonly: bool) -> Iterator[bytes]: ...


class ShareServer:
    """A small HTTP server in threads of this process."""

    def __init__(self, engine: Runs) -> None:
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.engine = engine
        self._thread = threading.Thread(target=self._http.serve_forever, name="footfall-share", daemon=True)

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    def start(self, share: Share) -> None:
        self._http.passwords = {WRITER: share.password, ANALYST: share.analyst_password}
        self._thread.start()

    def stop(self) -> None:
        """Take no more requests and cut those that are under way: their clients see a broken connection."""
        if self._thread.is_alive():
            self._http.shutdown()
        self._http.cut()
        self._http.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = True
    engine: Runs
    passwords: dict[str, str]

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def cut(self) -> None:
        for request in list(self._open):
            try:
                request.shutdown(socket.SHUT_RD)  # an idle connection ends; a running statement still answers
            except OSError:
                continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.debug("a connection to the shared engine broke", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "Footfall"
    sys_version = ""
    timeout = 300  # seconds a connection may idle

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path in ("/ping", "/replicas_status"):
            self._answer(200, b"Ok.\n")
        else:
            self._statement(readonly=True)

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
            body = read_body(self.rfile, headers)
            user, password = credentials(query, headers, _basic(headers.get("authorization", "")))
            if not self._knows(user, password):
                return self._refuse(403, _AUTHENTICATION_FAILED, "Authentication failed: see the share file")
            statement = read_statement(query, headers, body)
        except (ValueError, EOFError, RuntimeError) as error:
            self.close_connection = True
            return self._refuse(400, _UNKNOWN, str(error))
        return self._run(statement, readonly=readonly or user == ANALYST)

    def _knows(self, user: str, password: str) -> bool:
        expected = self.server.passwords.get(user, "")
        return hmac.compare_digest(expected.encode(), password.encode()) and bool(expected)

    def _run(self, statement: Statement, *, readonly: bool) -> None:
        blocks = self.server.engine.run(statement, readonly=readonly)
        try:
            first = next(blocks, b"")
        except Exception as error:  # the engine's errors have no common class of their own
            code = _CODE.search(str(error))
            return self._refuse(500, int(code[1]) if code else _UNKNOWN, str(error))
        return self._send(first, blocks, statement.format)

    def _send(self, first: bytes, rest: Iterator[bytes], output: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("X-ClickHouse-Format", output)
        self.send_header("X-ClickHouse-Timezone", "UTC")
        self.end_headers()
        try:
            self._chunk(first)
            for block in rest:
                self._chunk(block)
            self.wfile.write(b"0\r\n\r\n")
        except Exception:
            self.close_connection = True  # without the last chunk the client knows that the result is cut
            raise

    def _chunk(self, block: bytes) -> None:
        if block:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(block), block))

    def _refuse(self, status: int, code: int, why: str) -> None:
        self._answer(status, f"{why}\n".encode(), ("X-ClickHouse-Exception-Code", str(code)))

    def _answer(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (
            ("Content-Type", "text/plain; charset=UTF-8"),
            ("Content-Length", str(len(body))),
            *headers,
        ):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _basic(authorization: str) -> tuple[str, str] | None:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    user, _, password = base64.b64decode(encoded).decode("utf-8").partition(":")
    return user, password
