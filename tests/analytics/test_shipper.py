"""The shipper: every segment into ClickHouse, exactly once, whatever ClickHouse does meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from footfall.event import Drop, Event
from footfall_analytics import ClickHouse
from footfall_analytics.clickhouse import ClickHouseUnavailable, Connection, connect, migrate
from footfall_analytics.journal import Journal
from footfall_analytics.segments import read_segment
from footfall_analytics.shipper import Shipper, elected
from footfall_analytics.sink import journal_of, ship_pending

NOW = 1_790_000_000_000
VISITOR = "6f1c1f0e-2f64-4f2e-9d0a-0d7b6f9f8a11"


def view(number: int, **facts: Any) -> Event:
    return Event(time_ms=NOW + number, site="main", kind="page_view", path=f"/{number}", status=200, **facts)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"chdb://{tmp_path}/clickhouse"


@pytest.fixture
def journal(url: str) -> Journal:
    return Journal(journal_of(url))


@pytest.fixture
def shipper(url: str, journal: Journal) -> Iterator[Shipper]:
    shipper = Shipper(url, journal.directory)
    yield shipper
    shipper.disconnect()


def ask(url: str, sql: str) -> list[tuple[Any, ...]]:
    with connect(url) as connection:
        migrate(connection.client, connection.database)
        return [tuple(row) for row in connection.client.query(sql).result_rows]


def test_events_become_rows_and_drops_become_counts(url: str, journal: Journal, shipper: Shipper) -> None:
    for number in range(3):
        journal.append(view(number, visitor_id=VISITOR, visit_number=2, member_id="ada"))
    journal.append(Event(time_ms=NOW, site="main", kind="document", name="a.pdf"))
    journal.append(Drop(NOW, "main", "static", 4))
    journal.seal()
    shipped = shipper.ship_once()
    assert (shipped.rows, shipped.requests, shipped.batches) == (4, 7, 1)
    assert list(journal.directory.glob("*.sealed")) == []
    rows = ask(
        url,
        "SELECT path, toString(visitor_id), visit_number, member_id FROM footfall.events "
        "WHERE kind = 'page_view' ORDER BY time",
    )
    assert rows == [(f"/{number}", VISITOR, 2, "ada") for number in range(3)]
    counted = ask(url, "SELECT outcome, sum(requests) FROM footfall.accounting GROUP BY outcome ORDER BY outcome")
    assert counted == [("row", 3), ("static", 4)]


def test_segments_of_several_workers_are_shipped_in_one_batch(url: str, journal: Journal, shipper: Shipper) -> None:
    for number in range(5):
        journal.append(view(number))
        journal.seal()
    assert shipper.ship_once().batches == 1
    assert ask(url, "SELECT count() FROM system.parts WHERE database = 'footfall' AND table = 'events' AND active") == [
        (1,)
    ]


class LosesAnswers:
    """A client whose inserts arrive, and whose answers are lost on the way back: a connection cut too late."""

    def __init__(self, client: Any, lost: int) -> None:
        self._client = client
        self.lost = lost

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def raw_insert(self, table: str, *arguments: Any, **options: Any) -> Any:
        answer = self._client.raw_insert(table, *arguments, **options)
        if self.lost:
            self.lost -= 1
            raise ConnectionResetError("cut after the insert was applied")
        return answer


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_an_insert_whose_answer_was_lost_is_not_doubled_by_the_retry(
    url: str, journal: Journal, shipper: Shipper, lost: int
) -> None:
    for number in range(10):
        journal.append(view(number))
    journal.append(Drop(NOW, "main", "static", 2))
    journal.seal()
    connection = shipper._connected()
    connection.client = LosesAnswers(connection.client, lost)  # type: ignore[assignment]
    failures = 0
    while True:
        try:
            shipper.ship_once()
            break
        except ConnectionResetError:
            failures += 1
    assert failures == lost
    assert ask(url, "SELECT count(), uniqExact(path) FROM footfall.events") == [(10, 10)]
    assert ask(url, "SELECT sum(requests) FROM footfall.accounting") == [(12,)]


def test_torn_lines_are_counted_as_such(url: str, journal: Journal, shipper: Shipper) -> None:
    journal.append(view(1))
    journal.seal()
    (segment,) = journal.directory.glob("*.sealed")
    with segment.open("ab") as file:
        file.write(b"12345678 [torn")
    shipper.ship_once()
    assert ask(url, "SELECT outcome, requests FROM footfall.accounting ORDER BY outcome") == [("row", 1), ("torn", 1)]


def test_rows_that_clickhouse_will_never_take_are_set_aside_and_counted_and_block_nothing(
    url: str, journal: Journal, shipper: Shipper, caplog: pytest.LogCaptureFixture
) -> None:
    connection = shipper._connected()
    earlier = msgspec.structs.replace(view(2), time_ms=NOW - 40 * 86_400_000)  # another month is another part
    for record in (view(1), earlier, view(1), Drop(NOW, "main", "static", 2)):
        journal.append(record)
    journal.seal()
    connection.client.command("ALTER TABLE footfall.events ADD CONSTRAINT odd CHECK path != '/1'")
    assert shipper.ship_once().outcomes == {"row": 1, "failed": 2, "static": 2}
    assert "refused by ClickHouse for good (469); they were set aside" in caplog.text
    (aside,) = (journal.directory / "rejected").glob("*.unfit")
    assert [event.path for event in read_segment(aside) if isinstance(event, Event)] == ["/1", "/1"]
    journal.append(view(3))
    journal.seal()
    shipper.ship_once()
    assert ask(url, "SELECT path FROM footfall.events ORDER BY path") == [("/2",), ("/3",)]
    assert ask(url, "SELECT outcome, sum(requests) FROM footfall.accounting GROUP BY outcome ORDER BY outcome") == [
        ("failed", 2),
        ("row", 2),
        ("static", 2),
    ]


def test_a_view_that_throws_keeps_the_batch_until_it_is_mended_and_then_each_row_is_there_once(
    url: str, journal: Journal, shipper: Shipper
) -> None:
    client = shipper._connected().client
    window = "SETTINGS non_replicated_deduplication_window = 100"
    feed = "SELECT toUInt8({}) AS n FROM footfall.events"
    client.command(f"CREATE TABLE footfall.own (n UInt8) ENGINE = MergeTree ORDER BY n {window}")
    client.command(f"CREATE MATERIALIZED VIEW footfall.feeds_own TO footfall.own AS {feed.format('path')}")
    journal.append(view(1))
    journal.seal()
    for _ in range(3):
        with pytest.raises(ClickHouseUnavailable, match="mend the view"):
            shipper.ship_once()
    client.command(f"ALTER TABLE footfall.feeds_own MODIFY QUERY {feed.format('substring(path, 2)')}")
    shipper.ship_once()
    assert ask(url, "SELECT count() FROM footfall.events") == [(1,)]
    assert ask(url, "SELECT n FROM footfall.own") == [(1,)]
    assert ask(url, "SELECT outcome, sum(requests) FROM footfall.accounting GROUP BY outcome") == [("row", 1)]


# -- a ClickHouse that is away


def test_while_a_server_is_away_the_journal_keeps_and_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sink = ClickHouse("clickhouse://user:hush@127.0.0.1:1/footfall", journal=tmp_path)
    sink.open()
    for number in range(5):
        sink.record(view(number))
    until = time.monotonic() + 20
    while "events wait in the journal" not in caplog.text and time.monotonic() < until:
        time.sleep(0.1)
    sink.close()
    assert caplog.text.count("events wait in the journal") == 1
    assert "check that the server runs" in caplog.text
    assert "hush" not in caplog.text
    assert sum(path.read_bytes().count(b"\n") for path in tmp_path.glob("*.sealed")) == 5


def test_a_server_that_comes_back_gets_everything_once(tmp_path: Path) -> None:
    """The server here is another process's shared engine: the same protocol, over a clickhouse:// URL."""
    from tests.analytics.served_engine import served_engine

    journal = Journal(tmp_path / "journal")
    for number in range(20):
        journal.append(view(number))
        journal.seal()
    with pytest.raises(ClickHouseUnavailable):
        Shipper("clickhouse://footfall:x@127.0.0.1:1/footfall", journal.directory).ship_once()
    with served_engine(tmp_path / "clickhouse") as server:
        shipper = Shipper(server, journal.directory)
        assert shipper.ship_once().rows == 20
        assert shipper.ship_once().rows == 0
        shipper.disconnect()
        assert ask(server, "SELECT count(), uniqExact(path) FROM footfall.events") == [(20, 20)]


