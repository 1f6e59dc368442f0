"""Known hosts: who they are, and what kind of place a visitor comes from.

A host is looked up whole first, then without its leftmost label, and so on: ``m.facebook.com`` is ``facebook.com``.
Those with a domain in every country (google.de, google.co.uk) are in ``_NATIONAL``. Apps that open a link name
themselves as ``android-app://com.example/``, so their package names are hosts too.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

Kind = Literal["search", "social", "email", "assistant", "display", "affiliate", "site"]


class Place(NamedTuple):
    """Where a link was followed."""

    name: str
    kind: Kind


UNKNOWN = Place("", "site")

_HOSTS: dict[Kind, dict[str, str]] = {
    "search": {
        "Google": "com.google.android.googlequicksearchbox",
        "Bing": "bing.com com.microsoft.bing",
        "DuckDuckGo": "duckduckgo.com com.duckduckgo.mobile.android",
        "Yahoo!": "search.yahoo.com search.yahoo.co.jp yahoo.com yahoo.co.jp",
        "Yandex": "ya.ru",
        "Baidu": "baidu.com",
        "Ecosia": "ecosia.org",
        "Qwant": "qwant.com",
        "Startpage": "startpage.com ixquick.com",
        "Brave": "search.brave.com",
        "Kagi": "kagi.com",
        "Mojeek": "mojeek.com mojeek.co.uk",
        "Swisscows": "swisscows.com",
        "MetaGer": "metager.de metager.org",
        "Naver": "search.naver.com",
        "Daum": "search.daum.net",
        "Seznam": "search.seznam.cz",
        "Sogou": "sogou.com",
        "360 Search": "so.com haosou.com",
        "Shenma": "sm.cn",
        "Ask": "ask.com",
        "AOL": "search.aol.com aol.com",
        "Petal Search": "petalsearch.com",
        "Presearch": "presearch.com presearch.org",
        "Cốc Cốc": "coccoc.com",
        "Lilo": "lilo.org",
        "Lycos": "lycos.com",
        "Dogpile": "dogpile.com",
        "WebCrawler": "webcrawler.com",
        "Marginalia": "marginalia-search.com marginalia.nu",
        "Stract": "stract.com",
        "Rambler": "nova.rambler.ru",
        "Mail.ru": "go.mail.ru",
        "GMX": "suche.gmx.net",
        "WEB.DE": "suche.web.de",
        "T-Online": "suche.t-online.de",
    },
    "social": {
        "Facebook": "facebook.com fb.com fb.me com.facebook.katana",
        "Instagram": "instagram.com com.instagram.android",
        "Threads": "threads.net threads.com",
        "X": "twitter.com x.com t.co com.twitter.android",
        "LinkedIn": "linkedin.com lnkd.in com.linkedin.android",
        "Pinterest": "pin.it com.pinterest",
        "Reddit": "reddit.com redd.it com.reddit.frontpage",
        "TikTok": "tiktok.com com.zhiliaoapp.musically",
        "YouTube": "youtube.com youtu.be com.google.android.youtube",
        "Bluesky": "bsky.app bsky.social",
        "Mastodon": "mastodon.social mastodon.online mastodon.world mstdn.social mas.to fosstodon.org hachyderm.io",
        "Hacker News": "news.ycombinator.com",
        "Lobsters": "lobste.rs",
        "Telegram": "t.me telegram.org telegram.me org.telegram.messenger",
        "WhatsApp": "whatsapp.com wa.me com.whatsapp",
        "Discord": "discord.com discordapp.com com.discord",
        "Snapchat": "snapchat.com com.snapchat.android",
        "Quora": "quora.com",
        "Tumblr": "tumblr.com",
        "VK": "vk.com vk.ru com.vkontakte.android",
        "OK": "ok.ru",
        "Weibo": "weibo.com weibo.cn",
        "WeChat": "weixin.qq.com",
        "Zhihu": "zhihu.com",
        "Douban": "douban.com",
        "XING": "xing.com",
        "Twitch": "twitch.tv",
        "Nextdoor": "nextdoor.com",
        "LINE": "line.me jp.naver.line.android",
        "Lemmy": "lemmy.world lemmy.ml",
    },
    "email": {
        "Gmail": "mail.google.com com.google.android.gm inbox.google.com",
        "Outlook": "outlook.live.com outlook.office.com outlook.office365.com com.microsoft.office.outlook",
        "Yahoo! Mail": "mail.yahoo.com mail.yahoo.co.jp com.yahoo.mobile.client.android.mail",
        "Proton Mail": "mail.proton.me mail.protonmail.com",
        "iCloud Mail": "icloud.com",
        "Fastmail": "fastmail.com",
        "Mail.ru Mail": "e.mail.ru touch.mail.ru",
        "Yandex Mail": "mail.yandex.ru mail.yandex.com",
        "GMX Mail": "navigator.gmx.net bap.navigator.gmx.net deref-gmx.net",
        "WEB.DE Mail": "navigator.web.de deref-web.de deref-web-02.de",
        "Naver Mail": "mail.naver.com",
        "QQ Mail": "mail.qq.com",
        "Seznam Mail": "email.seznam.cz",
        "Mailchimp": "list-manage.com campaign-archive.com",
    },
    "assistant": {
        "ChatGPT": "chatgpt.com chat.openai.com com.openai.chatgpt",
        "Perplexity": "perplexity.ai ai.perplexity.app.android",
        "Claude": "claude.ai claude.com com.anthropic.claude",
        "Gemini": "gemini.google.com bard.google.com com.google.android.apps.bard",
        "NotebookLM": "notebooklm.google.com notebooklm.google",
        "Copilot": "copilot.microsoft.com copilot.com m365.cloud.microsoft com.microsoft.copilot",
        "DeepSeek": "deepseek.com",
        "Grok": "grok.com grok.x.com x.ai",
        "Le Chat": "chat.mistral.ai mistral.ai",
        "Meta AI": "meta.ai",
        "Qwen": "chat.qwen.ai qwen.ai",
        "Kimi": "kimi.com kimi.moonshot.cn",
        "Doubao": "doubao.com",
        "You.com": "you.com",
        "Phind": "phind.com",
        "Poe": "poe.com",
        "Pi": "pi.ai",
        "Duck.ai": "duck.ai",
        "HuggingChat": "huggingface.co",
        "iAsk": "iask.ai",
        "Andi": "andisearch.com",
        "Felo": "felo.ai",
        "Genspark": "genspark.ai",
        "Manus": "manus.im",
        "Lumo": "lumo.proton.me",
    },
    "display": {
        "Google Ads": "doubleclick.net googlesyndication.com googleadservices.com",
        "Taboola": "taboola.com",
        "Outbrain": "outbrain.com",
        "Criteo": "criteo.com criteo.net",
    },
    "affiliate": {
        "Awin": "awin1.com awin.com zenaps.com",
        "ShareASale": "shareasale.com",
        "CJ": "anrdoezrs.net dpbolvw.net jdoqocy.com tkqlhce.com kqzyfj.com",
        "Rakuten Advertising": "linksynergy.com",
        "Skimlinks": "skimresources.com",
        "Sovrn": "viglink.com",
        "Partnerize": "prf.hn",
        "Tradedoubler": "tradedoubler.com",
        "Webgains": "webgains.com",
        "Admitad": "admitad.com",
    },
    "site": {
        "Google News": "news.google.com",
        "Google Docs": "docs.google.com",
        "Google Translate": "translate.google.com translate.goog",
        "Google Groups": "groups.google.com",
        "Google Maps": "maps.google.com",
        "Google Discover": "discover.google.com",
        "Google Sites": "sites.google.com",
        "Google Classroom": "classroom.google.com",
        "Google Scholar": "scholar.google.com",
        "Wikipedia": "wikipedia.org",
        "GitHub": "github.com",
        "Slack": "slack.com com.slack",
        "Microsoft Teams": "teams.microsoft.com teams.cloud.microsoft statics.teams.cdn.office.net",
    },
}

_BY_HOST: dict[str, Place] = {
    host: Place(name, kind)
    for kind, places in _HOSTS.items()
    for name, hosts in places.items()
    for host in hosts.split()
}
_BY_NAME: dict[str, Place] = {name.lower(): Place(name, kind) for kind, places in _HOSTS.items() for name in places} | {
    # what people write into utm_source
    "fb": Place("Facebook", "social"),
    "ig": Place("Instagram", "social"),
    "insta": Place("Instagram", "social"),
    "twitter": Place("X", "social"),
    "yt": Place("YouTube", "social"),
    "hackernews": Place("Hacker News", "social"),
    "yahoo": Place("Yahoo!", "search"),
    "adwords": Place("Google Ads", "search"),
    "googleads": Place("Google Ads", "search"),
    "openai": Place("ChatGPT", "assistant"),
    "newsletter": Place("newsletter", "email"),
    "email": Place("email", "email"),
}
# Of Google's other hosts (accounts, docs, cloud …) nobody comes by a search.
_NATIONAL = re.compile(
    r"(?:^(?:(?:m|images|encrypted|cse|lens)\.)?|(?<=\.)(?!google))(google|yandex|pinterest)\.(?:[a-z]{2}|com|com?\.[a-z]{2})$"
)
_NATIONAL_PLACES = {
    "google": Place("Google", "search"),
    "yandex": Place("Yandex", "search"),
    "pinterest": Place("Pinterest", "social"),
}
# Services that many providers run under these names.
_BY_FIRST_LABEL: dict[str, Kind] = {
    "mail": "email",
    "webmail": "email",
    "email": "email",
    "roundcube": "email",
    "search": "search",
    "suche": "search",
}


@lru_cache(maxsize=8192)
def place_of(host: str) -> Place:
    """What a host is known as: by its name, its domain or, for mail and search, its first label. A host that
    nobody knows is a site under its own name, without "www."."""
    host = host.removeprefix("www.")
    rest = host
    while rest:
        if place := _BY_HOST.get(rest):
            return place
        rest = rest.partition(".")[2]
    if national := _NATIONAL.search(host):
        return _NATIONAL_PLACES[national[1]]
    first, _, domain = host.partition(".")
    return Place(domain, _BY_FIRST_LABEL[first]) if first in _BY_FIRST_LABEL and "." in domain else Place(host, "site")


def place_named(name: str) -> Place:
    """What somebody means who calls a source by that name, or by its host: ``fb``, ``Google``, ``chatgpt.com``."""
    lowered = name.strip().lower()
    if place := _BY_NAME.get(lowered):
        return place
    known = place_of(lowered) if "." in lowered else UNKNOWN
    return known if known.name not in ("", lowered) else Place(name, "site")
