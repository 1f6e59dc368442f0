"""A wire between a store and its PostgreSQL server: it counts what passes, and can be blocked or cut."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

#: Messages that ask for an answer: Sync and Query (postgresql.org/docs/current/protocol-message-formats.html).
_ASKING = b"SQ"


class Wire:
    """``url`` leads through it. ``round_trips``: how often the client has asked and waits for an answer."""

    def __init__(self, server: str) -> None:
        given = conninfo_to_dict(server)
        self._server = str(Path(str(given["host"])) / ".s.PGSQL.5432")
        self._listening = socket.create_server(("127.0.0.1", 0))
        port = self._listening.getsockname()[1]
        self.url = f"postgresql://{given['user']}@127.0.0.1:{port}/{given['dbname']}?sslmode=disable&gssencmode=disable"
        self.round_trips = 0
        self._open = threading.Event()
        self._open.set()
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def block(self) -> None:
        """From now on nothing passes, and nobody is told: a server that hangs."""
        self._open.clear()

    def unblock(self) -> None:
        self._open.set()

    def cut(self) -> None:
        """All connections end."""
        ends, self._ends = self._ends, []
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listening.close()
        self.unblock()
        self.cut()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._server)
                self._ends += [client, server]
                threading.Thread(target=self._pass, args=(client, server, True), daemon=True).start()
                threading.Thread(target=self._pass, args=(server, client, False), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, count: bool) -> None:
        unread, first = b"", True
        with contextlib.suppress(OSError), source, target:
            while data := source.recv(65536):
                self._open.wait()
                target.sendall(data)
                if count and first:  # the message that begins a connection has no type
                    first = False
                elif count:
                    unread = self._counted(unread + data)

    def _counted(self, data: bytes) -> bytes:
        while len(data) >= 5 and len(data) > (length := int.from_bytes(data[1:5])):
            self.round_trips += data[0] in _ASKING
            data = data[1 + length :]
        return data


@contextmanager
def wire_to(server: str) -> Iterator[Wire]:
    wire = Wire(server)
    try:
        yield wire
    finally:
        wire.close()
