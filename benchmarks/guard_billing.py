"""What the look for billing data costs, in microseconds: ordinary cookies, large ones, hostile ones.

Targets: 10 µs for the median of ordinary cookies, 2 ms for any value of 4096 bytes, 5 ms for a hostile one.
"""

from __future__ import annotations

import base64
import json
import random
import statistics
import time
from collections.abc import Callable

from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from footfall.guard.billing import find_billing_data, find_in_response, scrub
from footfall.guard.secrets import scrub_path, scrub_query
from tests.guard.billing.hostile import hostile_values
from tests.guard.billing.negatives import negatives

_ATTRIBUTES = "; Path=/; HttpOnly; Secure; SameSite=Lax"
_ORDINARY, _LARGE, _HOSTILE, _TEXT = 10.0, 2000.0, 5000.0, 1.0

Row = tuple[str, float, float]


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def ordinary_cookies() -> dict[str, str]:
    """Session tokens and their like, at most 200 bytes."""
    rng = random.Random(1)  # noqa: S311 - the same cookies in every run
    signer, serializer = TimestampSigner("a key"), URLSafeTimedSerializer("a key")
    payload = base64.b64encode(json.dumps({"user_id": 12345}).encode())
    values = {
        "random token": _base64(rng.randbytes(32)),
        "hexadecimal token": rng.randbytes(32).hex(),
        "Django session id": "8d0mg5zktuv2x7q1w9s3e4r6t5y7u8i0",
        "PHP session id": "n4k0v7q2m8s1x5c9b3z6l0p4d2",
        "signed token": f"{_base64(rng.randbytes(32))}.{_base64(rng.randbytes(32))}",
        "UUID": "550e8400-e29b-41d4-a716-446655440000",
        "Starlette session": signer.sign(payload).decode(),
        "Flask session": str(serializer.dumps({"_user_id": "42", "csrf_token": rng.randbytes(20).hex()})),
        "Express session": f"s%3A{_base64(rng.randbytes(24))}.{_base64(rng.randbytes(32))}",
        "load balancer": base64.b64encode(rng.randbytes(96)).decode(),
        "analytics id": "GA1.2.1234567890.1700000000",
        "theme": "dark",
    }
    return {name: f"session={value}{_ATTRIBUTES}" for name, value in values.items()}


def large_cookies() -> dict[str, str]:
    """4096 bytes of what applications really store."""
    rng = random.Random(2)  # noqa: S311
    items = [{"id": n, "name": f"item {n}", "price": n / 10, "tags": ["a", "b"], "at": 1.7e9 + n} for n in range(60)]
    document = json.dumps({"user": "7", "items": items, "csrf": rng.randbytes(16).hex()})
    return {
        "random base64": _base64(rng.randbytes(3072)),
        "JSON": document[:4096],
        "JSON in base64": _base64(document[:3072].encode()),
        "signed": str(URLSafeTimedSerializer("a key").dumps({"items": items})),
        "hexadecimal": rng.randbytes(2048).hex(),
    }


def best_of(call: Callable[[], object], *, calls: int, rounds: int) -> float:
    """Microseconds of the fastest round: what the machine's other work adds is no cost of ours."""
    best = float("inf")
    for _ in range(rounds):
        began = time.perf_counter()
        for _ in range(calls):
            call()
        best = min(best, (time.perf_counter() - began) / calls)
    return best * 1e6


def measure() -> list[Row]:
    """Rows of (case, microseconds, target in microseconds)."""
    return [*_ordinary(), *_whole_corpus(), *_large(), *_hostile(), *_texts()]


def _ordinary() -> list[Row]:
    rows = [
        (f"ordinary: {name}", best_of(lambda line=line: find_billing_data(line), calls=20, rounds=200), _ORDINARY)  # type: ignore[misc]
        for name, line in ordinary_cookies().items()
    ]
    return [("ordinary: the median", statistics.median(cost for _, cost, _ in rows), _ORDINARY), *rows]


def _whole_corpus() -> list[Row]:
    """Fresh cookies of every family, none seen before: no cache helps."""
    costs = []
    for line in [line for _, line in negatives(1800, seed=3) if len(line) <= 200]:
        began = time.perf_counter()
        find_billing_data(line)
        costs.append((time.perf_counter() - began) * 1e6)
    return [("realistic cookies up to 200 bytes, each once: the median", statistics.median(costs), _ORDINARY)]


def _large() -> list[Row]:
    return [
        (f"4096 bytes: {name}", best_of(lambda: find_billing_data(f"x={value}"), calls=1, rounds=30), _LARGE)  # noqa: B023
        for name, value in large_cookies().items()
    ]


def _hostile() -> list[Row]:
    costs = {
        name: best_of(lambda: find_billing_data(f"x={value}"), calls=1, rounds=8)  # noqa: B023
        for name, value in hostile_values().items()
    }
    worst = sorted(costs.items(), key=lambda item: -item[1])[:5]
    return [(f"hostile: {name}", cost, _HOSTILE) for name, cost in worst]


def _texts() -> list[Row]:
    lines = list(ordinary_cookies().values())[:4]
    return [
        ("a response of four cookies", best_of(lambda: find_in_response(lines), calls=20, rounds=50), 4 * _ORDINARY),
        ("path", best_of(lambda: scrub_path("/products/blue-shoes"), calls=200, rounds=50), _TEXT),
        ("query string", best_of(lambda: scrub_query("page=2&sort=price"), calls=200, rounds=50), 2 * _TEXT),
        ("text", best_of(lambda: scrub("signed up for the newsletter"), calls=200, rounds=50), _TEXT),
    ]


if __name__ == "__main__":
    for name, cost, target in measure():
        print(f"{name:60} {cost:9.2f} µs   target {target:7.0f}  {'' if cost <= target else 'over'}")
