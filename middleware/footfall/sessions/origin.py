"""Whether a request that changes something comes from a page of this site (ASVS 3.5.1–3.5.3). Pure.

Browsers say so themselves, in ``Sec-Fetch-Site`` (W3C Fetch Metadata; all since 2023, over HTTPS and on
localhost) or else in ``Origin`` (RFC 6454). A page of another site can set neither. For what says nothing there
is a token in the form.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta

from footfall.signing import Keyring

#: How long a page with a form may stay open.
FORM_LIFETIME = timedelta(hours=12)

_SECURE = {"https": True, "wss": True, "http": False, "ws": False}
_DEFAULT_PORTS = {True: ":443", False: ":80"}


def same_origin(headers: Mapping[bytes, bytes], scheme: str, host: str) -> bool | None:
    """True: from this site. False: from another one. None: the browser does not say, so ask for a token.

    ``headers`` have lower-case names; ``scheme`` and ``host`` are the request's. WebSocket handshakes send an
    ``Origin`` and are checked alike (ASVS 4.4.2).
    """
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site in (b"same-origin", b"none")  # none: the member's own doing, such as a reload
    origin = headers.get(b"origin")
    if origin is None or origin == b"null":  # null: a privacy setting, or somebody's sandbox
        return None
    return _agrees(origin.decode("latin-1").lower(), scheme, host.lower())


def _agrees(origin: str, scheme: str, host: str) -> bool:
    own, _, origin_host = origin.partition("://")
    secure = _SECURE.get(own)
    if secure is None or not origin_host or not host:
        return False
    # From HTTPS to what we take for HTTP is a proxy that does not tell; the other way round is an attack.
    if not secure and _SECURE.get(scheme, True):
        return False
    port = _DEFAULT_PORTS[secure]
    return origin_host.removesuffix(port) == host.removesuffix(port)


class FormToken:
    """A token for the forms of browsers that do not say where a request comes from. It needs no cookie.

    It says that this site made the form lately, for this host and, where ``binding`` is given (a session's or
    visitor's id), for this browser. Its limit: an anonymous visitor has no binding, so somebody may fetch a token and
    put it into a form elsewhere. Only a browser without ``Sec-Fetch-Site`` and ``Origin`` would send that form
    on, and without the cookies of this site, which are SameSite=Lax.
    """

    def __init__(self, keyring: Keyring) -> None:
        self._signer = keyring.signer("form", _read)

    def make(self, host: str, now: float, binding: str = "") -> str:
        """A token for a form that is shown at ``now`` (Unix seconds)."""
        return self._signer.sign(f"{int(now)}.{_digest(host, binding)}")

    def check(self, token: str, host: str, now: float, binding: str = "") -> bool:
        """Whether the form is ours and not too old."""
        made = self._signer.verify(token)
        if made is None:
            return False
        at, digest = made
        age = now - at
        right = hmac.compare_digest(digest, _digest(host, binding))
        return right and -60 <= age <= FORM_LIFETIME.total_seconds()  # clocks of several machines differ


def _read(content: str) -> tuple[int, str] | None:
    at, _, digest = content.partition(".")
    return (int(at), digest) if at.isdecimal() else None


def _digest(host: str, binding: str) -> str:
    return hashlib.sha256(f"{len(host)}:{host.lower()}{binding}".encode()).hexdigest()[:32]
