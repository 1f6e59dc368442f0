"""The two cookies of a member, as ``Set-Cookie`` values. HttpOnly, SameSite=Lax, and over HTTPS ``__Host-``
and Secure (ASVS 3.3.1–3.3.4)."""

from __future__ import annotations

from datetime import timedelta

from footfall.cookies import Attributes, CookieNames, expire, write


def set_session(names: CookieNames, token: str) -> str:
    """No Max-Age: it goes when the browser closes, and renewal is the server's alone."""
    return write(names.session, token, Attributes(secure=names.secure))


def set_remember(names: CookieNames, token: str, seconds: float) -> str:
    return write(names.remember, token, Attributes(secure=names.secure, max_age=timedelta(seconds=seconds)))


def remove_session(names: CookieNames) -> str:
    return expire(names.session, Attributes(secure=names.secure))


def remove_remember(names: CookieNames) -> str:
    return expire(names.remember, Attributes(secure=names.secure))
