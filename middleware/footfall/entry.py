"""The entry: how a visitor came to the page that asks, carried in the notice's form until they answer.

A visit that begins with an agreement begins with a form of the site's own, whose ``Referer`` says nothing of where the
visitor came from. So the form brings what the page knew: the referrer without its query, and the campaign. Nothing
of it is stored before the answer (ePrivacy 2002/58 art. 5(3)): it is in the page, and the page is the visitor's.
It is signed, so that nobody can make up a source, and counts for as long as the form does.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from footfall.guard.secrets import scrub_path, scrub_query, scrub_url
from footfall.sessions.origin import FORM_LIFETIME
from footfall.signing import Keyring

_LONGEST_REFERRER = 300
_LONGEST_CAMPAIGN = 400
_LONGEST_PATH = 128

#: What an advertiser's link is told by. The value, which tells one click from another, is not kept.
_CLICK_IDS = frozenset(
    ("gclid", "gbraid", "wbraid", "dclid", "msclkid", "fbclid", "ttclid", "twclid", "li_fat_id", "yclid")
)


class Entry(NamedTuple):
    """How the page that asks was come to, as it may be kept of a visitor who agrees."""

    path: str  # of that page
    referrer: str = ""  # scrubbed, without query and fragment; "" for none
    query: str = ""  # the campaign's parameters alone


def entry_of(host: str, path: str, query: str, referrer: str) -> Entry | None:
    """The entry of a page on ``host``, or ``None`` where a link of the site itself led to it. Pure."""
    campaign = "&".join(filter(None, map(_of_campaign, query.split("&"))))[:_LONGEST_CAMPAIGN]
    if not campaign and _host_of(referrer) == host.lower():
        return None
    bare = referrer.partition("#")[0].partition("?")[0]
    return Entry(
        path=scrub_path(path[:_LONGEST_PATH]),
        referrer=scrub_url(bare[:_LONGEST_REFERRER]),
        query=scrub_query(campaign),
    )


def _of_campaign(parameter: str) -> str:
    name, _, value = parameter.partition("=")
    if name.lower().startswith("utm_"):
        return parameter
    return f"{name}=1" if value and name.lower() in _CLICK_IDS else ""


def _host_of(url: str) -> str:
    _, slashes, rest = url.partition("://")
    return rest.split("/", 1)[0].lower() if slashes else ""


class Entries:
    """Signs entries for forms, and reads them from the answers."""

    def __init__(self, keyring: Keyring) -> None:
        self._signer = keyring.signer("entry", _read)

    def sign(self, entry: Entry, host: str, now: float) -> str:
        """The value of the form's field: letters, digits and what a form may hold; below 3,072 characters."""
        return self._signer.sign(urlencode({"at": int(now), "host": host.lower(), **entry._asdict()}))

    def read(self, value: str, host: str, now: float) -> Entry | None:
        """The entry, or ``None`` for what is forged, of another host or older than a form may be."""
        signed = self._signer.verify(value) if value else None
        if signed is None or signed[1] != host.lower():
            return None
        return signed[2] if -60 <= now - signed[0] <= FORM_LIFETIME.total_seconds() else None


def _read(content: str) -> tuple[int, str, Entry]:
    said = dict(parse_qsl(content, keep_blank_values=True))
    return int(said["at"]), said["host"], Entry(said["path"], said["referrer"], said["query"])
