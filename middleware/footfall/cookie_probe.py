"""Whether a browser kept the cookie of a sign-in. Without it every page would ask for the sign-in again, for ever.

A browser that sent no cookie at all with its sign-in is led over ``/privacy/signed-in`` to where the app sends it: what
comes back without the session's cookie is told so, in words. A browser that sent any cookie keeps them, and is let go
straight on, and so is whatever does not say that it navigates (W3C Fetch Metadata: programs, scripts).
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from footfall.caching import Headers
from footfall.hit import Hit
from footfall.paths import root_of
from footfall.sessions.return_to import safe_return

_REDIRECTS = frozenset((302, 303))


def must_probe(hit: Hit) -> bool:
    """Whether nobody knows yet that this browser keeps cookies."""
    return not hit.arrival.jar and hit.arrival.headers.get(b"sec-fetch-mode") == b"navigate"


def probe_path(prefix: str) -> str:
    return f"{prefix}/signed-in"


def over_the_probe(headers: Headers, status: int, hit: Hit, prefix: str) -> Headers:
    """The headers of the app's redirect after a sign-in, with the probe on the way."""
    if status not in _REDIRECTS:
        return headers
    return [(name, _over(value, hit, prefix) if name.lower() == b"location" else value) for name, value in headers]


def _over(location: bytes, hit: Hit, prefix: str) -> bytes:
    target = own_path(location.decode("latin-1"), hit)
    if target is None:
        return location
    return f"{root_of(hit.scope)}{probe_path(prefix)}?next={quote(target, safe='/')}".encode("latin-1")


def own_path(location: str, hit: Hit) -> str | None:
    """The path and query of an address of this site; ``None`` for another site's."""
    if location.startswith("/"):
        return safe_return(location)
    try:
        url = urlsplit(location)
    except ValueError:
        return None
    if url.scheme not in ("http", "https") or url.netloc.lower() != hit.arrival.host.lower():
        return None
    return safe_return(url._replace(scheme="", netloc="").geturl() or "/")


def was_told(hit: Hit, prefix: str) -> bool:
    """Whether the visitor comes without cookies from the page that told them so."""
    if hit.arrival.jar:
        return False
    referrer = own_path(hit.arrival.text(b"referer"), hit) or ""
    return referrer.partition("?")[0] == root_of(hit.scope) + probe_path(prefix)
