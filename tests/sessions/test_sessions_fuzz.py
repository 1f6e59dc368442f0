"""Cookies that nobody issued: never an exception, never a session."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.sessions.tokens import may_be_token, parse_remember
from tests.outages import writes_hang
from tests.sessions.mutations import mutated
from tests.sessions.sites import Browser, Site, write


def test_100_000_mutated_cookies_open_nothing_and_break_nothing(site: Site) -> None:
    """ASVS 7.2.1; what was issued still works after it all: no forgery ends a session or a series either."""
    chance = random.Random(20_241)
    member, visitor = site.signed_in(remember=True), Browser()
    site.visit(visitor, write(basket="mine"))
    issued = {*member.jar.values(), *visitor.jar.values()}
    resume = site.sessions.resume

    async def fuzz() -> None:
        for _ in range(site.scaled(100_000)):
            name = chance.choice(["__Host-footfall-session", "__Host-footfall-remember"])
            cookie = mutated(chance.choice(sorted(issued)), chance)
            sign_in = await resume({name: cookie}, secure=True, now=site.now)
            if cookie not in issued:
                assert (sign_in.member, sign_in.session, sign_in.key) == (None, {}, None)
                assert not sign_in.unavailable

    site.run(fuzz())
    assert site.sessions.counts["theft"] == 0
    assert site.member_of(member) == "ada"
    member.jar.pop("__Host-footfall-session")
    assert site.member_of(member) == "ada"
    assert site.visit(visitor).session == {"basket": "mine"}


def test_invented_cookies_leave_nothing_behind(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever sends a new one with every request fills neither the store nor the memory."""
    caplog.set_level("CRITICAL", "footfall.sessions")  # what pytest keeps of the log is no memory of ours

    async def invent(first: int) -> None:
        for number in range(first, first + site.scaled(2000)):
            jar = {
                "__Host-footfall-session": f"{number:043}",
                "__Host-footfall-remember": f"{number:022}.{number:043}",
            }
            await site.sessions.resume(jar, secure=True, now=site.now)

    site.workers[0].sessions._reporter._on_event = None
    site.run(invent(0))
    tracemalloc.start()
    site.run(invent(10_000))
    before, _ = tracemalloc.get_traced_memory()
    site.run(invent(20_000))
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 50_000
    tables = ("sessions", "remember_series", "remember_tokens")
    assert [site.rows(f"SELECT count(*) FROM {table}") for table in tables] == [[(0,)]] * 3


def test_invented_tokens_do_not_keep_the_writer_busy(site: Site) -> None:
    """Nobody can hold up sign-ins by inventing remember-me tokens, for a series that exists either."""
    series = str(site.signed_in(remember=True).value("-remember")).partition(".")[0]
    with writes_hang(site.url):
        for invented in (f"{series}.{'A' * 43}", f"{'A' * 22}.{'A' * 43}"):
            browser = Browser()
            browser.jar["__Host-footfall-remember"] = invented
            assert not site.visit(browser).unavailable
            assert browser.jar == {}


def texts() -> Iterator[st.SearchStrategy[str]]:
    yield st.text()
    yield st.text(alphabet="AZaz09-_.")


@given(st.one_of(*texts()))
def test_what_is_no_token_is_not_taken_for_one(text: str) -> None:
    token = parse_remember(text)
    assert token is None or (token.cookie == text and text.isascii())
    assert not may_be_token(text) or len(text) == 43
