"""A member is erased from base, copies, visits, journal and set-aside files, and the proof is not taken on trust."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from footfall_analytics import MemberData, Reports
from footfall_analytics.journal import Journal
from footfall_analytics.rights import eraser
from footfall_analytics.segments import adopt, next_batch
from footfall_analytics.shipper import Shipper
from tests.rights.people import (
    ADA,
    ADAS_EXPORT,
    BEFORE_MS,
    ERASED_WITH_ADA,
    FACTS,
    GRACE,
    LAPTOP,
    LIBRARY,
    NOW_MS,
    PHONE,
    Place,
    anonymous,
    event,
    somewhere,
    traces,
)

ALL_PATHS = {fact[-1] for fact in FACTS}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    yield from somewhere(tmp_path_factory.mktemp("erase"))


@pytest.fixture
def place(engine: Place) -> Iterator[Place]:
    yield engine
    engine.empty()


def balance(place: Place) -> dict[str, int]:
    asked = "SELECT outcome, sum(requests) FROM footfall.accounting GROUP BY outcome HAVING sum(requests) != 0"
    return {str(outcome): int(count) for outcome, count in place.ask(asked)}


def visits_are_those_of_the_rows(place: Place) -> bool:
    derived = (
        "SELECT visitor_id, visit_number, events, arraySort(members), entry_page FROM footfall.visits ORDER BY 1, 2"
    )
    counted = (
        "SELECT visitor_id, visit_number, count() AS events, arraySort(groupUniqArrayIf(member_id, member_id != '')), "
        "argMin(path, time) FROM footfall.events WHERE visit_number > 0 GROUP BY 1, 2 ORDER BY 1, 2"
    )
    return place.ask(derived) == place.ask(counted)


def test_nothing_of_a_member_is_left_and_all_of_the_others_is(place: Place) -> None:
    place.record(*map(event, FACTS), anonymous("/nobody"))
    place.ship()
    assert {"events", "member_log", "visit_states"} <= set(traces(place, ADA))
    receipt = place.data.erase(ADA)
    assert place.paths() == ALL_PATHS - ERASED_WITH_ADA | {"/nobody"}
    assert traces(place, ADA) == {}
    assert visits_are_those_of_the_rows(place)
    assert receipt.counts["events"] == receipt.counts["requests"] == len(ERASED_WITH_ADA)
    assert receipt.counts["visits"] == 3
    assert place.data.show(ADA).nothing


def test_every_request_stays_accounted_for(place: Place) -> None:
    place.record(*map(event, FACTS), *(event(fact, BEFORE_MS) for fact in FACTS))
    place.ship()
    place.data.erase(ADA)
    rows, erased = 2 * (len(FACTS) - len(ERASED_WITH_ADA)), 2 * len(ERASED_WITH_ADA)
    assert balance(place) == {"row": rows, "erased": erased}
    with place.connection() as connection:
        report = Reports(connection).accounting(since="90d")
    assert not report.problems
    assert f"{2 * len(FACTS)} requests = {rows} rows + {erased} counted by reason" in report.notes


def test_unmerged_parts_and_hidden_rows_are_erased_too(place: Place) -> None:
    for fact in FACTS[:4]:
        place.record(event(fact))
        place.ship()
    place.ask(f"DELETE FROM footfall.events WHERE member_id = '{ADA}' AND path = '/account'")
    assert "/account" in place.paths()
    assert place.ask("SELECT uniqExact(_part) > 1 FROM footfall.events") == [(True,)]
    place.data.erase(ADA)
    assert place.paths() == set()
    assert traces(place, ADA) == {}


def test_what_waits_in_the_journal_sealed_or_being_written_is_erased(place: Place) -> None:
    place.record(*map(event, FACTS[:2]))
    place.journal.seal()
    place.record(*map(event, FACTS[2:]))
    assert place.files_with(ADA)
    place.data.erase(ADA)
    assert place.paths() == ALL_PATHS - ERASED_WITH_ADA
    assert place.files_with(ADA) == []
    assert traces(place, ADA) == {}
    assert balance(place) == {"row": len(FACTS) - len(ERASED_WITH_ADA), "erased": len(ERASED_WITH_ADA)}


def test_a_journal_of_another_machine_brings_nobody_back(place: Place, tmp_path: Path) -> None:
    """Its rows of nobody were in already; the sign-in that says whose they are comes after the erasure."""
    place.record(event(FACTS[0]))
    place.ship()
    elsewhere = Journal(tmp_path / "elsewhere")
    for fact in FACTS[1:]:
        elsewhere.append(event(fact))
    elsewhere.seal()
    place.data.erase(ADA)
    shipper = Shipper(place.url, elsewhere.directory)
    shipper.ship_once()
    shipper.disconnect()
    assert place.paths() == ALL_PATHS - ERASED_WITH_ADA
    assert traces(place, ADA) == {}
    assert visits_are_those_of_the_rows(place)
    assert balance(place) == {"row": len(FACTS) - len(ERASED_WITH_ADA), "erased": len(ERASED_WITH_ADA)}


def test_a_batch_that_was_begun_before_the_erasure_brings_nobody_back(place: Place, tmp_path: Path) -> None:
    elsewhere = Journal(tmp_path / "elsewhere")
    for fact in FACTS:
        elsewhere.append(event(fact))
    elsewhere.seal()
    adopt(elsewhere.directory)
    assert next_batch(elsewhere.directory) is not None
    place.data.erase(ADA)
    shipper = Shipper(place.url, elsewhere.directory)
    shipper.ship_once()
    shipper.disconnect()
    assert place.paths() == ALL_PATHS - ERASED_WITH_ADA
    assert traces(place, ADA) == {}
    assert balance(place) == {"row": len(FACTS) - len(ERASED_WITH_ADA), "erased": len(ERASED_WITH_ADA)}


def test_a_member_who_comes_back_is_new(place: Place) -> None:
    place.record(*map(event, FACTS))
    place.data.erase(ADA)
    place.record(event((ADA, PHONE, 3, 90_000, "/back"), NOW_MS))
    place.ship()
    assert "/back" in place.paths()
    assert place.data.show(ADA).events == 1


@pytest.mark.parametrize("step", [3, 6, 8])
def test_an_erasure_that_was_interrupted_is_completed_by_a_repetition(place: Place, step: int) -> None:
    place.record(*map(event, FACTS))
    told: list[str] = []

    def interrupt(what: str, done: float) -> None:
        told.append(what)
        if len(told) == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        place.data.erase(ADA, progress=interrupt)
    receipt = place.data.erase(ADA)
    assert place.paths() == ALL_PATHS - ERASED_WITH_ADA
    assert traces(place, ADA) == {}
    assert visits_are_those_of_the_rows(place)
    assert receipt.counts["events"] <= len(ERASED_WITH_ADA)  # what waited in the journal became no row
    assert balance(place) == {"row": len(FACTS) - len(ERASED_WITH_ADA), "erased": len(ERASED_WITH_ADA)}
    assert place.ask("SELECT count() FROM footfall.erasures") == [(1,)]


def test_set_aside_files_lose_the_person_and_keep_the_others(place: Place) -> None:
    wrong = {"visit_number": 1 << 40, "visitor_id": PHONE}
    place.record(*(msgspec.structs.replace(event(fact), **wrong) for fact in FACTS if fact[0]), event(FACTS[1]))
    place.ship()
    [file] = (place.journal.directory / "rejected").iterdir()
    assert ADA.encode() in file.read_bytes()
    receipt = place.data.erase(ADA)
    assert ADA.encode() not in file.read_bytes()
    assert file.read_bytes().count(GRACE.encode()) == 2
    assert receipt.counts["set_aside"] == 3
    file.unlink()


def test_a_browser_is_erased_by_its_identifier_whoever_used_it(place: Place) -> None:
    place.record(*map(event, FACTS))
    place.data.erase_visitor(LIBRARY)
    assert place.paths() == {fact[-1] for fact in FACTS if fact[1] != LIBRARY}
    assert traces(place, LIBRARY) == {}
    assert place.files_with(LIBRARY) == []
    assert visits_are_those_of_the_rows(place)


def test_receipts_and_notes_say_nothing_of_the_person(place: Place) -> None:
    place.record(*map(event, FACTS))
    receipt = place.data.erase(ADA)
    kept = str(place.ask("SELECT * FROM footfall.erasures")) + str(place.ask("SELECT * FROM footfall.erasure_notes"))
    kept += str(place.ask("SELECT command FROM system.mutations"))
    assert receipt.id in kept
    for word in (ADA, "ada", PHONE, LAPTOP):
        assert word not in kept


def test_the_receipt_of_somebody_unknown_says_that_nothing_was_held(place: Place) -> None:
    receipt = place.data.erase("nobody@example.org")
    assert not any(receipt.counts.values())


def test_no_report_tells_of_the_erased(place: Place) -> None:
    place.record(*map(event, FACTS))
    place.data.erase(ADA)
    with place.connection() as connection:
        reports = Reports(connection)
        told = [getattr(reports, name)(since="7d") for name in ("members", "pages", "visits", "devices", "retention")]
        told.append(reports.timeline(member=ADA, since="7d"))
    assert ADA not in str([report.rows for report in told])
    assert told[-1].rows == []


def test_the_export_is_complete_and_of_nobody_else(place: Place) -> None:
    place.record(*map(event, FACTS))
    held = place.data.export(ADA)
    events, visits = held["events"], held["visits"]
    assert isinstance(events, list)
    assert isinstance(visits, list)
    assert {row["path"] for row in events} == ADAS_EXPORT
    assert {(str(row["visitor_id"]), row["visit_number"], row["page_views"]) for row in visits} == {
        (PHONE, 1, 2),
        (LAPTOP, 1, 1),
        (LIBRARY, 7, 1),
    }
    assert GRACE not in str(held)


@pytest.mark.parametrize("wrong", ["", "ada", "00000000-0000-0000-0000-000000000000"])
def test_no_browser_is_erased_by_what_identifies_none(place: Place, wrong: str) -> None:
    with pytest.raises(ValueError, match="identifi"):
        place.data.erase_visitor(wrong)


def test_rows_that_keep_arriving_are_an_error_and_no_receipt(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.record(event(FACTS[1]))
    monkeypatch.setattr(eraser, "left_over", lambda *_: {"events": 1})
    with pytest.raises(eraser.ErasureIncomplete, match="1 in events"):
        place.data.erase(ADA)
    assert place.ask("SELECT count() FROM footfall.erasures") == [(0,)]


def test_it_wants_a_place() -> None:
    with pytest.raises(ValueError, match="neither analytics nor store"):
        MemberData(None)
