"""``kill -9`` of workers under load: what was received is a row, and one row only."""

from __future__ import annotations

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from footfall_analytics.clickhouse import ClickHouseUnavailable, connect
from footfall_analytics.clickhouse.share import read_share
from footfall_analytics.segments import journal_status

ROOT = Path(__file__).parents[2]
ROUNDS = int(os.environ.get("KILL_ROUNDS", "4"))  # an even number; `make soak` asks for more
CLIENTS = 4
_NOBODY = 2**22 + 1  # a process id that no Linux gives
PATIENCE = 60.0  # seconds for what must happen in the end


class Workers:
    """Four uvicorn workers; uvicorn's supervisor replaces those that die."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port()
        command = [sys.executable, "-m", "uvicorn", "tests.analytics.counted_app:app", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*command, "--workers", "4", "--log-level", "critical", "--no-access-log"],
            cwd=ROOT,
            env={**os.environ, "COUNTED_APP_DATA": str(data)},
            start_new_session=True,
        )

    def wait_until_up(self) -> None:
        eventually(lambda: fetch(self.port, "/page/up") is not None, "the app answers")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)


class Load:
    """Clients that remember which responses they received whole, and which process gave them."""

    def __init__(self, port: int) -> None:
        self.received: list[str] = []
        self.pids: list[int] = []
        self._port = port
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(number,)) for number in range(CLIENTS)]
        for thread in self._threads:
            thread.start()

    def _run(self, client: int) -> None:
        n = 0
        while not self._stop.wait(0.004):
            path = f"/{'stream' if n % 3 == 0 else 'page'}/{client}-{n}"
            body = fetch(self._port, path)
            if body is not None:
                self.received.append(path)
                self.pids.append(int(body[3:-4]))
            n += 1

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def fetch(port: int, path: str) -> bytes | None:
    """The body of a response that came whole; ``None`` where the connection broke."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers={"Accept": "text/html"})
        answer = connection.getresponse()
        return answer.read() if answer.status == 200 else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def eventually(happened: object, what: str) -> None:
    assert callable(happened)
    until = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < until, f"not within {PATIENCE} s: {what}"
        time.sleep(0.1)


def kill(pid: int) -> bool:
    """Whether there was somebody to kill."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return pid > 0


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    workers = Workers(tmp_path)
    try:
        workers.wait_until_up()
        yield workers
    finally:
        if workers.process.poll() is None:
            os.killpg(workers.process.pid, signal.SIGKILL)
            workers.process.wait(PATIENCE)


def holder(data: Path) -> int:
    """The process that holds the engine and ships, or held it last."""
    share = read_share(data / "clickhouse")
    return share.pid if share is not None else _NOBODY


def test_kill_9_of_a_worker_loses_no_received_view_and_doubles_none(workers: Workers) -> None:
    """Every second round the one that dies holds the engine and is in the middle of shipping, as likely as not."""
    eventually(lambda: holder(workers.data), "somebody holds the engine")
    load = Load(workers.port)
    killed = Counter[str]()
    for number in range(ROUNDS):
        time.sleep(random.uniform(0.4, 1.0))
        role = "holder" if number % 2 else "worker"
        victim = (lambda: holder(workers.data)) if role == "holder" else (lambda: random.choice(load.pids[-20:]))
        eventually(lambda victim=victim: kill(victim()), f"a living {role} is found")
        killed[role] += 1
    load.stop()
    workers.stop()
    assert killed == {"worker": ROUNDS // 2, "holder": ROUNDS // 2}
    assert len(load.received) > 20 * ROUNDS
    rows = count_rows(workers.data)
    assert [path for path in load.received if rows[path] == 0] == []
    assert {path: count for path, count in rows.items() if count > 1 and path != "/page/up"} == {}
    assert accounted(workers.data) == rows.total()


def test_a_report_can_be_asked_for_while_the_app_runs_and_after_it_stopped(workers: Workers) -> None:
    eventually(lambda: holder(workers.data), "somebody holds the engine")
    for n in range(5):
        assert fetch(workers.port, f"/page/{n}") is not None
    eventually(lambda: count_rows(workers.data).total() >= 6, "the rows are there")
    with connect(f"chdb://{workers.data}/clickhouse") as connection:
        assert not connection.holds_engine
    assert fetch(workers.port, "/page/last") is not None
    workers.stop()
    assert count_rows(workers.data)["/page/last"] == 1
    assert journal_status(workers.data / "journal").sealed == 0


def count_rows(data: Path) -> Counter[str]:
    try:
        with connect(f"chdb://{data}/clickhouse") as connection:
            rows = connection.client.query("SELECT path, count() FROM footfall.events GROUP BY path").result_rows
            return Counter(dict(rows))
    except (ClickHouseUnavailable, DatabaseError):  # the holder is starting: no engine, or no tables yet
        return Counter()


def accounted(data: Path) -> int:
    with connect(f"chdb://{data}/clickhouse") as connection:
        return int(connection.client.command("SELECT sum(requests) FROM footfall.accounting WHERE outcome = 'row'"))
