"""Passwords: hashed with scrypt, compared in constant time, and rules in words."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

#: 16 MB for each hash. At that memory an edition of the OWASP Password Storage Cheat Sheet asks p=4 at least.
_COST = {"n": 2**14, "r": 8, "p": 5}

SHORTEST = 12
LONGEST = 256  # nobody's password is longer, and a megabyte of it would be work for nothing


def hashed(password: str) -> str:
    """``salt$hash``, both base64; a new salt each time."""
    salt = secrets.token_bytes(16)
    return "$".join(base64.b64encode(part).decode("ascii") for part in (salt, _scrypt(password, salt)))


def matches(password: str, stored: str) -> bool:
    """Whether this is the password. Takes as long for a wrong one as for the right one."""
    salt, expected = (base64.b64decode(part) for part in stored.split("$"))
    return hmac.compare_digest(_scrypt(password, salt), expected) and len(password) <= LONGEST


def complaint(password: str, *, again: str, name: str = "") -> str:
    """What is wrong with a new password, in words; "" when nothing is."""
    if len(password) < SHORTEST:
        return f"Choose a password of at least {SHORTEST} characters. A few words with spaces are fine."
    if len(password) > LONGEST:
        return f"Choose a password of at most {LONGEST} characters."
    if name and password.casefold().startswith(name.casefold()) and len(password) < len(name) + SHORTEST:
        return "Choose a password that does not begin with your name."
    if password != again:
        return "The two passwords are not the same. Type the new one twice."
    return ""


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password[: LONGEST + 1].encode(), salt=salt, dklen=32, maxmem=64 * 2**20, **_COST)
