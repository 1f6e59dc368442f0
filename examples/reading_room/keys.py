"""The secret keys: from the environment, or from a file that the first worker makes and all others read."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path

FILE = "secret-keys"


def secret_keys(data_dir: Path, environment: Mapping[str, str] = os.environ) -> list[str]:
    """The keys, newest first: ``FOOTFALL_SECRET_KEYS`` where it is set, else those of ``<data_dir>/secret-keys``."""
    stated = environment.get("FOOTFALL_SECRET_KEYS", "")
    text = stated.replace(",", "\n") if stated else _read_or_make(data_dir / FILE)
    return [key.strip() for key in text.splitlines() if key.strip()]


def _read_or_make(path: Path) -> str:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        _make(path)
    return path.read_text(encoding="ascii")


def _make(path: Path) -> None:
    """Write a whole file beside it, then link: of several workers at once one wins, and nobody reads half a key."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f"{FILE}.")  # mkstemp: 0600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{secrets.token_urlsafe(32)}\n")
        os.link(draft, path)
    except FileExistsError:
        pass  # another worker was first, and its key is as good
    finally:
        os.unlink(draft)
