"""Where a visitor came from: the source by name, and the channel that analysts group sources by.

In this order: what the link says of itself (``utm_``), an advertiser's mark on it, the page that the link was on.
A referrer of the same host is a step inside the site and has no source. Channels and their rules follow the default
channel groups that analysts know from other tools, with assistants as a channel of their own.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from footfall_analytics.enrich.campaigns import Utm
from footfall_analytics.enrich.hosts import Kind, Place, place_named, place_of

Channel = Literal[
    "Direct",
    "Organic Search",
    "Organic Social",
    "Referral",
    "Email",
    "Paid Search",
    "Paid Social",
    "Display",
    "Affiliates",
    "AI Assistants",
    "Internal",
]


class Source(NamedTuple):
    """Where a visit came from. ``source`` and ``referrer_host`` are "" for direct and internal."""

    source: str
    channel: Channel
    referrer_host: str


_UNPAID: dict[Kind, Channel] = {
    "search": "Organic Search",
    "social": "Organic Social",
    "email": "Email",
    "assistant": "AI Assistants",
    "display": "Display",
    "affiliate": "Affiliates",
    "site": "Referral",
}
_PAID: dict[Kind, Channel] = {"search": "Paid Search", "social": "Paid Social"}

# Who is paid by a link with that mark, and how it counts.
_CLICKS: dict[str, tuple[str, Channel]] = {
    "gclid": ("Google", "Paid Search"),
    "gbraid": ("Google", "Paid Search"),
    "wbraid": ("Google", "Paid Search"),
    "dclid": ("Google Ads", "Display"),
    "msclkid": ("Bing", "Paid Search"),
    "yclid": ("Yandex", "Paid Search"),
    "fbclid": ("Facebook", "Paid Social"),
    "ttclid": ("TikTok", "Paid Social"),
    "twclid": ("X", "Paid Social"),
    "li_fat_id": ("LinkedIn", "Paid Social"),
}

_MEDIA: dict[str, Channel] = {
    **dict.fromkeys(("display", "banner", "interstitial", "expandable"), "Display"),
    **dict.fromkeys(("affiliate", "affiliates"), "Affiliates"),
    **dict.fromkeys(("email", "e-mail", "e_mail", "mail", "newsletter"), "Email"),
    **dict.fromkeys(
        ("social", "social-network", "social-media", "social_network", "social_media", "sm"), "Organic Social"
    ),
    **dict.fromkeys(("ai", "llm", "ai-assistant", "assistant"), "AI Assistants"),
    "organic": "Organic Search",
    "paidsearch": "Paid Search",
    "paid-search": "Paid Search",
    "paid_search": "Paid Search",
    "paidsocial": "Paid Social",
    "paid-social": "Paid Social",
    "paid_social": "Paid Social",
}
_PAID_MEDIUM = re.compile(r"cp[acmv]|.?ppc|retargeting|paid.*|ads?")
_HOST = re.compile(
    r"[a-z][a-z0-9+.-]{0,20}://(?:[^/?#@]{0,200}@)?([^/?#:@\[\]]{1,253}|\[[0-9a-f:.]{2,45}\])(?=[:/?#]|$)", re.I
)


@lru_cache(maxsize=16_384)
def source_of(referrer: str, host: str, utm: Utm) -> Source:
    """The source and channel of a request that came to ``host`` with that ``Referer`` and campaign. Never raises:
    a referrer that is no URL counts as none."""
    referrer_host = host_of(referrer)
    if utm.source or utm.medium:
        place = place_named(utm.source) if utm.source else place_of(referrer_host)
        return Source(place.name, _campaign_channel(utm.medium, place), referrer_host)
    if utm.click_id in _CLICKS:
        return Source(*_CLICKS[utm.click_id], referrer_host)
    if not referrer_host:
        return Source("", "Direct", "")
    if _same_site(referrer_host, host):
        return Source("", "Internal", "")
    place = place_of(referrer_host)
    return Source(place.name, _UNPAID[place.kind], referrer_host)


def host_of(url: str) -> str:
    """The host of an absolute URL in lower case, without port; "" for what is no absolute URL."""
    found = _HOST.match(url)
    return found[1].lower().rstrip(".") if found else ""


def _same_site(referrer_host: str, host: str) -> bool:
    own = host_of(f"http://{host}")
    return referrer_host.removeprefix("www.") == own.removeprefix("www.")


def _campaign_channel(medium: str, place: Place) -> Channel:
    medium = medium.strip().lower().replace(" ", "-")
    if channel := _MEDIA.get(medium):
        return channel
    if _PAID_MEDIUM.fullmatch(medium):
        return _PAID.get(place.kind) or ("Paid Search" if medium in ("cpc", "ppc") else "Display")
    return _UNPAID[place.kind]
