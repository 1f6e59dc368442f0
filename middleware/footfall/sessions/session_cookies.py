"""The two cookies of a member: their names and their attributes."""

from __future__ import annotations

from datetime import timedelta

from footfall.cookies import Attributes, expire, write


class SessionCookies:
    """Those of one scheme. Over HTTPS they are bound to the host (``__Host-``) and to secure transport, and
    the plain names count for nothing there: a neighbour on the network could have set them (ASVS 3.3.1)."""

    __slots__ = ("_secure", "remember", "session")

    def __init__(self, prefix: str, *, secure: bool) -> None:
        host = "__Host-" if secure else ""
        self.session = f"{host}{prefix}-session"
        self.remember = f"{host}{prefix}-remember"
        self._secure = secure

    def set_session(self, token: str) -> str:
        """No Max-Age: it goes when the browser closes, and renewal is the server's alone."""
        return write(self.session, token, Attributes(secure=self._secure))

    def set_remember(self, token: str, seconds: float) -> str:
        return write(self.remember, token, Attributes(secure=self._secure, max_age=timedelta(seconds=seconds)))

    def remove(self, name: str) -> str:
        return expire(name, Attributes(secure=self._secure))
