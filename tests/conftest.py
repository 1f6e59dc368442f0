"""What holds for all tests."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's driver keeps an event loop running in the main thread: what wants one of its own goes first.

    With several processes the files are given out in this order too (``--no-loadscope-reorder``)."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
