"""Whether the time of a refusal tells how near a guessed token was to a real one.

Near misses (a real token with one character changed) and random tokens take turns; the figures are the ratio of
their medians, and the chance that a near miss took longer than a random one, which is a half where time tells nothing
(Mann–Whitney's U over the number of pairs).
"""

from __future__ import annotations

import asyncio
import secrets
import statistics
import string
import tempfile
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from pathlib import Path

from footfall.cookies import Jar
from footfall.sessions.sessions import Sessions
from footfall.settings import Settings
from footfall.store import open_store

KEY = "a-key-for-benchmarks-0123456789-abcdefghij"
NOW = 1_700_000_000.0
SESSION, REMEMBER = "__Host-footfall-session", "__Host-footfall-remember"
TIMES = 20_000
_LETTERS = string.ascii_letters + string.digits

Row = tuple[str, float, float]
Guess = Callable[[], Jar]


async def compared(sessions: Sessions, near: Guess, random: Guess) -> tuple[list[int], list[int]]:
    """Nanoseconds of each refusal, of the two kinds in turn; who goes first changes."""
    times: tuple[list[int], list[int]] = ([], [])
    guesses = [(near(), random()) for _ in range(TIMES)]  # beforehand: making one warms or cools the caches
    for number, pair in enumerate(guesses):
        for kind in (0, 1) if number % 2 else (1, 0):
            jar = pair[kind]
            began = time.perf_counter_ns()
            await sessions.resume(jar, secure=True, now=NOW)
            times[kind].append(time.perf_counter_ns() - began)
    return times


def chance_of_longer(these: list[int], those: list[int]) -> float:
    """How likely one of these is longer than one of those; ties count half."""
    ordered = sorted(those)
    wins = sum(bisect_left(ordered, one) + bisect_right(ordered, one) for one in these)
    return wins / 2 / len(these) / len(those)


async def measured(folder: Path) -> list[Row]:
    store = open_store(f"sqlite:///{folder / 'store.db'}")
    sessions = Sessions(Settings(secret_keys=[KEY]), store)
    sign_in = await sessions.resume({}, secure=True, now=NOW)
    await sessions.login(sign_in, "ada", remember=True, now=NOW)
    lines = await sessions.save(sign_in, NOW)
    issued = dict(line.partition(";")[0].split("=", 1) for line in lines)
    series = issued[REMEMBER].partition(".")[0]
    cases: dict[str, tuple[Guess, Guess]] = {
        "session": (
            lambda: {SESSION: near_miss(issued[SESSION])},
            lambda: {SESSION: secrets.token_urlsafe(32)},
        ),
        "remember-me": (
            lambda: {REMEMBER: near_miss(issued[REMEMBER])},
            lambda: {REMEMBER: f"{series}.{secrets.token_urlsafe(32)}"},
        ),
    }
    rows: list[Row] = []
    for name, (near, random) in cases.items():
        these, those = await compared(sessions, near, random)
        rows.append((f"{name}: near miss ÷ random", statistics.median(these) / statistics.median(those), 1.03))
        rows.append((f"{name}: chance of longer", chance_of_longer(these, those), 0.53))
    store.close()
    return rows


def near_miss(token: str) -> str:
    """The token with one character of its last third changed."""
    at = -3 - secrets.randbelow(12)
    return f"{token[:at]}{secrets.choice(_LETTERS.replace(token[at], ''))}{token[at + 1 :]}"


def measure() -> list[Row]:
    """Rows of name, figure, and the most that it should be."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(measured(Path(folder)))


if __name__ == "__main__":
    for name, figure, target in measure():
        print(f"{name:<34} {figure:>7.3f}   target {target:>5.2f}")
