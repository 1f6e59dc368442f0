"""The command beside an app that runs: two processes, one engine; pipes that close; Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.analytics import report_answers as answers
from tests.analytics.report_answers import Scope
from tests.analytics.report_world import at, world

ROOT = Path(__file__).parents[2]
FOOTFALL = [sys.executable, "-c", "import sys; from footfall_analytics.cli import main; sys.exit(main())"]
EVERYTHING = Scope(since=at("2026-01-01 00:00"), until=at("2028-01-01 00:00"))
PATIENCE = 60.0  # seconds, for a machine that has much to do


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    paths = os.pathsep.join(str(ROOT / part) for part in ("", "middleware", "analytics"))
    url = f"chdb://{tmp_path_factory.mktemp('shared')}/clickhouse"
    return {**os.environ, "PYTHONPATH": paths, "FOOTFALL_ANALYTICS": url}


@pytest.fixture(scope="module")
def holder(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.analytics.holder", environment["FOOTFALL_ANALYTICS"]]
    with subprocess.Popen(
        command, env=environment, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.communicate("")


def footfall(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*FOOTFALL, *arguments]
    return subprocess.run(command, env=environment, text=True, capture_output=True, timeout=PATIENCE, check=False)


@pytest.mark.usefixtures("holder")
def test_reports_answer_while_another_process_holds_the_engine(environment: dict[str, str]) -> None:
    ran = footfall(environment, "report", "pages", "--format", "json")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout) == answers.pages(EVERYTHING, world())


@pytest.mark.usefixtures("holder")
def test_sql_is_answered_and_nothing_written_beside_an_app(environment: dict[str, str], tmp_path: Path) -> None:
    query = "SELECT count() AS n FROM events WHERE kind = {kind:String}"
    ran = footfall(environment, "sql", query, "--param", "kind=page_view", "--format", "csv")
    assert ran.stdout.splitlines() == ["n", str(sum(row.kind == "page_view" for row in world()))]
    for statement in ("DROP TABLE events", f"SELECT 1 INTO OUTFILE '{tmp_path}/out'"):
        assert footfall(environment, "sql", statement).returncode == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("holder")
def test_the_doctor_says_who_holds_the_engine(environment: dict[str, str], holder: subprocess.Popen[str]) -> None:
    assert f"held by process {holder.pid}, shared on 127.0.0.1:" in footfall(environment, "doctor").stdout


@pytest.mark.usefixtures("holder")
def test_a_reader_that_leaves_is_no_traceback(environment: dict[str, str]) -> None:
    for form in ("json", "csv"):
        query = ["sql", "SELECT number FROM numbers(3000000)", "--format", form]
        with subprocess.Popen(
            [*FOOTFALL, *query], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.readline()
            process.stdout.close()
            assert process.stderr.read() == ""
        assert process.returncode == 1


def test_reports_answer_when_the_app_has_stopped(environment: dict[str, str], holder: subprocess.Popen[str]) -> None:
    holder.communicate("", timeout=PATIENCE)
    ran = footfall(environment, "report", "accounting")
    assert (ran.returncode, ran.stderr) == (0, "")


def test_ctrl_c_ends_a_query_of_the_embedded_engine(environment: dict[str, str], holder: subprocess.Popen[str]) -> None:
    """Python hears of a signal only between two of its own instructions, and a query is one."""
    holder.communicate("", timeout=PATIENCE)
    endless = "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1"
    with subprocess.Popen(
        [*FOOTFALL, "sql", endless, "--format", "csv"],
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "count()\n"
        time.sleep(0.5)  # into the query
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=PATIENCE)
    assert (process.returncode, error.strip()) == (130, "footfall: interrupted")
