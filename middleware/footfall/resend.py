"""A form whose session ended while it was filled in: offered once more, in the page that refuses it. Pure.

Nothing is stored: the fields travel to the browser that sent them and back. Only a form that surely comes from a page
of this site is offered, or another site could have the member send its own words. Passwords and billing data are
left out, files are not read, and neither is what is longer than a person types.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from footfall.forms import Pair, read_pairs
from footfall.guard.billing import find_in_mapping
from footfall.guard.billing.keys import Role, role, words
from footfall.hit import Hit
from footfall.paths import root_of
from footfall.sessions.origin import same_origin
from footfall.sessions.return_to import safe_return

LONGEST = 65_536  # bytes
_MOST_FIELDS = 256

_URL_ENCODED = b"application/x-www-form-urlencoded"
_PRIVATE_WORDS = frozenset("pass passwd pwd passcode passphrase pin otp totp tan secret iban".split())  # noqa: SIM905
_PRIVATE_PART = re.compile(r"passw(?:or[dt]|d)|kennwort|wachtwoord|contrase[nñ]a|haslo|hasło|heslo", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Resend:
    """``action``: where the form goes, a path of this site. ``left_out``: whether a field was kept back."""

    action: str
    fields: tuple[Pair, ...]
    left_out: bool


def may_be_offered(hit: Hit) -> bool:
    """Whether the request is a form of ours that a person sent."""
    headers = hit.arrival.headers
    if hit.scope["method"] != "POST" or headers.get(b"sec-fetch-site") == b"none":
        return False
    if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != _URL_ENCODED:
        return False
    return same_origin(headers, hit.scope.get("scheme", "http"), hit.arrival.host) is True


def resend_of(hit: Hit, body: bytes) -> Resend | None:
    """The form to offer; ``None`` where there is nothing, or nothing that may be shown."""
    action, pairs = safe_return(hit.address), read_pairs(body, most=_MOST_FIELDS)
    if action is None or not pairs:
        return None
    kept = tuple(pair for pair in pairs if not is_private(*pair))
    if not kept or find_in_mapping({f"{name}{number}": value for number, (name, value) in enumerate(kept)}):
        return None
    return Resend(action.removeprefix(root_of(hit.scope)), kept, left_out=len(kept) < len(pairs))


def is_private(name: str, value: str) -> bool:
    """Whether a field is never shown again: a password, a code, or anything about a card or an account."""
    if _PRIVATE_PART.search(name) or not _PRIVATE_WORDS.isdisjoint(words(name)):
        return True
    return role(name) is not Role.NONE or bool(find_in_mapping({name: value}))
