"""The journal: one line a record, safe when it is written, and honest about what it could not keep."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.event import Drop, Event
from footfall_analytics.journal import Journal
from footfall_analytics.journal_file import encoded
from footfall_analytics.segments import DONE, adopt, next_batch, read_segment

DAY_MS = 86_400_000
EVENT = Event(time_ms=1_790_000_000_000, site="main", kind="page_view", path="/books/7")


def files(directory: Path, ending: str) -> list[Path]:
    return sorted(directory.glob(f"*{ending}"))


def sealed_records(directory: Path) -> list[object]:
    return [record for path in files(directory, ".sealed") for record in read_segment(path)]


def test_what_was_appended_is_read_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    drop = Drop(1, "main", "static", 3)
    journal.append(EVENT)
    journal.append(drop)
    journal.close()
    assert sealed_records(tmp_path) == [EVENT, drop]


def test_a_record_is_in_the_file_before_append_returns(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append(EVENT)
    (path,) = files(tmp_path, ".open")
    assert list(read_segment(path)) == [EVENT]
    journal.close()


def test_files_and_folder_are_for_their_owner_only(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    journal.append(EVENT)
    journal.close()
    (path,) = files(tmp_path / "journal", ".sealed")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "journal").stat().st_mode) == 0o700


def test_records_of_many_threads_are_whole_and_all_there(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    threads = [threading.Thread(target=lambda: [journal.append(EVENT) for _ in range(500)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        journal.keep()
    for thread in threads:
        thread.join()
    journal.close()
    assert sealed_records(tmp_path) == [EVENT] * 2000


def test_the_keeper_gives_what_was_written_to_the_shipper(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append(EVENT)
    journal.keep()
    assert (files(tmp_path, ".open"), len(files(tmp_path, ".sealed"))) == ([], 1)
    journal.keep()
    assert len(list(tmp_path.iterdir())) == 1  # nothing happened, nothing is made


# -- counts


def counted(directory: Path) -> Counter[tuple[str, str, int]]:
    """What the drops of a journal add up to, by site, reason and day."""
    total: Counter[tuple[str, str, int]] = Counter()
    for record in sealed_records(directory):
        if isinstance(record, Drop):
            total[record.site, record.reason, record.time_ms // DAY_MS] += record.count
    return total


def test_many_drops_of_one_kind_are_one_line(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append(EVENT)
    for _ in range(1000):
        journal.count(Drop(5, "main", "static"))
    journal.append(EVENT)
    journal.close()
    assert sealed_records(tmp_path) == [EVENT, Drop(5, "main", "static", 1000), EVENT]


def test_drops_of_other_sites_reasons_and_days_are_counted_apart(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for drop in (Drop(5, "a", "static"), Drop(6, "a", "static"), Drop(6, "b", "static"), Drop(6, "a", "health", 7)):
        journal.count(drop)
        journal.count(msgspec.structs.replace(drop, time_ms=DAY_MS))
    journal.close()
    kinds = {("a", "static"): 2, ("b", "static"): 1, ("a", "health"): 7}
    assert counted(tmp_path) == {(*kind, day): count for kind, count in kinds.items() for day in (0, 1)}


def test_a_segment_that_was_sealed_is_counted_into_no_more(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for _ in range(3):
        journal.count(Drop(5, "main", "static"))
        journal.seal()
    assert sealed_records(tmp_path) == [Drop(5, "main", "static")] * 3


@pytest.mark.parametrize("before", range(0, 520, 13))
def test_a_count_is_one_write_within_one_sector_wherever_it_begins(tmp_path: Path, before: int) -> None:
    """Neither a kill between two pages nor a power cut between two sectors leaves half of a count."""
    journal = Journal(tmp_path)
    journal.append(Event(time_ms=1, site="main", kind="request", path="x" * before))
    for _ in range(5):
        journal.count(Drop(5, "main", "excluded"))
    journal.close()
    (path,) = files(tmp_path, ".sealed")
    at = 0
    for line in path.read_bytes().splitlines(keepends=True):
        overwritten = b'"d1"' in line and not line.endswith(b",1]\n")
        assert not overwritten or at // 512 == (at + len(line) - 1) // 512
        at += len(line)
    assert counted(tmp_path).total() == 5


COUNTS = """
import os, sys
from pathlib import Path
from footfall.event import Drop, Event
from footfall_analytics.journal import Journal
journal = Journal(Path(sys.argv[1]))
for number in range(1_000_000):
    journal.count(Drop(5, "main", ("static", "health", "excluded")[number % 3]))
    os.write(1, b".")
    if number % 10 == 0:
        journal.append(Event(time_ms=1, site="main", kind="page_view"))
