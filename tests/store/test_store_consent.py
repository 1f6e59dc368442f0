"""Consent in the store: every test is for each store there is, but those of the triggers, which are SQLite's."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from footfall.store import Store, open_store
from footfall.store.records import AccountChoice
from tests.store.rows import YEAR, opened, record


def test_consent_records_are_read_as_they_were_written_the_oldest_first(store: Store) -> None:
    second, first, other = (
        record(at=2.0, member_id="ada"),
        record(at=1.0),
        record(visitor_id="", member_id="ada", at=3.0),
    )

    async def keep() -> None:
        for one in (second, first, other, second):
            await store.add_consent_record(one)
        assert await store.consent_records(visitor_id="visitor") == [first, second]
        assert await store.consent_records(member_id="ada") == [second, other]

    asyncio.run(keep())


@pytest.mark.parametrize("whose", [{}, {"visitor_id": "a", "member_id": "b"}])
def test_consent_records_are_those_of_somebody(store: Store, whose: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="visitor_id or a member_id"):
        asyncio.run(store.consent_records(**whose))


def test_retention_deletes_old_consent_records_alone(store: Store) -> None:
    """GDPR 7(1): the proof stays; its retention is a deliberate act."""
    now = 10 * YEAR

    async def expire() -> None:
        old, new = record(at=now - 3 * YEAR), record(at=now - 1.5 * YEAR)
        await store.add_consent_record(old)
        await store.add_consent_record(new)
        assert await store.delete_consent_records(now - 2 * YEAR, now=now) == 1
        assert await store.consent_records(visitor_id="visitor") == [new]

    asyncio.run(expire())


def test_consent_records_of_the_last_year_cannot_be_deleted(store: Store) -> None:
    """47 CFR 64.2007(a)(3), 64.2008(a): records stay for a year at least."""
    with pytest.raises(ValueError, match="a year at least"):
        asyncio.run(store.delete_consent_records(10 * YEAR - YEAR + 1, now=10 * YEAR))


def test_a_withdrawn_consent_is_known_to_every_worker_once(store: Store, url: str) -> None:
    """a replay after withdrawal stays withdrawn."""
    other = open_store(url)

    async def withdraw() -> None:
        assert await other.superseded_since(0) == (0, [])
        await store.supersede_consent("a", 1.0)
        await store.supersede_consent("b", 2.0)
        number, ids = await other.superseded_since(0)
        assert ids == ["a", "b"]
        await store.supersede_consent("a", 3.0)
        await store.supersede_consent("c", 4.0)
        number, ids = await other.superseded_since(number)
        assert ids == ["c"]
        assert await other.superseded_since(number) == (number, [])

    asyncio.run(withdraw())
    other.close()


def test_no_withdrawal_is_missed_while_many_are_written(store: Store, url: str) -> None:
    other = open_store(url)

    async def withdraw() -> None:
        number, seen = 0, list[str]()
        ids_of_each = [(one, f"{part}-{count}") for count in range(100) for part, one in enumerate((store, other))]
        writes = asyncio.gather(*(one.supersede_consent(consent, 1.0) for one, consent in ids_of_each))
        while not writes.done() or len(seen) < 200:
            number, ids = await other.superseded_since(number)
            seen += ids
            await asyncio.sleep(0)
        assert len(seen) == len(set(seen)) == 200

    asyncio.run(asyncio.wait_for(withdraw(), 20))
    other.close()


def test_the_choice_of_an_account_is_the_last_one(store: Store) -> None:
    first = AccountChoice(
        member_id="ada", purposes=("analytics",), refused=(), source="banner", policy_version=1, at=1.0
    )
    second = AccountChoice(member_id="ada", purposes=(), refused=("analytics",), source="gpc", policy_version=2, at=2.0)

    async def choose() -> None:
        assert await store.account_choice("ada") is None
        await store.set_account_choice(first)
        assert await store.account_choice("ada") == first
        await store.set_account_choice(second)
        assert await store.account_choice("ada") == second
        assert await store.account_choice("grace") is None

    asyncio.run(choose())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE consent_records SET purposes = '[]'",
        "DELETE FROM consent_records",
        "INSERT INTO consent_retention VALUES (0.0); DELETE FROM consent_records",
    ],
)
def test_a_consent_record_cannot_be_changed_or_deleted(tmp_path: Path, statement: str) -> None:
    """GDPR 7(1): who shows a record must be able to trust it."""
    database = with_one_record(tmp_path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        database.executescript(statement)
    database.close()


def test_a_consent_record_cannot_be_replaced_by_another_of_its_id(tmp_path: Path) -> None:
    database = with_one_record(tmp_path)
    database.execute(_RECORD.replace("INSERT", "INSERT OR REPLACE").replace("custom", "accept_all"))
    assert database.execute("SELECT method FROM consent_records").fetchall() == [("custom",)]
    database.close()


def test_retention_leaves_no_door_open(tmp_path: Path) -> None:
    store = opened(tmp_path / "store.db")
    asyncio.run(store.delete_consent_records(1.0, now=1e9))
    database = with_one_record(tmp_path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        database.execute("DELETE FROM consent_records")
    database.close()
    store.close()


_RECORD = (
    "INSERT INTO consent_records (id, visitor_id, member_id, at, method, purposes, refused, policy_version, "
    "text_fingerprint, language, layer, site, supersedes) VALUES "
    "('id', 'visitor', '', 0.0, 'custom', '[]', '[]', 1, 'text', 'en', 'notice', 'main', '')"
)


def with_one_record(folder: Path) -> sqlite3.Connection:
    opened(folder / "store.db").close()
    database = sqlite3.connect(folder / "store.db")
    database.execute(_RECORD)
    return database


def test_a_withdrawal_older_than_any_cookie_can_be_is_not_read_again(store: Store) -> None:
    async def run() -> None:
        await store.supersede_consent("old", 1000.0)
        await store.supersede_consent("new", 2000.0)
        assert (await store.superseded_since(0, after=1500.0))[1] == ["new"]

    asyncio.run(run())
