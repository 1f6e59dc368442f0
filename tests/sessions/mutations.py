"""Cookies that nobody issued, made from such as were."""

from __future__ import annotations

import random
from collections.abc import Callable

_ALPHABET = 'ABCXYZabcxyz019-_.=+/ \t"\\%;,\x00\x7f\xa0\xffé€ſ𝔸'


def mutated(cookie: str, chance: random.Random) -> str:
    """The cookie with one to three things done to it."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(cookie) + 1)
        cookie = chance.choice(_WAYS)(cookie, at, chance)
    return cookie


_WAYS: list[Callable[[str, int, random.Random], str]] = [
    lambda cookie, at, chance: cookie[:at] + chance.choice(_ALPHABET) + cookie[at + 1 :],
    lambda cookie, at, chance: cookie[:at] + chance.choice(_ALPHABET) + cookie[at:],
    lambda cookie, at, chance: cookie[:at] + cookie[at + 1 :],
    lambda cookie, at, chance: cookie[:at],
    lambda cookie, at, chance: cookie[at:] + cookie[:at],
    lambda cookie, at, chance: cookie + cookie[:at],
    lambda cookie, at, chance: cookie.swapcase(),
    lambda cookie, at, chance: "".join(chance.choices(_ALPHABET, k=at)),
    lambda cookie, at, chance: cookie * chance.randint(2, 40),
]
