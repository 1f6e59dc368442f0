"""What Footfall costs a served app: the same app with and without it, under uvicorn with uvloop and httptools.

``wrk`` asks for one page as a visitor who consented, in turns of the one app and the other; each figure is the best
turn. Without ``wrk`` on the machine only start-up and memory are measured.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TURNS = 5
SECONDS = 2
CONNECTIONS = 16
_PATIENCE = 30.0  # seconds for a server to start

_BROWSER = {
    "Host": "localhost",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept": "text/html",
    "Accept-Language": "en-GB,en;q=0.9",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Site": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Served:
    """One app that is being served."""

    port: int
    pid: int
    started_s: float  # until its first answer

    def ask(self, method: str, path: str, body: str = "") -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(method, path, body, {**_BROWSER, **form})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer

    def memory_mb(self) -> float:
        """Resident memory; 0 where the system does not say."""
        status = Path(f"/proc/{self.pid}/status")
        found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text()) if status.exists() else None
        return int(found[1]) / 1024 if found else 0.0


@dataclass(frozen=True, slots=True)
class Turn:
    """What wrk saw; times in milliseconds."""

    requests_s: float
    p50: float
    p99: float


@contextlib.contextmanager
def served(factory: str, data: Path) -> Iterator[Served]:
    port = _free_port()
    command = [sys.executable, "-m", "uvicorn", f"benchmarks.served_app:{factory}", "--factory", "--port", str(port)]
    options = ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "error"]
    began = time.perf_counter()
    process = subprocess.Popen([*command, *options], env={**os.environ, "FOOTFALL_BENCH_DATA": str(data)})
    try:
        _wait_for(port)
        yield Served(port, process.pid, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            Served(port, 0, 0.0).ask("GET", "/books/1")
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)


def _consent(app: Served) -> str:
    """The cookies of a visitor who agreed."""
    answer = app.ask("POST", "/privacy", "choice=accept_all&layer=notice&return_to=/")
    lines = answer.headers.get_all("set-cookie") or []
    if not lines:
        raise RuntimeError(f"the choice was answered with {answer.status} and no cookie")
    return "; ".join(line.partition(";")[0] for line in lines)


def _turn(app: Served, cookies: str) -> Turn:
    headers = [f"-H{name}: {value}" for name, value in {**_BROWSER, "Cookie": cookies}.items()]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency", *headers]
    url = f"http://127.0.0.1:{app.port}/books/7"
    said = subprocess.run([*command, url], check=True, capture_output=True, text=True)
    if "Non-2xx" in said.stdout:
        raise RuntimeError(said.stdout)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said.stdout)
    quantiles = {name: _milliseconds(value) for name, value in re.findall(r"(50|99)%\s+(\S+)", said.stdout)}
    return Turn(float(rate[1]) if rate else 0.0, quantiles["50"], quantiles["99"])


def _milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]


def _best(turns: list[Turn]) -> Turn:
    return Turn(
        max(turn.requests_s for turn in turns), min(turn.p50 for turn in turns), min(turn.p99 for turn in turns)
    )


def _compare(bare: Served, footfall: Served, cookies: str) -> list[tuple[str, float, float]]:
    turns = [(_turn(bare, cookies), _turn(footfall, cookies)) for _ in range(TURNS)]
    one, other = _best([first for first, _ in turns]), _best([second for _, second in turns])
    return [
        ("requests/s without", one.requests_s, 0.0),
        ("throughput with ÷ without (at least)", other.requests_s / one.requests_s, 0.92),
        ("p50 with ÷ without", other.p50 / one.p50, 0.0),
        ("p99 with ÷ without", other.p99 / one.p99, 1.2),
    ]


def measure() -> list[tuple[str, float, float]]:
    """Rows of (name, figure, target); a target of 0 is none."""
    with tempfile.TemporaryDirectory() as directory:
        data = Path(directory)
        with served("create_bare", data) as bare, served("create_footfall", data) as footfall:
            cookies = _consent(footfall)
            if shutil.which("wrk") is not None:
                rows = _compare(bare, footfall, cookies)
            else:
                print("wrk is not installed: throughput and latency are not measured", file=sys.stderr)
                rows = []
            return [
                *rows,
                ("start-up added to a worker, s", footfall.started_s - bare.started_s, 0.0),
                ("memory added to a worker, MB", footfall.memory_mb() - bare.memory_mb(), 40.0),
            ]


if __name__ == "__main__":
    for name, figure, target in measure():
        print(f"{name:46} {figure:10.2f}  {target:6.2f}")
