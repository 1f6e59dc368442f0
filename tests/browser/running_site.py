"""The Reading Room as it is run: uvicorn with four workers, on a free port of this machine, in a fresh directory."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
READING_ROOM = "examples.reading_room.app:app"

_PATIENCE = 60.0  # seconds, for a start or for rows to arrive; the machine may be busy

_ASK = """
import json, sys
from footfall_analytics.clickhouse import connect
url, sql = sys.argv[1:]
with connect(url) as connection:
    result = connection.client.query(sql)
    print(json.dumps([dict(zip(result.column_names, row)) for row in result.result_rows], default=str))
"""


@dataclass
class RunningSite:
    """One run of the site. ``url`` has a name, so that an address in the data can only be the visitor's."""

    directory: Path
    port: int
    analytics: str
    process: subprocess.Popen[bytes] = field(repr=False)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> str:
        return (self.directory / "server.log").read_text(encoding="utf-8", errors="replace")

    def ask(self, sql: str) -> list[dict[str, Any]]:
        """Rows of ClickHouse, asked by a process of its own, as an analyst's would, whether the site runs or not."""
        command = [sys.executable, "-c", _ASK, self.analytics, sql]
        answer = subprocess.run(command, capture_output=True, env=_environment(self.directory), timeout=_PATIENCE)
        if answer.returncode:
            raise RuntimeError(answer.stderr.decode()[-2000:])
        rows: list[dict[str, Any]] = json.loads(answer.stdout)
        return rows

    def wait_for(self, sql: str, at_least: int) -> list[dict[str, Any]]:
        """The rows, once there are so many: they travel through the journal, which takes seconds."""
        until = time.monotonic() + _PATIENCE
        while len(rows := self.ask(sql)) < at_least and time.monotonic() < until:
            time.sleep(0.5)
        return rows

    def stop(self) -> None:
        """Stop as a supervisor would: ask, wait, and only then kill what is left of it."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)  # its own group: start_new_session
            self.process.wait()


def start(directory: Path, *, workers: int = 4, analytics: str = "", app: str = READING_ROOM) -> RunningSite:
    """Start the site and wait until it answers. ``analytics`` is a ClickHouse URL, default embedded."""
    port = _free_port()
    command = [sys.executable, "-m", "uvicorn", app, "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", str(workers)]
    environment = _environment(directory) | ({"FOOTFALL_ANALYTICS": analytics} if analytics else {})
    with (directory / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=directory, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
    site = RunningSite(directory, port, analytics or f"chdb://{directory / 'data' / 'clickhouse'}", process)
    try:
        _wait_until_it_answers(site)
    except BaseException:
        site.stop()
        raise
    return site


def _environment(directory: Path) -> dict[str, str]:
    path = os.pathsep.join(str(ROOT / folder) for folder in ("", "middleware", "analytics"))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FOOTFALL_")}
    return {**kept, "PYTHONPATH": path, "READING_ROOM_DATA": str(directory / "data")}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_until_it_answers(site: RunningSite) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and site.process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{site.port}/favicon.ico", timeout=5):
                return
        except urllib.error.HTTPError as error:  # an answer all the same
            error.close()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise RuntimeError(f"the site did not start:\n{site.log[-3000:]}")
