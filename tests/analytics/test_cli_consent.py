"""``footfall consent``: whom to tell of a changed policy, and the proof of choices."""

from __future__ import annotations

import asyncio
import csv
import io
from pathlib import Path

import pytest

from footfall.consent.records import StatedPolicy
from footfall.consent.shown import ShownText
from footfall.store import open_store
from tests.analytics.cli_runner import Run, runner
from tests.store.rows import record

WORDS = ShownText("notice", "de", 1, 'Dürfen wir, "bitte"?\nAlle annehmen')


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    return runner(capsys, monkeypatch)


@pytest.fixture
def url(store_url: str) -> str:
    """A store in which ada chose under policy 1, and the site has policy 2."""
    store = open_store(store_url)
    chose = record(
        member_id="ada", at=1_790_000_000.5, policy_version=1, text_fingerprint=WORDS.fingerprint, services=("maps",)
    )

    async def fill() -> None:
        await store.add_consent_record(chose, WORDS)
        await store.state_policy(StatedPolicy("main", 2, "", "More.", "", 1.0))

    asyncio.run(fill())
    store.close()
    return store_url


def test_outdated_lists_the_members_to_be_told(run: Run, url: str) -> None:
    ran = run("consent", "outdated", "--store", url, "--format", "json")
    assert ran.code == 0
    assert ran.json == [
        {"member_id": "ada", "policy_version": 1, "at": "2026-09-21T14:13:20.500000+00:00", "site": "main"}
    ]
    assert "ada" in run("consent", "outdated", "--store", url).out
    assert run("consent", "outdated", "--store", url, "--format", "csv").lines[0] == "member_id,policy_version,at,site"


def test_outdated_by_a_version_or_a_site(run: Run, url: str) -> None:
    assert run("consent", "outdated", "--store", url, "--policy-version", "1", "--format", "json").json == []
    assert run("consent", "outdated", "--store", url, "--site", "shop", "--format", "json").json == []


@pytest.mark.parametrize("whose", [("--member", "ada"), ("--visitor", "visitor")])
def test_export_gives_each_record_with_the_exact_words(run: Run, url: str, whose: tuple[str, str]) -> None:
    """GDPR 7(1): the exact text can be shown again."""
    [found] = run("consent", "export", *whose, "--store", url).json
    assert (found["text"], found["text_intact"], found["language"]) == (WORDS.text, True, "de")
    assert (found["method"], found["granted"], found["services"]) == ("custom", ["analytics"], ["maps"])
    assert found["at"] == "2026-09-21T14:13:20.500000+00:00"


def test_export_in_csv_keeps_the_words_whole(run: Run, url: str) -> None:
    ran = run("consent", "export", "--member", "ada", "--store", url, "--format", "csv")
    [found] = csv.DictReader(io.StringIO(ran.out))
    assert (found["text"], found["refused"]) == (WORDS.text, "marketing preferences")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["export"], 2, "say whose"),
        (["export", "--member", "a", "--visitor", "b"], 2, "say whose"),
        (["export", "--member", "nobody"], 1, "no record of anybody"),
        (["outdated", "--policy-version", "0"], 2, "policy-version"),
        (["outdated", "--store", "nonsense"], 2, "scheme"),
        (["outdated", "--store", "sqlite:////nowhere/at/all.db"], 1, "no store here yet"),
    ],
)
def test_what_goes_wrong_is_one_line(run: Run, url: str, arguments: list[str], code: int, says: str) -> None:
    store = [] if "--store" in arguments else ["--store", url]
    ran = run("consent", *arguments, *store)
    assert (ran.code, ran.out, ran.err.count("\n")) == (code, "", 1)
    assert says in ran.err


def test_a_store_that_is_none_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"this is no database" * 100)
    ran = run("consent", "outdated", "--store", f"sqlite:///{tmp_path}/broken.db")
    assert (ran.code, ran.err.count("\n")) == (1, 1)


def test_the_store_is_read_from_the_environment(run: Run, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTFALL_STORE", url)
    assert "ada" in run("consent", "outdated").out
