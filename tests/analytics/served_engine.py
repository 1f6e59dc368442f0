"""A ClickHouse server for tests: another process that holds an engine and shares it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from footfall_analytics.clickhouse.share import read_share

_HOLD = """
import sys
from footfall_analytics.clickhouse import connect
with connect("chdb://" + sys.argv[1]) as connection:
    print("ready", flush=True)
    sys.stdin.read()
"""


@contextmanager
def served_engine(directory: Path) -> Iterator[str]:
    """The clickhouse:// URL of an engine that lives as long as the block."""
    command = [sys.executable, "-c", _HOLD, str(directory)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            share = read_share(directory)
            assert share is not None
            yield f"clickhouse://footfall:{share.password}@127.0.0.1:{share.port}/footfall"
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(30)