"""


@pytest.mark.parametrize("heard", [1, 77, 2_000])
def test_every_drop_that_was_counted_survives_kill_9(tmp_path: Path, heard: int) -> None:
    """Each dot says that a drop was counted, as a response would. The last one may come after the count alone."""
    with subprocess.Popen([sys.executable, "-c", COUNTS, str(tmp_path)], stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        dots = len(worker.stdout.read(heard))
        worker.kill()
        dots += len(worker.stdout.read())
    adopt(tmp_path)
    assert None not in sealed_records(tmp_path)
    assert counted(tmp_path).total() - dots in (0, 1)


# -- damage


@pytest.mark.parametrize(
    "tail",
    [
        encoded(EVENT)[:-1],
        encoded(EVENT)[:30],
        b"\n",
        b"00000000 {}\n",
        encoded(EVENT).replace(b"books", b"b0oks"),
        b"\xff" * 90_000,
    ],
    ids=["no newline", "cut", "empty", "wrong sum", "bit flipped", "garbage"],
)
def test_a_torn_or_damaged_line_is_told_and_the_others_are_read(tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / "x.sealed"
    path.write_bytes(encoded(EVENT) + tail)
    records = list(read_segment(path))
    assert records[0] == EVENT
    assert set(records[1:]) == {None}


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_without_an_exception(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.sealed"
    path.write_bytes(content)
    assert set(read_segment(path)) <= {None}


def test_an_older_journal_without_the_newest_fields_still_reads(tmp_path: Path) -> None:
    import json
    import zlib

    content = json.dumps(["e1", 5, "main", "page_view", "host"]).encode()
    (tmp_path / "x.sealed").write_bytes(b"%08x %b\n" % (zlib.crc32(content), content))
    assert sealed_records(tmp_path) == [Event(time_ms=5, site="main", kind="page_view", host="host")]


# -- workers that die, and that fork


def run(code: str, directory: Path) -> None:
    done = subprocess.run([sys.executable, "-c", code, str(directory)], check=False)
    assert done.returncode in (0, -signal.SIGKILL)


DIES = """
import os, signal, sys
from pathlib import Path
from footfall.event import Event
from footfall_analytics.journal import Journal
Journal(Path(sys.argv[1])).append(Event(time_ms=1, site="main", kind="page_view"))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_segment_of_a_dead_worker_is_adopted_and_that_of_a_living_one_is_not(tmp_path: Path) -> None:
    alive = Journal(tmp_path)
    alive.append(EVENT)
    run(DIES, tmp_path)
    assert len(files(tmp_path, ".open")) == 2
    assert adopt(tmp_path) == 1
    assert [record.time_ms for record in sealed_records(tmp_path)] == [1]  # type: ignore[attr-defined]
    alive.close()


def test_a_forked_child_writes_a_file_of_its_own(tmp_path: Path) -> None:
    code = """
import os, sys
from pathlib import Path
from footfall.event import Event
from footfall_analytics.journal import Journal
journal = Journal(Path(sys.argv[1]))
journal.append(Event(time_ms=1, site="main", kind="page_view"))
child = os.fork()
journal.append(Event(time_ms=2 if child else 3, site="main", kind="page_view"))
journal.close()
if child:
    assert os.waitpid(child, 0)[1] == 0
else:
    os._exit(0)
"""
    run(code, tmp_path)
    assert sorted(
        sorted(record.time_ms for record in read_segment(path) if record) for path in files(tmp_path, ".sealed")
    ) == [
        [1, 2],
        [3],
    ]


