"""Parallel requests with one remember-me cookie: one return, whichever worker serves which request."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from footfall.sessions.sign_in import SignIn
from tests.sessions.sites import HOUR, Browser, Site, login


def returns(site: Site, browser: Browser, requests: int) -> list[tuple[SignIn, Browser]]:
    """That many requests at the same time, spread over all workers, each in its own thread and event loop."""
    start = threading.Barrier(len(site.workers))

    async def of_worker(worker: int) -> list[tuple[SignIn, Browser]]:
        copies = [browser.copy() for _ in range(requests // len(site.workers))]
        start.wait()
        sign_ins = await asyncio.gather(*(site.request(copy, worker=worker) for copy in copies))
        return list(zip(sign_ins, copies, strict=True))

    with ThreadPoolExecutor() as pool:
        workers = [pool.submit(asyncio.run, of_worker(worker)) for worker in range(len(site.workers))]
        return [result for future in workers for result in future.result()]


def test_32_parallel_returns_make_one_session_and_no_alarm_200_times(store_url: str) -> None:
    """Remember-me, rule 2 and 3: one new session family; all are signed in, one gets the cookies."""
    site = Site(store_url, workers=4)
    browser, rounds = site.signed_in(remember=True), site.scaled(200)
    for _ in range(rounds):
        browser.restart()
        site.now += HOUR
        before = browser.value("-remember")
        results = returns(site, browser, 32)
        assert [sign_in.member.id for sign_in, _ in results if sign_in.member] == ["ada"] * 32
        assert len({sign_in.key for sign_in, _ in results}) == 1
        (winner,) = [copy for _, copy in results if copy.value("-session")]
        assert [copy.value("-remember") for _, copy in results if copy is not winner] == [before] * 31
        browser.jar, browser._passing = winner.jar, winner._passing
        assert site.rows("SELECT count(*) FROM sessions") == [(1,)]
    counts = sum((worker.sessions.counts for worker in site.workers), Counter[str]())
    assert counts == Counter(sign_in=1, remembered=rounds, joined=rounds * 31)
    site.close()


def test_a_stolen_older_token_is_caught_every_time_whoever_is_active(store_url: str) -> None:
    """Remember-me, rule 4."""
    site = Site(store_url, workers=2)
    for round_ in range(1, site.scaled(40) + 1):
        owner = site.signed_in(f"member-{round_}", remember=True)
        thief = owner.copy()
        for _ in range(1 + round_ % 4):
            owner.restart()
            site.now += HOUR
            site.visit(owner, worker=round_ % 2)
        owner.restart()
        site.now += HOUR
        site.visit(owner)
        site.now += HOUR
        thief.restart()
        assert site.member_of(thief, worker=1 - round_ % 2) is None
        assert site.member_of(owner) is None
        assert sum(worker.sessions.counts["theft"] for worker in site.workers) == round_
    site.close()


def test_signing_out_amid_requests_of_all_workers_is_final(store_url: str) -> None:
    """ASVS 7.4.1: at once, on every worker, whatever else is going on."""
    site = Site(store_url, workers=4)
    for _ in range(10):
        browser = site.signed_in(remember=True)
        stop = threading.Event()
        with ThreadPoolExecutor() as pool:
            afterwards = [pool.submit(keep_asking, site, worker, browser.copy(), stop) for worker in (1, 2, 3)]
            site.run(site.sessions.end_sessions("ada"))
            stop.set()
        assert [future.result() for future in afterwards] == [None, None, None]
    site.close()


def keep_asking(site: Site, worker: int, browser: Browser, stop: threading.Event) -> str | None:
    """Who the browser is after the stop."""

    async def ask() -> str | None:
        while not stop.is_set():
            await site.request(browser.copy(), worker=worker)
        member = (await site.request(browser.copy(), worker=worker)).member
        return member.id if member else None

    return asyncio.run(ask())


_WORKER = """
import asyncio, sys
from tests.sessions.sites import Browser, Site

