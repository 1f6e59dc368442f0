"""What sign-in state costs: the store's look-up, a request with and without it, the access rules.

Microseconds, each the best of many short rounds: what the code costs, and not what else the machine did.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

from footfall.cookies import Jar
from footfall.sessions.access import Access, compile_rules
from footfall.sessions.canonical_path import canonical
from footfall.sessions.member import Member
from footfall.sessions.sessions import Sessions
from footfall.sessions.tokens import hash_of
from footfall.settings import Settings
from footfall.store import Store, open_store
from footfall.store.records import SessionRecord

KEY = "a-key-for-benchmarks-0123456789-abcdefghij"
NOW = 1_700_000_000.0
ROUNDS = 40
SESSIONS = 20_000
NAME = "__Host-footfall-session"

Row = tuple[str, float, float]


async def each(work: Callable[[int], Awaitable[object]], times: int) -> float:
    """Microseconds for one of them, in the best round."""
    best = float("inf")
    for round_ in range(ROUNDS):
        began = time.perf_counter()
        for number in range(round_ * times, (round_ + 1) * times):
            await work(number)
        best = min(best, (time.perf_counter() - began) / times)
    return best * 1e6


def each_call(work: Callable[[], object], times: int = 500) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for _ in range(times):
            work()
        best = min(best, (time.perf_counter() - began) / times)
    return best * 1e6


async def measured(store: Store) -> list[Row]:
    sessions = Sessions(Settings(secret_keys=[KEY]), store)
    live = await signed_in(sessions)
    with_data = await signed_in(sessions, basket=["a book", "another"], page=7)
    keys = [await filled(store, number) for number in range(SESSIONS)]
    others: Jar = {"theme": "dark", "language": "en"}

    def resume(jar: Jar) -> Callable[[int], Awaitable[object]]:
        return lambda number: sessions.resume(jar, secure=True, now=NOW)

    one = keys[0]
    quiet = await sessions.resume(live, secure=True, now=NOW)
    invented = {NAME: "A" * 43}
    return [
        ("look up a session", await each(lambda number: store.session(one), 250), 15.0),
        (
            f"look up one of {SESSIONS:,}",
            await each(lambda number: store.session(keys[number * 7919 % SESSIONS]), 250),
            15.0,
        ),
        ("resume: no cookie of ours", await each(resume(others), 1_000), 1.0),
        ("resume: a live session", await each(resume(live), 250), 12.0),
        ("resume: a live session with data", await each(resume(with_data), 250), 15.0),
        ("resume: an invented session", await each(resume(invented), 250), 15.0),
        ("save: nothing changed", await each(lambda number: sessions.save(quiet, NOW), 1_000), 0.5),
        ("store a session's data, awaited", await each(lambda number: store.save_data(one, "{}"), 20), 300.0),
    ]


def any_of(keys: list[str], number: int) -> str:
    return keys[number * 7919 % len(keys)]


async def measured_on_a_server(store: Store) -> list[Row]:
    """Where the server is this machine: on another one the network's round trip comes on top, once."""
    sessions = Sessions(Settings(secret_keys=[KEY]), store)
    live = await signed_in(sessions)
    key = await filled(store, 0)
    return [
        ("PostgreSQL: look up a session", await each(lambda number: store.session(key), 25), 1_000.0),
        (
            "PostgreSQL: resume a live session",
            await each(lambda number: sessions.resume(live, secure=True, now=NOW), 25),
            1_000.0,
        ),
        ("PostgreSQL: store a session's data", await each(lambda number: store.save_data(key, "{}"), 10), 5_000.0),
    ]


async def signed_in(sessions: Sessions, **data: object) -> Jar:
    sign_in = await sessions.resume({}, secure=True, now=NOW)
    sign_in.session.update(data)
    await sessions.login(sign_in, "ada", roles=("reader",), now=NOW, user_agent="Firefox")
    (line,) = await sessions.save(sign_in, NOW)
    return {NAME: line.partition(";")[0].partition("=")[2]}


async def filled(store: Store, number: int) -> str:
    token_hash = hash_of(str(number))
    await store.add_session(SessionRecord(token_hash=token_hash, member_id=f"m{number}", created_at=NOW, seen_at=NOW))
    return token_hash


def measured_rules() -> list[Row]:
    rules = compile_rules([*(Access(f"/area{number}/*", member=True) for number in range(10)), Access("/open")])
    member = Member(id="ada", authenticated_at=NOW)
    return [
        ("access rules: an open path", each_call(lambda: rules.decide("/books/7", None, NOW)), 5.0),
        ("access rules: a closed path", each_call(lambda: rules.decide("/area9/page", member, NOW)), 5.0),
        ("access rules: a path in disguise", each_call(lambda: canonical("/x/..//%41rea9/page")), 25.0),
    ]


def measure() -> list[Row]:
    """Rows of name, microseconds, and the target they must stay within."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'store.db'}")
        rows = asyncio.run(measured(store))
        store.close()
    return rows + on_postgresql() + measured_rules()


def on_postgresql() -> list[Row]:
    """The same on a server of our own, where it is installed."""
    try:
        from tests.postgresql import served
    except ImportError:
        return []
    with served() as server, closing(open_store(server.database())) as store:
        return asyncio.run(measured_on_a_server(store))


def main() -> None:
    for name, figure, target in measure():
        print(f"{name:<36} {figure:>8.2f} µs   target {target:>6.1f}")


if __name__ == "__main__":
    main()
