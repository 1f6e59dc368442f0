"""Sealed segments: read, adopted from dead workers, and gathered into batches that survive the shipper.

A batch is a manifest, ``….batch``: the names of its segments. While it stands, its segments are shipped
together under its name as the deduplication token, however often it takes. Acknowledged, it becomes
``….done``; then its segments go, and it goes last. Each step is one rename or one removal, so that a crash
between any two leaves something that the next shipper can finish.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from footfall.event import Drop, Event
from footfall_analytics.journal_file import LONGEST_LINE, NEW, OPEN, SEALED, encoded

log = logging.getLogger("footfall.journal")

BATCH, DONE, UNFIT, REJECTED = ".batch", ".done", ".unfit", "rejected"

#: Beside a manifest: which erasures its batch heeds, so that it is the same batch however often it is tried.
HEEDS = ".heeds"

#: Bytes of segments in one batch: some 50,000 events, which is memory the worker can spare.
BATCH_BYTES = 16 * 1024 * 1024

_READ_AHEAD = 1024 * 1024  # bytes

#: Seconds after which a file that never got its name is left over from a crash.
_LEFT_OVER = 60.0

Record = Event | Drop

_decoder: msgspec.json.Decoder[Record] = msgspec.json.Decoder(Record)


def read_segment(path: Path) -> Iterator[Record | None]:
    """The records of a segment; ``None`` for each line that is torn or damaged. Never raises for what it finds."""
    with path.open("rb", buffering=_READ_AHEAD) as file:
        while line := file.readline(LONGEST_LINE):
            yield read_line(line)


def read_line(line: bytes) -> Record | None:
    """The record of a line; ``None`` for one that is torn or damaged."""
    checksum, content = line[:8], line[9:-1]
    if not line.endswith(b"\n") or line[8:9] != b" " or checksum != b"%08x" % zlib.crc32(content):
        return None
    try:
        return _decoder.decode(content)
    except msgspec.DecodeError:
        return None


def adopt(directory: Path) -> int:
    """Seal the segments of workers that have died: the kernel took their locks back. How many there were."""
    for new in directory.glob(f"*{NEW}"):
        _remove_left_over(new)
    return sum(_adopt(path) for path in directory.glob(f"*{OPEN}"))


def _remove_left_over(new: Path) -> None:
    """Nothing is written into a file before it has its name, and a manifest says nothing before."""
    with contextlib.suppress(OSError):
        if time.time() - new.stat().st_mtime > _LEFT_OVER:
            new.unlink()


def _adopt(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False  # its worker sealed it
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.rename(path.with_suffix(SEALED))
    except OSError:
        return False  # its worker lives
    finally:
        os.close(descriptor)
    return True


@dataclass(frozen=True, slots=True)
class Batch:
    """Segments that are shipped together. ``name`` is the same however often it is tried."""

    manifest: Path
    segments: tuple[Path, ...]
    tried: bool = field(default=False, compare=False)  # it was there before: some of it may be inserted already

    @property
    def name(self) -> str:
        return self.manifest.stem

    @property
    def heeds(self) -> Path:
        """The file that says which erasures it heeds; none where there were none when it was begun."""
        return self.manifest.with_suffix(HEEDS)

    @property
    def began_ms(self) -> int:
        """When its first segment was opened, Unix time in milliseconds; 0 where its name does not say."""
        nanoseconds = self.name.partition("-")[0]
        return int(nanoseconds) // 1_000_000 if nanoseconds.isdecimal() else 0

    def age(self) -> float:
        """Seconds since it was begun."""
        return time.time() - self.manifest.stat().st_mtime

    def records(self) -> Iterator[Record | None]:
        for segment in self.segments:
            yield from read_segment(segment)

    def done(self) -> None:
        """Everything was acknowledged: never ship it again."""
        done = self.manifest.with_suffix(DONE)
        self.manifest.rename(done)
        _clear(done, self.segments)

    def set_aside(self, name: str, events: list[Event]) -> Path:
        """Keep events that fit into no row where somebody can look at them; where that is."""
        path = self._aside() / f"{name}{UNFIT}"
        with open(path, "wb", opener=_for_the_owner) as file:
            file.writelines(map(encoded, events))
        return path

    def _aside(self) -> Path:
        aside = self.manifest.parent / REJECTED
        aside.mkdir(exist_ok=True, mode=0o700)
        return aside

    def reject(self) -> Path:
        """Set all of it aside; where it is now."""
        aside = self._aside()
        for file in (self.manifest, *self.segments):  # the manifest first: it must not be tried again with less
            file.rename(aside / file.name)
        self.heeds.unlink(missing_ok=True)
        return aside


def _for_the_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def next_batch(directory: Path) -> Batch | None:
    """The batch to ship now: the one that was begun, or a new one of the oldest segments; ``None``: all is shipped."""
    for done in sorted(directory.glob(f"*{DONE}")):
        _clear(done, _read_manifest(done))
    for manifest in sorted(directory.glob(f"*{BATCH}")):
        return Batch(manifest, tuple(path for path in _read_manifest(manifest) if path.exists()), tried=True)
    segments = _oldest(directory)
    return _begin(directory, segments) if segments else None


def _oldest(directory: Path) -> list[Path]:
    chosen: list[Path] = []
    size = 0
    for path in sorted(directory.glob(f"*{SEALED}")):
        size += path.stat().st_size
        if chosen and size > BATCH_BYTES:
            break
        chosen.append(path)
    return chosen


def _begin(directory: Path, segments: list[Path]) -> Batch:
    manifest = directory / f"{segments[0].stem}{BATCH}"
    new = manifest.with_suffix(NEW)
    with new.open("w") as file:
        json.dump([path.name for path in segments], file)
        file.flush()
        os.fsync(file.fileno())
    new.rename(manifest)
    _sync_directory(directory)
    return Batch(manifest, tuple(segments))


def _sync_directory(directory: Path) -> None:
    """A power cut must not take back the name of a manifest that is being shipped."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read_manifest(manifest: Path) -> tuple[Path, ...]:
    """Raises OSError. Of a damaged manifest only the segment that it is named for is known; the others are free."""
    try:
        names = [str(name) for name in json.loads(manifest.read_bytes())]
    except (ValueError, TypeError):
        log.error("%s is damaged; its first segment is shipped under its name, the others anew", manifest)
        names = [f"{manifest.stem}{SEALED}"]
    return tuple(manifest.parent / Path(name).name for name in names)


def _clear(done: Path, segments: tuple[Path, ...]) -> None:
    for segment in segments:
        segment.unlink(missing_ok=True)
    done.with_suffix(HEEDS).unlink(missing_ok=True)
    done.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class JournalStatus:
    """How much waits in a journal. ``oldest_age`` is that of the oldest segment, in seconds."""

    open: int
    sealed: int
    rejected: int  # batches that ClickHouse refused for good, and files of events that fit into no row
    bytes: int
    oldest_age: float


def journal_status(directory: Path) -> JournalStatus:
    """What waits in a journal now; all zero where there is none."""
    waiting = [*directory.glob(f"*{OPEN}"), *directory.glob(f"*{SEALED}")]
    found = [path.stat() for path in waiting if path.exists()]
    return JournalStatus(
        open=sum(path.suffix == OPEN for path in waiting),
        sealed=sum(path.suffix == SEALED for path in waiting),
        rejected=sum(path.suffix in (BATCH, UNFIT) for path in (directory / REJECTED).glob("*")),
        bytes=sum(file.st_size for file in found),
        oldest_age=max(0.0, time.time() - min(file.st_mtime for file in found)) if found else 0.0,
    )