async def requests(site, jar):
    browsers = [Browser() for _ in range(8)]
    for browser in browsers:
        browser.jar = dict(jar)
    sign_ins = await asyncio.gather(*(site.request(browser) for browser in browsers))
    members = [sign_in.member.id for sign_in in sign_ins]
    return list(zip(members, [sign_in.key for sign_in in sign_ins], [len(browser.jar) for browser in browsers]))

site = Site(sys.argv[1], workers=1)
print("ready", flush=True)
for line in sys.stdin:
    now, cookie = line.split()
    site.now = float(now)
    print(site.run(requests(site, {"__Host-footfall-remember": cookie})), flush=True)
"""


def test_32_parallel_returns_on_4_processes_make_one_session(store_url: str) -> None:
    """Remember-me, rule 2 and 3, where the workers share nothing but the store."""
    site = Site(store_url, workers=1)
    browser = site.signed_in(remember=True)
    with four_processes(_WORKER, store_url) as workers:
        for _ in range(5):
            site.now += HOUR
            answers = said_by(workers, f"{site.now} {browser.value('-remember')}\n")
            results: list[tuple[str, str, int]] = [result for answer in answers for result in eval(answer)]
            assert {member for member, _, _ in results} == {"ada"}
            assert len({key for _, key, _ in results}) == 1
            assert sorted(cookies for _, _, cookies in results) == [1] * 31 + [2]
    site.close()


@contextmanager
def four_processes(script: str, url: str) -> Iterator[list[subprocess.Popen[str]]]:
    """Four workers that share nothing but the store, once all of them are ready."""
    command, path = [sys.executable, "-c", script, url], {"PYTHONPATH": ":".join(entry for entry in sys.path if entry)}
    workers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=path, bufsize=1)
        for _ in range(4)
    ]
    try:
        assert said_by(workers, "") == ["ready"] * 4
        yield workers
    finally:
        for worker in workers:
            worker.communicate()


def said_by(workers: list[subprocess.Popen[str]], line: str) -> list[str]:
    """What each of them answers; they are asked at the same time."""
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write(line)
    return [worker.stdout.readline().strip() for worker in workers if worker.stdout is not None]


def test_signing_in_on_all_workers_at_once_keeps_to_the_limit(store_url: str) -> None:
    """ASVS 7.1.2."""
    site = Site(store_url, workers=4, sessions_per_member=5)

    async def sign_in_five_times(worker: int) -> None:
        act = login("ada", remember=True)
        await asyncio.gather(*(site.request(Browser(), act, worker=worker) for _ in range(5)))

    with ThreadPoolExecutor() as pool:
        for future in [pool.submit(asyncio.run, sign_in_five_times(worker)) for worker in range(4)]:
            future.result()
    assert site.rows("SELECT count(*) FROM sessions") == [(5,)]
    assert site.rows("SELECT count(*) FROM remember_series") == [(5,)]
    site.close()


_ASKED = """
import sys
from tests.sessions.sites import Browser, Site

site = Site(sys.argv[1], workers=1)
browser = Browser()
print("ready", flush=True)
for line in sys.stdin:
    name, _, value = line.strip().partition("=")
    browser.jar = {name: value}
    print(site.member_of(browser), flush=True)
"""


def test_v7_4_1_an_end_holds_in_4_processes_at_once(store_url: str) -> None:
    """ASVS 7.4.1: the first answer of each process after the end is that nobody is signed in."""
    site = Site(store_url, workers=1)
    with four_processes(_ASKED, store_url) as workers:
        for _ in range(5):
            browser = site.signed_in()
            line = f"__Host-footfall-session={browser.value('-session')}\n"
            assert said_by(workers, line) == ["ada"] * 4
            site.run(site.sessions.end_sessions("ada"))
            assert said_by(workers, line) == ["None"] * 4
    site.close()
