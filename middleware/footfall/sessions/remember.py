"""Remember-me: a series for each remembered browser, and a token that changes with every use.

After Barry Jaspan's "Improved Persistent Login Cookie Best Practice" (2006), with what that leaves out: a
browser sends its token with many requests at once, responses get lost, pages are slow, and none of it is theft.

1. A token is ``series.secret``, 16 and 32 random bytes; the store has the secret's hash; a series ends in time.
2. A token is exchanged only when there is no live session, by one transaction, and not twice within a minute.
3. Who comes within that minute joins the session that the exchange began, and gets no cookie and loses none.
4. Its response may be lost: for a day the token is good once more, while nobody has shown a successor of it.
   After a successor was seen, two browsers hold one series: somebody stole it.
5. Theft ends the series and its sessions; the member is told. Signing out ends this browser's series alone.
6. A remembered member is never fresh, and requests that are no activity use no token.

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
