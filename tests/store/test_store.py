"""The store as its protocol promises it. Every test is for each store there is."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from footfall.consent.records import ConsentRecord, new_record_id
from footfall.store import Store, open_store
from footfall.store.records import AccountChoice, Limits, SessionRecord, SignInChange

LIMITS = Limits(idle=1800.0, absolute=86400.0, per_member=10)
YEAR = 366 * 86400.0


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    store = open_store(url)
    yield store
    store.close()


def session(name: str, **facts: Any) -> SessionRecord:
    return SessionRecord(**{"token_hash": name, "created_at": 1.0, "seen_at": 1.0, **facts})


def record(**facts: Any) -> ConsentRecord:
    ordinary: dict[str, Any] = {
        "id": new_record_id(),
        "visitor_id": "visitor",
        "member_id": "",
        "at": 1.0,
        "method": "custom",
        "purposes": ("analytics",),
        "refused": ("marketing", "preferences"),
        "policy_version": 3,
        "text_fingerprint": "0123456789abcdef",
        "language": "de",
        "layer": "notice",
        "site": "main",
    }
    return ConsentRecord(**{**ordinary, **facts})


# -- sessions


def test_a_session_is_read_as_it_was_written(store: Store) -> None:
    async def round_trip() -> None:
        written = session("a", member_id="ada", roles=frozenset({"b", "a"}), data='{"x":1}', notices="theft")
        await store.add_session(written)
        assert await store.session("a") == written
        assert await store.session("b") is None

    asyncio.run(round_trip())


def test_a_write_that_returned_is_seen_by_another_worker_at_once(store: Store, url: str) -> None:
    other = open_store(url)

    async def write_and_read() -> None:
        for number in range(50):
            await store.add_session(session(f"s{number}"))
            assert await other.session(f"s{number}") is not None
            await other.end_session(f"s{number}")
            assert await store.session(f"s{number}") is None

    asyncio.run(write_and_read())
    other.close()


def test_touches_are_written_together_and_never_backwards(store: Store) -> None:
    async def touch() -> list[float | None]:
        for name in "abc":
            await store.add_session(session(name, seen_at=100.0))
        store.touch("a", 150.0)
        store.touch("a", 200.0)
        store.touch("b", 50.0)
        store.close()
        found = [await store.session(name) for name in "abc"]
        return [one.seen_at if one else None for one in found]

    assert asyncio.run(touch()) == [200.0, 100.0, 100.0]


def test_touches_are_written_without_anybody_closing(store: Store) -> None:
    async def touch() -> None:
        await store.add_session(session("a", seen_at=100.0))
        store.touch("a", 200.0)
        for _ in range(100):
            found = await store.session("a")
            if found is not None and found.seen_at == 200.0:
                return
            await asyncio.sleep(0.05)
        raise AssertionError("the touch was not written within five seconds")

    asyncio.run(touch())


def test_a_sign_in_is_one_transaction(store: Store) -> None:
    """When it cannot be stored as a whole, what it would have replaced is still there."""

    async def sign_in_twice() -> None:
        await store.add_session(session("old"))
        await store.add_session(session("taken"))
        change = SignInChange(session=session("taken", member_id="ada"), replaces="old")
        with pytest.raises(sqlite3.IntegrityError):
            await store.sign_in(change, LIMITS)
        assert await store.session("old") is not None

    asyncio.run(sign_in_twice())


def test_sweeping_deletes_what_has_expired_and_nothing_else(store: Store) -> None:
    async def sweep() -> None:
        await store.add_session(session("old", created_at=0.0))
        await store.add_session(session("new", created_at=100.0))
        assert await store.sweep(86400.0, LIMITS) == 1
        assert await store.session("old") is None
        assert await store.session("new") is not None

    asyncio.run(sweep())


def test_data_of_a_session_that_ended_is_not_stored(store: Store) -> None:
    async def save() -> None:
        await store.add_session(session("a"))
        assert await store.save_data("a", '{"x":1}') is True
        await store.end_session("a")
        assert await store.save_data("a", '{"x":2}') is False
        assert await store.session("a") is None

    asyncio.run(save())


# -- who uses it, and how


def test_it_opens_by_itself_and_again_after_closing(store: Store) -> None:
    async def use() -> None:
        await store.add_session(session("a"))
        store.close()
        assert await store.session("a") is not None
        store.close()
        await store.add_session(session("b"))
        store.close()
        store.close()

    asyncio.run(use())


def test_one_object_serves_several_threads_and_event_loops(store: Store) -> None:
    failures: list[BaseException] = []

    async def use(worker: int) -> None:
        for number in range(30):
            name = f"{worker}-{number}"
            await asyncio.gather(*(store.add_session(session(f"{name}-{part}")) for part in range(4)))
            assert await store.session(f"{name}-3") is not None

    def serve(worker: int) -> None:
        try:
            asyncio.run(use(worker))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=serve, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_who_stops_waiting_does_not_stop_the_write(store: Store) -> None:
    """A member who signs out and closes the window is signed out."""
    failures: list[object] = []

    async def cancelled() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: failures.append(context))
        task = asyncio.ensure_future(store.add_session(session("a")))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await store.add_session(session("b"))
        assert await store.session("a") is not None

    asyncio.run(cancelled())
    assert failures == []


def test_a_loop_that_ends_while_it_waits_harms_nobody(store: Store) -> None:
    async def leave() -> None:
        task = asyncio.ensure_future(store.add_session(session("a")))
        await asyncio.sleep(0)
        task.cancel()

    asyncio.run(leave())
    asyncio.run(store.add_session(session("b")))
    assert asyncio.run(store.session("a")) is not None


# -- consent


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
    """RULES: a replay after withdrawal stays withdrawn."""
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