# -- a full disk, a folder that cannot be written


def test_over_quota_the_newest_are_dropped_and_counted(tmp_path: Path) -> None:
    journal = Journal(tmp_path, quota=600)
    for _ in range(5):
        journal.append(EVENT)
    journal.keep()
    for _ in range(7):
        journal.append(EVENT)
    for path in files(tmp_path, ".sealed"):
        path.unlink()  # shipped: there is room again
    journal.keep()
    journal.append(EVENT)
    journal.close()
    first, second = sealed_records(tmp_path)
    assert isinstance(first, Drop)
    assert (first.reason, first.count, second) == ("quota", 7, EVENT)


def test_a_journal_that_cannot_be_written_never_raises_and_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "journal"
    blocked.write_text("a file where the folder should be")
    journal = Journal(blocked)
    for _ in range(5):
        journal.append(EVENT)
    assert caplog.text.count("cannot be written") == 1
    blocked.unlink()
    journal.append(EVENT)
    journal.close()
    assert sealed_records(blocked) == [Drop(sealed_records(blocked)[0].time_ms, "main", "failed", 5), EVENT]  # type: ignore[attr-defined]


def test_a_line_that_does_not_fit_on_the_disk_leaves_no_half(tmp_path: Path) -> None:
    if not Path("/dev/shm").is_dir() or os.geteuid() != 0:
        pytest.skip("a full disk is made with a small tmpfs, which wants root")
    mount = tmp_path / "small"
    mount.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(mount)], check=False, capture_output=True
    ).returncode:
        pytest.skip("this machine lets nobody mount a tmpfs")
    try:
        journal = Journal(mount / "journal")
        for _ in range(2000):
            journal.append(EVENT)
        journal.close()
        assert (
            set(sealed_records(mount / "journal")) == {EVENT}
            if False
            else None not in sealed_records(mount / "journal")
        )
        assert len(sealed_records(mount / "journal")) > 100
    finally:
        subprocess.run(["umount", str(mount)], check=True)


@pytest.mark.parametrize("quota", [0, -1])
def test_a_quota_that_lets_nothing_in_is_refused(tmp_path: Path, quota: int) -> None:
    with pytest.raises(ValueError, match="quota="):
        Journal(tmp_path, quota=quota)


# -- batches


def test_a_batch_that_was_begun_is_the_same_batch_after_a_crash(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for _ in range(3):
        journal.append(EVENT)
        journal.seal()
    batch = next_batch(tmp_path)
    assert batch is not None
    journal.append(EVENT)
    journal.close()  # more comes in meanwhile
    again = next_batch(tmp_path)
    assert again == batch
    assert len(batch.segments) == 3


def test_what_was_acknowledged_is_never_shipped_again_wherever_the_crash_comes(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append(EVENT)
    journal.close()
    batch = next_batch(tmp_path)
    assert batch is not None
    batch.manifest.rename(batch.manifest.with_suffix(DONE))  # … and the process dies here
    assert next_batch(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_manifest_loses_no_segment_and_doubles_none(tmp_path: Path) -> None:
    """Its first segment is known by its name, and may be in ClickHouse under it; the others are gathered anew."""
    journal = Journal(tmp_path)
    other = Event(time_ms=2, site="main", kind="page_view")
    for record in (EVENT, other):
        journal.append(record)
        journal.seal()
    begun = next_batch(tmp_path)
    assert begun is not None
    begun.manifest.write_bytes(b"\xff not json")
    again = next_batch(tmp_path)
    assert again is not None
    assert (again.name, list(again.records()), again.tried) == (begun.name, [EVENT], True)
    again.done()
    rest = next_batch(tmp_path)
    assert rest is not None
    assert (list(rest.records()), rest.tried) == ([other], False)
    assert rest.name != begun.name
