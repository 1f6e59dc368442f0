"""The command line and the events that still wait in the journal when the app was stopped."""

from __future__ import annotations

from pathlib import Path

import pytest

from footfall.event import Event
from footfall_analytics.journal import Journal
from footfall_analytics.shipper import elected
from footfall_analytics.sink import journal_of
from tests.analytics.cli_runner import runner


def test_a_report_counts_what_waits_in_the_journal_of_a_stopped_app(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"chdb://{tmp_path}/clickhouse"
    monkeypatch.setenv("FOOTFALL_ANALYTICS", url)
    journal = Journal(journal_of(url))
    journal.append(Event(time_ms=1_790_000_000_000, site="main", kind="page_view", path="/waiting", status=200))
    journal.close()
    run = runner(capsys, monkeypatch)
    with elected(journal.directory):  # a worker ships: the command leaves it to that one
        assert run("report", "pages", "--bots").code == 1
    ran = run("report", "pages", "--bots", "--format", "json")
    assert [row["path"] for row in ran.json] == ["/waiting"]
