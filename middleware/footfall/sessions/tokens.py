"""The tokens that browsers hold: random, and known to the server by their hashes only (ASVS 7.2.2, 7.2.3)."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass

_BASE64URL_OF_32_BYTES = 43
_REMEMBER = re.compile(r"([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class RememberToken:
    """``series`` names the remembered browser and ``secret`` opens it, once."""

    series: str
    secret: str

    @property
    def cookie(self) -> str:
        return f"{self.series}.{self.secret}"

    @property
    def hash(self) -> str:
        return hash_of(self.secret)

    def successor(self) -> RememberToken:
        return RememberToken(self.series, new_token())


def new_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def new_remember_token() -> RememberToken:
    return RememberToken(secrets.token_urlsafe(16), new_token())


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def may_be_token(text: str) -> bool:
    """Whether it is worth a look into the store: what is of another shape is none of ours."""
    return len(text) == _BASE64URL_OF_32_BYTES and text.isascii()


def parse_remember(cookie: str | None) -> RememberToken | None:
    match = _REMEMBER.fullmatch(cookie) if cookie is not None else None
    return RememberToken(match[1], match[2]) if match else None
