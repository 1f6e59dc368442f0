"""The cookies of a site, as they are declared to its visitors: ours first, then the app's. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from footfall.consent.purposes import ANALYTICS, NECESSARY, Cookie
from footfall.consent.texts import Texts
from footfall.cookies import CookieNames
from footfall.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Declared:
    """One line of the declaration, in words."""

    name: str
    purpose: str  # its name, not its title
    description: str
    lifetime: str
    provider: str
    party: str


def declared(settings: Settings, words: Texts, *, secure: bool = True) -> list[Declared]:
    """Every cookie the site may set: what, why, how long and whose (CJEU C-673/17: lifetime and recipients).

    ``secure`` says whether the visitor came over HTTPS: our names differ.
    """
    names = CookieNames.of(settings.cookie_prefix, secure=secure)
    return [
        _own(words, names.visitor, ANALYTICS.name, settings.visitor_lifetime, words.cookie_visitor),
        _own(words, names.consent, NECESSARY.name, settings.consent_lifetime, words.cookie_consent),
        _own(words, names.session, NECESSARY.name, settings.session_absolute, words.cookie_session),
        _own(words, names.remember, NECESSARY.name, settings.remember_lifetime, words.cookie_remember),
        *(_app(words, cookie) for cookie in settings.cookies),
    ]


def for_purpose(cookies: Iterable[Declared], purpose: str) -> list[Declared]:
    return [cookie for cookie in cookies if cookie.purpose == purpose]


def _own(words: Texts, name: str, purpose: str, lifetime: timedelta, description: str) -> Declared:
    return Declared(
        name=name,
        purpose=purpose,
        description=description,
        lifetime=words.lifetime(lifetime),
        provider=words.this_site,
        party=words.first_party,
    )


def _app(words: Texts, cookie: Cookie) -> Declared:
    first = cookie.party == "first"
    return Declared(
        name=cookie.name,
        purpose=cookie.purpose,
        description=cookie.description or "–",
        lifetime=words.lifetime(cookie.lifetime),
        provider=cookie.provider or (words.this_site if first else "–"),
        party=words.first_party if first else words.third_party,
    )
