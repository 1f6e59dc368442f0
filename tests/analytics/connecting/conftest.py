"""One shared engine for the clients of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.analytics.connecting.shared_world import Shared, shared_world


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    with shared_world(tmp_path_factory.mktemp("connecting")) as shared:
        yield shared