# -- one shipper


def test_only_one_is_elected(tmp_path: Path) -> None:
    with elected(tmp_path) as first, elected(tmp_path) as second:
        assert (first, second) == (True, False)
    with elected(tmp_path) as third:
        assert third


def test_the_sink_ships_by_itself_and_ships_the_rest_when_it_closes(url: str) -> None:
    sink = ClickHouse(url)
    sink.record(view(1))
    until = time.monotonic() + 30
    while list(sink.journal.directory.glob("*.open")) or list(sink.journal.directory.glob("*.sealed")):
        assert time.monotonic() < until
        time.sleep(0.1)
    sink.record(view(2))
    sink.close()
    assert sorted(ask(url, "SELECT path FROM footfall.events")) == [("/1",), ("/2",)]
    assert sorted(path.name for path in sink.journal.directory.iterdir()) == ["shipped.json", "shipper.lock"]
    ours = ("footfall-keeper", "footfall-shipper", "footfall-share")
    assert [thread.name for thread in threading.enumerate() if thread.name in ours] == []


def test_a_sink_that_was_closed_opens_again_with_the_next_event(url: str) -> None:
    sink = ClickHouse(url)
    for number in range(2):
        sink.record(view(number))
        sink.close()
    assert ask(url, "SELECT count() FROM footfall.events") == [(2,)]


def test_what_waits_is_shipped_for_whoever_asks_while_the_app_is_stopped(url: str, journal: Journal) -> None:
    journal.append(view(1))
    journal.close()
    with elected(journal.directory):
        assert not ship_pending(url, journal.directory)
    assert ship_pending(url, journal.directory)
    assert ask(url, "SELECT path FROM footfall.events") == [("/1",)]


def test_recording_is_no_more_than_an_append(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sink = ClickHouse(url, ship=False)
    sink.record(view(0))
    called: list[str] = []
    monkeypatch.setattr(Connection, "__init__", lambda *arguments: called.append("connected"))
    for number in range(100):
        sink.record(view(number))
    sink.close()
    assert called == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("postgres://x", "not the URL of a ClickHouse"),
        ("chdb:", "needs a directory"),
        ("clickhouse:///db", "names no host"),
        ("clickhouse://u:se/cret@host", "cannot be read"),
    ],
)
def test_a_url_that_is_none_is_refused_without_its_password(wrong: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as caught:
        ClickHouse(wrong)
    assert "cret" not in str(caught.value)
