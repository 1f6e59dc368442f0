"""The share file: how other processes find the one that holds the embedded engine.

It lies beside the data, readable by its owner only, and names a port on loopback and two users: ``footfall``,
who may do everything, and ``analyst``, who may only read.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

LOOPBACK = "127.0.0.1"
WRITER = "footfall"
ANALYST = "analyst"


@dataclass(frozen=True, slots=True)
class Share:
    """What the share file says."""

    port: int
    pid: int
    password: str = field(repr=False)
    analyst_password: str = field(repr=False)

    @classmethod
    def new(cls, port: int) -> Share:
        return cls(port, os.getpid(), secrets.token_urlsafe(24), secrets.token_urlsafe(24))


def share_path(directory: Path) -> Path:
    return directory.with_name(f"{directory.name}.share.json")


def lock_path(directory: Path) -> Path:
    return directory.with_name(f"{directory.name}.lock")


def write_share(directory: Path, share: Share) -> None:
    """Put the file in its place at once, whole, and for the owner's eyes only."""
    path = share_path(directory)
    new = path.with_name(f"{path.name}.{share.pid}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump({**asdict(share), "host": LOOPBACK, "users": [WRITER, ANALYST]}, file, indent=1)
    new.replace(path)


def read_share(directory: Path) -> Share | None:
    """The share of whoever holds the engine; ``None`` where nobody shares it (yet)."""
    try:
        said = json.loads(share_path(directory).read_text())
        return Share(int(said["port"]), int(said["pid"]), str(said["password"]), str(said["analyst_password"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remove_share(directory: Path) -> None:
    with contextlib.suppress(OSError):
        share_path(directory).unlink()
