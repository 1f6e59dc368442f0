"""Remember-me: a series for each remembered browser, and a token that changes with every use.

After Barry Jaspan's "Improved Persistent Login Cookie Best Practice" (2006), with what that leaves out. A
browser sends its token with many requests at once, responses get lost, and pages are slow; none of that is
theft. So a token that was already exchanged

- joins the session of the exchange for a minute: parallel requests are one return of one browser;
- is good for a day more while nobody has shown its successor: the response that carried it was lost, and
  another successor is issued beside the first;
- means, once a successor was seen, that two browsers hold one series: a thief has been there.

Pure: the store reads the rows, asks here, and acts, all within one transaction.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import Literal

from footfall.store.records import SeriesRecord, TokenRecord

#: Parallel requests of one page, and the retries of a slow network.
JOIN_S = 60.0

#: How long a lost response is believed in.
LOST_RESPONSE_S = 24 * 3600.0

#: Used tokens remembered, to be caught when they come again; an older one is refused without an alarm.
GENERATIONS_KEPT = 64

Verdict = Literal["rotate", "join", "unknown", "expired", "theft"]


def find(tokens: Sequence[TokenRecord], token_hash: str) -> TokenRecord | None:
    """Every token is compared, each in constant time."""
    found = [token for token in tokens if hmac.compare_digest(token.token_hash, token_hash)]
    return found[0] if found else None


def judge(series: SeriesRecord, tokens: Sequence[TokenRecord], presented: str, now: float) -> Verdict:
    """What a presented token of a series is worth. ``tokens`` are all that the store still knows of it."""
    token = find(tokens, presented)
    if token is None:
        return "unknown"
    if now >= series.expires_at:
        return "expired"
    behind = max(other.generation for other in tokens) - token.generation
    recent = now - series.exchanged_at < JOIN_S
    if _was_overtaken(token, tokens):
        return "join" if recent and behind <= 1 else "theft"
    if recent:
        return "join"
    return "rotate" if behind == 0 or _may_be_lost(token, tokens, now) else "expired"


def _was_overtaken(token: TokenRecord, tokens: Sequence[TokenRecord]) -> bool:
    """Whether a browser has shown a token that only a successor's holder, or a sibling's, can have."""
    return any(
        other.seen_at is not None and other.token_hash != token.token_hash and other.generation >= token.generation
        for other in tokens
    )


def _may_be_lost(token: TokenRecord, tokens: Sequence[TokenRecord], now: float) -> bool:
    issued = [other.issued_at for other in tokens if other.generation == token.generation + 1]
    return now - min(issued, default=now) < LOST_RESPONSE_S
