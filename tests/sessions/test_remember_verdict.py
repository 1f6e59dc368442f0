"""The verdict on a presented token, pure."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from footfall.sessions.remember import judge
from footfall.store.records import SeriesRecord, TokenRecord
from tests.sessions.sites import DAY, Site

MakeSite = Callable[..., Site]


def series(now: float, exchanged_at: float) -> SeriesRecord:
    return SeriesRecord(
        series="s",
        member_id="ada",
        authenticated_at=0.0,
        created_at=0.0,
        expires_at=now + DAY,
        exchanged_at=exchanged_at,
        session_hash="h",
    )


def token(name: str, generation: int, issued_at: float, seen_at: float | None = None) -> TokenRecord:
    return TokenRecord(token_hash=name, generation=generation, issued_at=issued_at, seen_at=seen_at)


@pytest.mark.parametrize(
    ("presented", "exchanged", "tokens", "verdict"),
    [
        ("a", 0.0, [token("a", 0, 0.0)], "rotate"),
        ("a", 941.0, [token("a", 0, 0.0)], "join"),
        ("b", 0.0, [token("a", 0, 0.0)], "unknown"),
        ("a", 900.0, [token("a", 0, 0.0, 900.0), token("b", 1, 900.0)], "rotate"),
        ("a", 941.0, [token("a", 0, 0.0, 941.0), token("b", 1, 941.0)], "join"),
        ("a", 900.0, [token("a", 0, 0.0, 900.0), token("b", 1, 900.0, 930.0)], "theft"),
        ("a", 950.0, [token("a", 0, 0.0, 950.0), token("b", 1, 950.0, 970.0)], "join"),
        ("a", 990.0, [token("a", 0, 0.0, 5.0), token("b", 1, 5.0, 990.0), token("c", 2, 990.0)], "theft"),
        ("b", 800.0, [token("a", 0, 0.0, 5.0), token("b", 1, 5.0), token("c", 1, 70.0, 90.0)], "theft"),
    ],
)
def test_the_verdict(presented: str, exchanged: float, tokens: list[TokenRecord], verdict: str) -> None:
    assert judge(series(1000.0, exchanged), tokens, presented, 1000.0) == verdict
