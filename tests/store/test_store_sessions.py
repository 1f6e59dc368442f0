"""Sessions in the store, as its protocol promises them. Every test is for each store there is."""

from __future__ import annotations

import asyncio
import sqlite3
import threading

import psycopg
import pytest

from footfall.store import Store, open_store
from footfall.store.records import SignInChange
from tests.store.rows import LIMITS, session


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
        with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
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
        await asyncio.wait_for(_stored(store, "a"), 5)

    asyncio.run(cancelled())
    assert failures == []


def test_a_loop_that_ends_while_it_waits_harms_nobody(store: Store) -> None:
    async def leave() -> None:
        task = asyncio.ensure_future(store.add_session(session("a")))
        await asyncio.sleep(0)
        task.cancel()

    asyncio.run(leave())
    asyncio.run(asyncio.wait_for(_stored(store, "a"), 5))


async def _stored(store: Store, name: str) -> None:
    while await store.session(name) is None:
        await asyncio.sleep(0.01)
