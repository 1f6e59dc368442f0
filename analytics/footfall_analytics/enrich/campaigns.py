"""The campaign that brought a visitor: the ``utm_`` parameters, and the marks that advertisers' links carry.

Of a click identifier only the parameter's name is kept: it tells who was paid; its value would tell which person
clicked.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import unquote_plus

_LONGEST_QUERY = 4096
_LONGEST_VALUE = 128
_MOST_PAIRS = 100

#: The parameters that ad networks put into their links.
CLICK_IDS = ("gclid", "gbraid", "wbraid", "dclid", "msclkid", "fbclid", "ttclid", "twclid", "li_fat_id", "yclid")


class Utm(NamedTuple):
    """A campaign; "" where the link names none."""

    source: str = ""
    medium: str = ""
    campaign: str = ""
    term: str = ""
    content: str = ""
    click_id: str = ""  # the name of the parameter, "gclid", never its value


NO_CAMPAIGN = Utm()

_FIELDS = {f"utm_{name}": name for name in Utm._fields[:5]}
_MARKS = ("utm_", *CLICK_IDS)


def campaign_of(query: str) -> Utm:
    """The campaign in a query string (without its "?"). Reads 4,096 characters, 100 parameters, and 128 characters
    of a value; of a parameter given twice the first that says something counts. Never raises."""
    query = query[:_LONGEST_QUERY]
    lowered = query.lower()
    if not any(mark in lowered for mark in _MARKS):
        return NO_CAMPAIGN
    found: dict[str, str] = {}
    for pair in query.split("&", _MOST_PAIRS)[:_MOST_PAIRS]:
        name, _, value = pair.partition("=")
        name = name.lower()
        if field := _FIELDS.get(name):
            found[field] = found.get(field) or _text(value)
        elif name in CLICK_IDS and value:
            found.setdefault("click_id", name)
    return Utm(**found)


def _text(value: str) -> str:
    decoded = unquote_plus(value[: _LONGEST_VALUE * 9], errors="replace")
    return "".join(character for character in decoded if character.isprintable()).strip()[:_LONGEST_VALUE]
