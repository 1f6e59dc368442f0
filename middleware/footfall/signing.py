"""Signed cookie values: a list of keys for rotation, a salt for each purpose, and a bounded cache.

A value signed for one purpose never verifies for another (ASVS 9.2.2): the purpose is the signer's salt.
The MAC is checked before the content is looked at (ASVS 9.1.1), in constant time (itsdangerous).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from itsdangerous import BadSignature, Signer

T = TypeVar("T")

#: 32 characters of a random string are 160 bits or more in hex and base64 alike.
SHORTEST_KEY = 32

HOW_TO_MAKE_A_KEY = "make one with: python -c 'import secrets; print(secrets.token_urlsafe(32))'"

#: Verified strings remembered for each purpose; at some 300 bytes each, about a megabyte.
_CACHE_SIZE = 4096

#: Nothing longer is ours, and nothing longer is worth a hash.
LONGEST_VALUE = 3072


class Keyring:
    """Secret keys, newest first: the first one signs, all of them verify."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        _check_keys(secret_keys)
        self._keys = [key.encode() for key in reversed(secret_keys)]  # itsdangerous signs with the last

    def signer(self, purpose: str, read: Callable[[str], T | None]) -> CookieSigner[T]:
        """A signer whose values verify only for this purpose; ``read`` turns signed content into a fact."""
        signer = Signer(
            self._keys,
            salt=f"footfall.{purpose}".encode(),
            sep=".",
            key_derivation="hmac",
            digest_method=hashlib.sha256,
        )
        return CookieSigner(signer, read)


class CookieSigner(Generic[T]):
    """Signs and verifies the values of one kind of cookie, and remembers what verified values say."""

    def __init__(self, signer: Signer, read: Callable[[str], T | None]) -> None:
        self._signer = signer
        self._read = read
        self._verified: dict[str, T] = {}

    def sign(self, content: str) -> str:
        return self._signer.sign(content).decode("ascii")

    def verify(self, value: str) -> T | None:
        """What the value says, or ``None`` for anything that we did not sign. Expiry is the caller's."""
        known = self._verified.get(value)
        if known is not None:
            return known
        if len(value) > LONGEST_VALUE or not value.isascii():
            return None
        try:
            fact = self._read(self._signer.unsign(value).decode("ascii"))
        except BadSignature:
            return None
        if fact is not None:
            self._remember(value, fact)
        return fact

    def _remember(self, value: str, fact: T) -> None:
        if len(self._verified) >= _CACHE_SIZE:
            del self._verified[next(iter(self._verified))]  # the oldest: dicts keep insertion order
        self._verified[value] = fact


def _check_keys(secret_keys: Sequence[str]) -> None:
    if isinstance(secret_keys, str):
        raise ValueError("secret_keys is a list of strings, newest first: secret_keys=[...]")
    if not secret_keys:
        raise ValueError(f"secret_keys is empty: cookies cannot be signed; {HOW_TO_MAKE_A_KEY}")
    for position, key in enumerate(secret_keys):
        if len(key) < SHORTEST_KEY:
            raise ValueError(
                f"secret_keys[{position}] has {len(key)} characters, fewer than {SHORTEST_KEY}; {HOW_TO_MAKE_A_KEY}"
            )
        if len(set(key)) < 8:
            raise ValueError(
                f"secret_keys[{position}] repeats a few characters and can be guessed; {HOW_TO_MAKE_A_KEY}"
            )
