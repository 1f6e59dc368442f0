"""Taking back what was stored: the lines that delete a cookie wherever the app may have put it. Pure.

A browser deletes a cookie only when path, domain and partition agree, so the declared place and the plain
host-wide one are both named. HttpOnly does not matter: the server deletes what scripts cannot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from footfall.consent.consent import Consent
from footfall.consent.purposes import Cookie
from footfall.cookies import Attributes, Jar, expire
from footfall.guard.declared import Declarations


def removals(jar: Jar, declared: Declarations, consent: Consent) -> list[str]:
    """``Set-Cookie`` values that remove every declared cookie in the jar whose purpose or service is not granted."""
    lines: list[str] = []
    for name in jar:
        cookie = declared.find(name)
        if cookie is not None and not consent.allows_cookie(cookie):
            lines += removal_of(name, cookie)
    return lines


def removals_elsewhere(cookies: Iterable[Cookie], jar: Jar, before: Consent, after: Consent) -> list[str]:
    """The lines for what a choice takes back and the browser does not show here: cookies of other paths than ``/``.

    They are removed by their declaration, which names them and their place; a pattern names none.
    """
    lines: list[str] = []
    for cookie in cookies:
        if cookie.path == "/" or cookie.party == "third" or cookie.is_pattern or cookie.name in jar:
            continue
        if before.allows_cookie(cookie) and not after.allows_cookie(cookie):
            lines += removal_of(cookie.name, cookie)
    return lines


def removal_of(name: str, cookie: Cookie) -> list[str]:
    """The lines that remove one cookie; a name that cannot be written cannot be removed either."""
    try:
        return [expire(name, attributes) for attributes in _places(name, cookie)]
    except ValueError:
        return []


def _places(name: str, cookie: Cookie) -> Iterator[Attributes]:
    host_only = name.startswith("__Host-")
    paths = ("/",) if host_only else tuple(dict.fromkeys((cookie.path, "/")))
    domains = (None,) if host_only else tuple(dict.fromkeys((cookie.domain, None)))
    partitions = tuple(dict.fromkeys((cookie.partitioned, False)))
    secure = name.startswith(("__Host-", "__Secure-"))
    for path, domain, partitioned in product(paths, domains, partitions):
        yield Attributes(path=path, domain=domain, secure=secure or partitioned, partitioned=partitioned)
