"""``footfall member show``, ``export`` and ``erase`` as somebody types them."""

from __future__ import annotations

import asyncio
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from footfall.store import open_store
from tests.analytics.cli_runner import Run, runner
from tests.rights.people import ADA, ADAS_EXPORT, ERASED_WITH_ADA, FACTS, GRACE, LIBRARY, Place, event
from tests.store.rows import record, session


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    root = tmp_path_factory.mktemp("cli")
    place = Place(root, store=f"sqlite:///{root}/store.db")
    place.ship()
    yield place
    place.close()


@pytest.fixture
def place(engine: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    assert engine.store is not None
    monkeypatch.setenv("FOOTFALL_ANALYTICS", engine.url)
    monkeypatch.setenv("FOOTFALL_STORE", engine.store)
    store = open_store(engine.store)

    async def fill() -> None:
        await store.end_sessions(ADA)
        await store.add_session(session("h-ada", member_id=ADA))
        await store.add_consent_record(record(member_id=ADA))

    asyncio.run(fill())
    store.close()
    engine.record(*map(event, FACTS))
    yield engine
    engine.empty()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    return runner(capsys, monkeypatch)


def test_show_says_it_in_words_and_for_programs(place: Place, run: Run) -> None:
    ran = run("member", "show", ADA)
    assert (ran.code, ran.lines[0]) == (0, f"member {ADA}: 4 events in 3 visits (4 page_view)")
    assert "  sessions: 1" in ran.lines
    [held] = run("member", "show", ADA, "--format", "json").json
    assert (held["events"], held["visits"]) == (4, 3)
    assert run("member", "show", "nobody").out == "nothing is held of member nobody\n"
    assert run("member", "show", "--visitor", LIBRARY).lines[0].startswith(f"browser {LIBRARY}: 5 events in 2 visits")


def test_export_is_one_json_document_or_a_csv_file_for_each_table(place: Place, run: Run, tmp_path: Path) -> None:
    held = json.loads(run("member", "export", ADA).out)
    assert {row["path"] for row in held["events"]} == ADAS_EXPORT
    assert len(held["sessions"]) == 1
    ran = run("member", "export", ADA, "--format", "csv", "--output", str(tmp_path / "ada"))
    assert ran.code == 0
    names = {path.name for path in (tmp_path / "ada").iterdir()}
    assert {"events.csv", "visits.csv", "sessions.csv", "consent_records.csv", "account_choices.csv"} <= names
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "ada").iterdir()} == {0o600}
    assert run("member", "export", ADA, "--format", "csv", "--output", str(tmp_path / "ada")).code == 1
    assert run("member", "export", ADA, "--format", "csv", "--output", str(tmp_path / "ada.zip")).code == 0
    with zipfile.ZipFile(tmp_path / "ada.zip") as file:
        assert set(file.namelist()) == names
        assert GRACE not in file.read("events.csv").decode()


def test_erase_asks_and_then_leaves_a_receipt_and_a_balance(place: Place, run: Run) -> None:
    asked = run("member", "erase", ADA, stdin="n\n")
    assert (asked.code, asked.err.endswith("footfall: nothing was erased\n")) == (1, True)
    assert not run("member", "show", ADA).out.startswith("nothing")
    ran = run("member", "erase", ADA, "--yes")
    assert ran.code == 0
    assert ran.lines[0].startswith(f"erased: {len(ERASED_WITH_ADA)} events")
    assert "receipt" in ran.lines[1]
    assert ADA not in ran.out
    assert run("member", "show", ADA).out == f"nothing is held of member {ADA}\n"
    assert run("report", "accounting").code == 0


@pytest.mark.parametrize(
    "arguments",
    [["erase"], ["show", ADA, "--visitor", LIBRARY], ["show", "--visitor", "x"], ["export", ADA, "--format", "csv"]],
    ids=str,
)
def test_misuse_is_said_in_one_line(place: Place, run: Run, arguments: list[str]) -> None:
    ran = run("member", *arguments)
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)


def test_where_nothing_is_there_it_says_so(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FOOTFALL_ANALYTICS", raising=False)
    monkeypatch.delenv("FOOTFALL_STORE", raising=False)
    ran = run("member", "show", ADA)
    assert (ran.code, list(tmp_path.iterdir())) == (1, [])
    assert "no data here yet" in ran.err
