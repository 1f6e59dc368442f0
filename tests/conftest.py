"""What holds for all tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgresql import PostgreSQL, served

#: Too long for every commit: ``make soak`` runs these as well. A part of their address each.
LONG = (
    "browser/test_browser_notice_fits.py",
    "browser/test_browser_visitors_guide.py",
    "browser/test_browser_order.py",
    "browser/test_browser_members.py",
    "test_nothing_bars_anybody_from_a_page",
    "test_the_main_job_end_to_end[without scripts]",
    "analytics/test_reports_filters.py",
    "robots too]",
    "a zone of 45 minutes]",
    "from the middle of visits]",
    "analytics/connecting/",
    "analytics/test_terms.py",
    "analytics/test_cli_processes.py",
    "test_memory_does_not_grow_with_the_file",
    "test_a_log_of_many_years_fits_into_one_insert",
    "test_two_processes_may_migrate_at_once",
    "test_a_client_of_another_process_does_not_load_the_engine",
    "test_the_lock_is_kept_until_the_last_statement_has_ended",
    "sessions/test_sessions_fuzz.py",
    "sessions/test_sessions_concurrency.py",
    "test_at_most_one_fresh_cookie_in_30_000",
)


def _is_long(item: pytest.Item) -> bool:
    if any(part in item.nodeid for part in LONG):
        return True
    # The rules of sessions hold on PostgreSQL as on SQLite; the store's own tests ask both each time.
    return "postgresql" in item.nodeid.partition("[")[2] and "tests/sessions/" in item.nodeid


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's driver keeps an event loop running in the main thread: what wants one of its own goes first.

    With several processes the files are given out in this order too (``--no-loadscope-reorder``).
    """
    for item in items:
        if _is_long(item):
            item.add_marker(pytest.mark.long)
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL server of these tests' own."""
    with served() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty store; each test that uses it runs on both databases."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/store.db"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    yield server.emptied()
