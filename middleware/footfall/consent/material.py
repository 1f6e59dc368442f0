"""What is material: what a visitor agreed to when they granted a purpose, in a few characters. Pure.

Material is whether the purpose is sold or shared, how long its longest-lived cookie lasts (in six classes), who
receives its data (its third-party services, and the providers of other third-party cookies) and the kinds of use
that the settings state. Wording is not: titles, descriptions, a provider's spelling, what cookies are called.

The code says it element by element, so that what was agreed to can be compared with what is: a grant for more
recipients or longer times covers one for fewer and shorter, and then nobody is asked again.
"""

from __future__ import annotations

import base64
import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from footfall.consent.purposes import ANALYTICS, NECESSARY, Cookie, Purpose
from footfall.consent.services import Service
from footfall.cookies import LONGEST_LIFETIME

#: The classes of lifetimes, by the longest time of each: until the browser closes, a day, a month, half a year,
#: thirteen months, and the 400 days that browsers keep a cookie at most.
CLASSES = tuple(timedelta(days=days) for days in (0, 1, 31, 184, 396, 400))

_ELEMENT = 4  # characters, of five bits each
_SOLD, _KEPT = "s", "k"


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """What is material of one purpose, or of one service alone."""

    sold: bool
    lifetime: timedelta
    recipients: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()

    @property
    def code(self) -> str:
        """The class of lifetime, ``s`` where sold or shared, and a short digest of each recipient and use."""
        stated = [("to", one) for one in self.recipients] + [("for", one) for one in self.uses]
        elements = sorted({_digest(kind, one) for kind, one in stated})
        return f"{bisect_left(CLASSES, self.lifetime)}{_SOLD if self.sold else _KEPT}{''.join(elements)}"


def covers(agreed: str, now: str) -> bool:
    """Whether who agreed to the one has agreed to the other."""
    wider_in_time, wider_in_kind = agreed[:1] >= now[:1], agreed[1:2] == _SOLD or now[1:2] == _KEPT
    return wider_in_time and wider_in_kind and _elements(now) <= _elements(agreed)


def materials(
    purposes: Mapping[str, Purpose], services: Iterable[Service], cookies: Iterable[Cookie], visitor_lifetime: timedelta
) -> dict[str, str]:
    """The code of each optional purpose and of each of its services, by name.

    ``visitor_lifetime`` is how long our own identifier lives, which is analytics.
    """
    services, cookies = tuple(services), tuple(cookies)
    optional = {name: purpose for name, purpose in purposes.items() if name != NECESSARY.name}
    choosable = [service for service in services if service.purpose in optional]
    codes = {service.name: _alone(service, optional[service.purpose], cookies).code for service in choosable}
    for name, purpose in optional.items():
        own = [visitor_lifetime] if name == ANALYTICS.name else []
        codes[name] = _whole(purpose, services, cookies, own).code
    return codes


def _whole(
    purpose: Purpose, services: tuple[Service, ...], cookies: tuple[Cookie, ...], own: list[timedelta]
) -> Material:
    serving = [cookie for cookie in cookies if cookie.purpose == purpose.name]
    third = (service.name for service in services if service.purpose == purpose.name and service.party == "third")
    others = (_plain(cookie.provider or cookie.name) for cookie in serving if _is_third(cookie))
    return Material(
        sold=purpose.sale_or_share,
        lifetime=max(own + _lifetimes(serving)),
        recipients=frozenset((*third, *others)),
        uses=frozenset(purpose.uses),
    )


def _alone(service: Service, purpose: Purpose, cookies: tuple[Cookie, ...]) -> Material:
    return Material(
        sold=purpose.sale_or_share,
        lifetime=max(_lifetimes(cookie for cookie in cookies if cookie.service == service.name)),
        recipients=frozenset((service.name,)) if service.party == "third" else frozenset(),
        uses=frozenset((*purpose.uses, f"purpose {purpose.name}")),
    )


def _is_third(cookie: Cookie) -> bool:
    return cookie.party == "third" and not cookie.service


def _lifetimes(cookies: Iterable[Cookie]) -> list[timedelta]:
    """A cookie that states no lifetime may live as long as any."""
    return [timedelta(0), *(LONGEST_LIFETIME if one.lifetime is None else one.lifetime for one in cookies)]


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _digest(kind: str, name: str) -> str:
    digest = hashlib.sha256(f"{kind} {name}".encode()).digest()
    return base64.b32encode(digest)[:_ELEMENT].decode().lower()


def _elements(code: str) -> frozenset[str]:
    return frozenset(code[at : at + _ELEMENT] for at in range(2, len(code), _ELEMENT))
