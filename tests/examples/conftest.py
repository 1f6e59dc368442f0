"""The Reading Room in this process, over real files in a fresh directory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from reading_room_visitors import ORIGIN, Visitor
from starlette.testclient import TestClient

from examples.reading_room.members import Members
from examples.reading_room.site import create_app
from footfall.sink import MemorySink


@pytest.fixture(scope="session")
def members_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The members' file as it is at first start: hashing two passwords takes a second, so once is enough."""
    path = tmp_path_factory.mktemp("members") / "members.db"
    Members(path)
    return path.read_bytes()


@pytest.fixture
def sink() -> MemorySink:
    return MemorySink()


@pytest.fixture
def data_dir(tmp_path: Path, members_file: bytes) -> Path:
    (tmp_path / "members.db").write_bytes(members_file)
    return tmp_path


@pytest.fixture
def visitor(data_dir: Path, sink: MemorySink) -> Iterator[Visitor]:
    """Makes browsers, each with its own cookies, all of one running site."""
    app = create_app(data_dir=data_dir, sink=sink)
    clients: list[TestClient] = []

    def new(**options: Any) -> TestClient:
        headers = {"accept": "text/html", "sec-fetch-site": "same-origin", "sec-fetch-dest": "document"}
        client = TestClient(app, base_url=ORIGIN, headers=headers, follow_redirects=False, **options)
        clients.append(client)
        return client

    with TestClient(app, base_url=ORIGIN):
        yield new
    for client in clients:
        client.close()
