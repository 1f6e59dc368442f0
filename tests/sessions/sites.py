"""A site with several workers, and browsers that visit it: what the tests of sessions are written with."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from footfall.sessions.events import SessionEvent
from footfall.sessions.sessions import Sessions
from footfall.sessions.sign_in import SignIn
from footfall.settings import Settings
from footfall.store import open_store
from footfall.store.postgresql import PostgreSQLStore
from footfall.store.sql_store import SQLStore
from tests.postgresql import TABLES

KEY = "a key for tests that is long enough, and no other use"
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0

Act = Callable[[Sessions, SignIn, float], Awaitable[None]]


class Browser:
    """Keeps cookies as browsers do."""

    def __init__(self) -> None:
        self.jar: dict[str, str] = {}
        self._passing: set[str] = set()

    def keep(self, lines: list[str]) -> None:
        for line in lines:
            pair, *attributes = line.split("; ")
            name, _, value = pair.partition("=")
            self._passing.discard(name)
            if "Max-Age=0" in attributes:
                self.jar.pop(name, None)
                continue
            self.jar[name] = value
            if not any(attribute.startswith("Max-Age=") for attribute in attributes):
                self._passing.add(name)

    def restart(self) -> None:
        """Close and open again: cookies without an age are gone."""
        for name in self._passing:
            del self.jar[name]
        self._passing.clear()

    def copy(self) -> Browser:
        """What a thief has who read this browser's cookies."""
        thief = Browser()
        thief.jar, thief._passing = dict(self.jar), set(self._passing)
        return thief

    def value(self, ending: str) -> str | None:
        return next((value for name, value in self.jar.items() if name.endswith(ending)), None)


class Worker:
    """One process of the site: its own connections, the same store."""

    def __init__(self, url: str, settings: dict[str, Any], options: dict[str, Any]) -> None:
        self.store = open_store(url)
        self.events: list[SessionEvent] = []
        configured = Settings(secret_keys=[KEY], store=url, **settings)
        self.sessions = Sessions(configured, self.store, on_event=self.events.append, **options)


class Site:
    """``now`` is the site's clock; tests move it."""

    def __init__(self, url: str, *, workers: int = 2, options: dict[str, Any] | None = None, **settings: Any) -> None:
        self.url = url
        self.now = 1_700_000_000.0
        self.workers = [Worker(self.url, settings, options or {}) for _ in range(workers)]
        self.sessions = self.workers[0].sessions
        self._runner = asyncio.Runner()
        self.last_lines: list[str] = []  # of Set-Cookie

    def run(self, work: Awaitable[Any]) -> Any:
        async def awaited() -> Any:
            return await work

        return self._runner.run(awaited())

    def visit(
        self, browser: Browser, act: Act | None = None, *, worker: int = 0, secure: bool = True, active: bool = True
    ) -> SignIn:
        """One request, its response received."""
        sign_in: SignIn = self.run(self.request(browser, act, worker=worker, secure=secure, active=active))
        return sign_in

    async def request(
        self, browser: Browser, act: Act | None = None, *, worker: int = 0, secure: bool = True, active: bool = True
    ) -> SignIn:
        sessions = self.workers[worker].sessions
        sign_in = await sessions.resume(dict(browser.jar), secure=secure, now=self.now, active=active)
        if act is not None:
            await act(sessions, sign_in, self.now)
        self.last_lines = await sessions.save(sign_in, self.now)
        browser.keep(self.last_lines)
        return sign_in

    def signed_in(self, member: str = "ada", *, remember: bool = False, roles: tuple[str, ...] = ()) -> Browser:
        """A browser that has just signed in."""
        browser = Browser()
        self.visit(browser, login(member, remember=remember, roles=roles))
        return browser

    def member_of(self, browser: Browser, **request: Any) -> str | None:
        member = self.visit(browser, **request).member
        return member.id if member else None

    def settle(self) -> None:
        """Let the batched touches be written."""
        for worker in self.workers:
            if isinstance(worker.store, PostgreSQLStore):
                worker.store._write_touches()
            else:
                worker.store.close()

    def scaled(self, number: int) -> int:
        """That often on the embedded store, and a tenth of it on a server: each request is a round trip there."""
        return number // 10 if isinstance(self.workers[0].store, PostgreSQLStore) else number

    def mended(self) -> None:
        """What was away is back: nobody waits until it is tried again."""
        for worker in self.workers:
            worker.store.open()

    def dump(self) -> list[tuple[Any, ...]]:
        """Every row of every table: what somebody has who stole a copy of the database."""
        return [row for table in TABLES for row in self.rows(f"SELECT * FROM {table}")]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        store = self.workers[0].store
        assert isinstance(store, SQLStore)
        rows: list[tuple[Any, ...]] = self.run(store._read(lambda reader: reader.execute(query).fetchall()))
        return rows

    def close(self) -> None:
        for worker in self.workers:
            worker.store.close()
        self._runner.close()


def login(member: str, *, remember: bool = False, roles: tuple[str, ...] = (), user_agent: str = "Firefox") -> Act:
    async def act(sessions: Sessions, sign_in: SignIn, now: float) -> None:
        await sessions.login(sign_in, member, remember=remember, roles=roles, now=now, user_agent=user_agent)

    return act


def logout(*, everywhere: bool = False) -> Act:
    async def act(sessions: Sessions, sign_in: SignIn, now: float) -> None:
        await sessions.logout(sign_in, everywhere=everywhere, now=now)

    return act


def write(**data: Any) -> Act:
    async def act(sessions: Sessions, sign_in: SignIn, now: float) -> None:
        sign_in.session.update(data)

    return act


def remembered(site: Site) -> Browser:
    """A browser that was closed after signing in with "remember me", an hour ago."""
    browser = site.signed_in(remember=True)
    browser.restart()
    site.now += HOUR
    return browser


def kinds(site: Site) -> Counter[str]:
    """How often each event was told of, on all workers."""
    return Counter(event.kind for worker in site.workers for event in worker.events)
