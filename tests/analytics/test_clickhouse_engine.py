"""The embedded engine: one process holds it, and lets go of it only when nothing of it runs any more."""

from __future__ import annotations

import fcntl
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from clickhouse_connect.driver.exceptions import Error

from footfall_analytics.clickhouse import ClickHouseUnavailable, EngineMissing, connect, migrate
from footfall_analytics.clickhouse.share import lock_path
from tests.analytics.served_engine import served_engine


def run(code: str, *arguments: object) -> str:
    """What a process of its own prints."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def is_locked(directory: Path) -> bool:
    with lock_path(directory).open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_the_lock_is_kept_until_the_last_statement_has_ended(tmp_path: Path) -> None:
    """Another process would open the same directory beside a living engine."""
    directory = tmp_path / "clickhouse"
    connection = connect(f"chdb://{directory}")
    failed = threading.Event()

    def ask() -> None:
        try:
            connection.client.command("SELECT sum(sleepEachRow(0.1)) FROM numbers(600) SETTINGS max_block_size = 1")
        except Error:
            failed.set()

    asking = threading.Thread(target=ask)
    asking.start()
    running = "SELECT count() > 1 FROM system.processes WHERE query LIKE '%sleepEachRow%'"
    while not connection.client.command(running):
        time.sleep(0.05)
    closing = threading.Thread(target=connection.close)
    closing.start()
    time.sleep(1.0)
    assert is_locked(directory)
    closing.join(30)
    asking.join(30)
    assert failed.is_set()  # it was ended: nobody waits a minute for it
    assert not is_locked(directory)


def test_a_client_of_another_process_does_not_load_the_engine(tmp_path: Path) -> None:
    """It is 240 MB, in each of the workers."""
    code = (
        "import sys; from footfall_analytics.clickhouse import connect\n"
        "with connect('chdb://' + sys.argv[1]) as one: print(one.holds_engine, 'chdb' in sys.modules)"
    )
    directory = tmp_path / "clickhouse"
    with served_engine(directory):
        assert run(code, directory) == "False False\n"
    assert run(code, directory) == "True True\n"


def test_loading_the_engine_moves_no_other_thread_to_another_directory() -> None:
    """chdb changes the directory of the process while it is imported."""
    code = """
import os, threading
here, seen, done = os.getcwd(), set(), threading.Event()
def look():
    while not done.is_set():
        seen.add(os.getcwd())
looking = threading.Thread(target=look)
looking.start()
from footfall_analytics.clickhouse.embedded import import_engine
import_engine()
done.set()
looking.join()
os.chdir("/")
print(seen == {here}, os.getcwd())
"""
    assert run(code) == "True /\n"


def test_a_second_directory_in_one_process_is_told(tmp_path: Path) -> None:
    with connect(f"chdb://{tmp_path}/one"), pytest.raises(ClickHouseUnavailable, match="one directory only"):
        connect(f"chdb://{tmp_path}/two")
    connect(f"chdb://{tmp_path}/two").close()


def test_a_forked_child_keeps_neither_the_lock_nor_the_port(tmp_path: Path) -> None:
    """Or nobody could hold the engine for as long as the child of a dead worker lives."""
    code = """
import os, signal, sys, time
from footfall_analytics.clickhouse import connect
connection = connect("chdb://" + sys.argv[1])
if os.fork() == 0:
    time.sleep(30)
    os._exit(0)
os._exit(9)
"""
    directory = tmp_path / "clickhouse"
    command = [sys.executable, "-W", "ignore", "-c", code, str(directory)]
    parent = subprocess.run(command, start_new_session=True, stderr=subprocess.DEVNULL, timeout=60)
    assert parent.returncode == 9
    assert not is_locked(directory)
    with connect(f"chdb://{directory}") as connection:
        assert connection.holds_engine


def test_the_data_are_for_their_owner_only(tmp_path: Path) -> None:
    directory = tmp_path / "site" / "clickhouse"
    connect(f"chdb://{directory}").close()
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert stat.S_IMODE(lock_path(directory).stat().st_mode) == 0o600


def test_an_engine_that_is_not_installed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "chdb", None)
    with pytest.raises(EngineMissing, match=r"pip install 'footfall\[embedded\]'"):
        connect(f"chdb://{tmp_path}/clickhouse")
    assert not is_locked(tmp_path / "clickhouse")


def test_damaged_data_are_told_and_can_be_put_right_without_a_restart(tmp_path: Path) -> None:
    directory = tmp_path / "clickhouse"
    with connect(f"chdb://{directory}") as connection:
        migrate(connection.client, connection.database)
    (definition,) = directory.glob("store/*/*/events.sql")
    good = definition.read_bytes()
    definition.write_bytes(b"\xff\0 not SQL")
    with pytest.raises(ClickHouseUnavailable, match="cannot open it") as caught:
        connect(f"chdb://{directory}")
    assert "Stack trace" not in str(caught.value)
    definition.write_bytes(good)
    with connect(f"chdb://{directory}") as connection:
        assert connection.client.command("SELECT count() FROM footfall.events") == 0


def test_two_processes_may_migrate_at_once(tmp_path: Path) -> None:
    code = """
import sys
from footfall_analytics.clickhouse import connect, migrate
with connect("chdb://" + sys.argv[1]) as connection:
    migrate(connection.client, "footfall")
"""
    directory = tmp_path / "clickhouse"
    with served_engine(directory):
        command = [sys.executable, "-c", code, str(directory)]
        both = [subprocess.Popen(command) for _ in range(2)]
        assert [process.wait(60) for process in both] == [0, 0]
        with connect(f"chdb://{directory}") as connection:
            assert migrate(connection.client, "footfall") == []
