"""What the journal cannot keep: never an error for the request, and counted so that the accounting balances."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from footfall.event import Drop, Event
from footfall_analytics import journal as module
from footfall_analytics import journal_file
from footfall_analytics.journal import Journal
from footfall_analytics.journal_file import LONGEST_LINE, NEW
from footfall_analytics.segments import adopt, read_segment

VIEW = Event(time_ms=1_790_000_000_000, site="main", kind="page_view", path="/")


def records(directory: Path) -> list[Any]:
    return [record for path in sorted(directory.glob("*.sealed")) for record in read_segment(path)]


def drops(directory: Path) -> dict[str, int]:
    return {record.reason: record.count for record in records(directory) if isinstance(record, Drop)}


@pytest.mark.parametrize(
    "odd",
    [{"path": "/\udc80"}, {"props": {"a": "x" * LONGEST_LINE}}, {"props": {"a": object()}}],
    ids=["not UTF-8", "too long", "no string"],
)
def test_an_event_that_cannot_be_written_is_counted_and_not_raised(tmp_path: Path, odd: dict[str, Any]) -> None:
    journal = Journal(tmp_path)
    journal.append(Event(**{"time_ms": 1, "site": "main", "kind": "page_view", **odd}))
    journal.append(VIEW)
    journal.close()
    assert VIEW in records(tmp_path)
    assert drops(tmp_path) == {"failed": 1}


def test_the_longest_line_that_is_written_is_read(tmp_path: Path) -> None:
    longest = Event(time_ms=1, site="main", kind="event", props={"a": "x" * (LONGEST_LINE - 200)})
    journal = Journal(tmp_path)
    journal.append(longest)
    journal.close()
    assert records(tmp_path) == [longest]


def test_only_requests_are_accounted_for(tmp_path: Path) -> None:
    """Requests = rows + reasons: a document is a row beside its request."""
    journal = Journal(tmp_path, quota=1)
    journal.append(VIEW)
    journal.keep()  # and now it is over quota
    journal.keep()
    for kind in ("page_view", "request", "document", "sign_in", "event"):
        journal.append(Event(time_ms=1, site="main", kind=kind))
    journal.append(Drop(1, "main", "static", 5))
    journal.close()
    assert drops(tmp_path) == {"quota": 2, "static": 5}


def test_what_was_dropped_over_quota_is_known_even_if_the_worker_is_killed(tmp_path: Path) -> None:
    code = """
import os, sys
from pathlib import Path
from footfall.event import Event
from footfall_analytics.journal import Journal
journal = Journal(Path(sys.argv[1]), quota=1)
for _ in range(3):
    journal.append(Event(time_ms=1, site="main", kind="page_view"))
    journal.keep()
os._exit(9)
"""
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    adopt(tmp_path)
    assert drops(tmp_path) == {"quota": 1}
    assert len(records(tmp_path)) == 3


def test_a_forked_child_does_not_keep_the_segment_of_its_dead_parent(tmp_path: Path) -> None:
    code = """
import os, sys, time
from pathlib import Path
from footfall.event import Event
from footfall_analytics.journal import Journal
journal = Journal(Path(sys.argv[1]))
journal.append(Event(time_ms=1, site="main", kind="page_view"))
if os.fork() == 0:
    time.sleep(30)
os._exit(9)
"""
    command = [sys.executable, "-c", code, str(tmp_path)]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=20)
    time.sleep(0.2)  # the child closes its copy as its first act
    assert adopt(tmp_path) == 1


def test_files_that_a_crash_left_without_a_name_are_removed(tmp_path: Path) -> None:
    old, young = tmp_path / f"1{NEW}", tmp_path / f"2{NEW}"
    for path in (old, young):
        path.touch()
    os.utime(old, (0, 0))
    adopt(tmp_path)
    assert list(tmp_path.iterdir()) == [young]


def test_in_a_long_outage_segments_grow_instead_of_piling_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MANY_SEGMENTS", 3)
    journal = Journal(tmp_path)
    for _ in range(50):
        journal.append(VIEW)
        journal.keep()
    assert len(list(tmp_path.glob("*.sealed"))) == 4
    monkeypatch.setattr(journal_file, "_LARGE", 1)
    journal.keep()
    assert records(tmp_path) == [VIEW] * 50


def test_a_journal_stays_where_it_is_when_the_process_goes_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    journal = Journal(Path("journal"))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    journal.append(VIEW)
    journal.close()
    assert records(tmp_path / "journal") == [VIEW]


def test_a_journal_that_is_removed_under_a_running_app_is_told_and_made_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    directory = tmp_path / "journal"
    journal = Journal(directory)
    journal.append(VIEW)
    for path in directory.iterdir():
        path.unlink()
    directory.rmdir()
    journal.keep()
    assert "was the directory removed" in caplog.text
    journal.append(VIEW)
    journal.close()
    assert records(directory) == [VIEW]
