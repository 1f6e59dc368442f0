"""``footfall demo``: the Reading Room, a members' library that shows everything, on this machine."""

from __future__ import annotations

import importlib
import importlib.util
import socket
import sys
from pathlib import Path

import click

import footfall_analytics
from footfall_analytics.cli.failures import Failure

_APP = "examples.reading_room.app:app"
_NEEDED = ("uvicorn", "python_multipart", "chdb")

_WELCOME = """The Reading Room is open: {address}

  Try this: read an article, choose at the notice, and sign in as
{names}

  Then ask in another terminal, from this directory:
    footfall report pages
    footfall report members
    footfall sql "SELECT time, kind, path, member_id FROM events ORDER BY time DESC LIMIT 10"

  Stop it with Ctrl-C.
"""


@click.command(short_help="Run the example site, the Reading Room.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
def demo(host: str, port: int, workers: int) -> None:
    """Run the Reading Room: articles, documents, databases, members, and the choice. Stop it with Ctrl-C.

    It keeps its data in footfall-data below the current directory, where the other commands look for it.
    """
    root = _checkout()
    _check_installed()
    _check_free(host, port)
    sys.path.insert(0, str(root))
    click.echo(_welcome(f"http://{host}:{port}"))
    importlib.import_module("uvicorn").run(
        _APP, host=host, port=port, workers=workers, app_dir=str(root), log_level="warning"
    )


def _checkout() -> Path:
    root = Path(footfall_analytics.__file__).parents[2]
    if not (root / "examples" / "reading_room").is_dir():
        raise Failure(
            "the example is not here; it comes with the source, not with the installed package; clone the "
            "repository, and say 'make demo' there"
        )
    return root


def _check_installed() -> None:
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise Failure(f"the demo needs {', '.join(missing)}; install them with: pip install 'footfall[demo]'")


def _check_free(host: str, port: int) -> None:
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            pass
    except OSError as error:
        raise Failure(f"nobody can listen on {host}:{port}; {error.strerror}; choose another --port") from None


def _welcome(address: str) -> str:
    members = importlib.import_module("examples.reading_room.members").DEMO_MEMBERS
    names = "\n".join(f"    {one.id}, with the password: {one.password}" for one in members)
    return _WELCOME.format(address=address, names=names)
