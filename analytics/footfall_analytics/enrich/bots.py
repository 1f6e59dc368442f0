"""Robots, told from people by the user agent alone.

Two questions, in this order. *Does it say so?* A robot's word (bot, crawler, monitor, preview …), a headless
browser, the address of its operator, or an insertion where browsers have none. *Does it look like a browser?*
Browsers introduce themselves as ``Mozilla/n.n (platform) engine``; the few that do not (old phones, televisions,
text browsers) are known. What fits neither shape is a program. The words are in ``bot_patterns.py``.

Who imitates a browser perfectly is taken for one: this counts declared robots, it is no defence.
"""

from __future__ import annotations

from functools import lru_cache

from footfall_analytics.enrich import bot_patterns as patterns
from footfall_analytics.enrich.crawlers import ai_crawler

EMPTY = "empty agent"
DECLARED = "declared bot"
LIBRARY = "http library"
HEADLESS = "headless browser"

#: What lies behind is not read: browsers are shorter, and work stays bounded.
LONGEST_AGENT = 1024


def bot_name(user_agent: str) -> str:
    """The robot's name ("Googlebot", "GPTBot"), or the reason why it is one where it has no name of its own:
    "declared bot", "http library", "headless browser", "empty agent". "" for a person. Never raises."""
    return _bot_name(user_agent[:LONGEST_AGENT])


@lru_cache(maxsize=8192)
def _bot_name(user_agent: str) -> str:
    agent = user_agent.strip()
    if agent in ("", "-"):
        return EMPTY
    text = patterns.IN_APP.sub("", patterns.ANDROID_MODEL.sub(r"\1", agent))
    return ai_crawler(text) or _declared(text) or _shapeless(agent)


def _declared(text: str) -> str:
    """A name for what says that it is a robot, "" for what does not."""
    if patterns.HEADLESS.search(text):
        return _robot_token(text) or HEADLESS
    if patterns.WORD.search(text):
        return _robot_token(text) or _own_name(text)
    if patterns.ADDRESS.search(text) or patterns.INSERTION.search(text):
        return _own_name(text)
    return ""


def _shapeless(agent: str) -> str:
    """A name for what does not look like a browser, "" for what does."""
    browser = patterns.ENGINE if "mozilla" in agent.lower() else patterns.OTHER_BROWSER
    return "" if browser.search(agent) or patterns.DEVICE.search(agent) else _own_name(agent)


def _robot_token(text: str) -> str:
    """The product whose name holds a robot's word: ``Mozilla/5.0 (compatible; Googlebot/2.1; …)`` → Googlebot."""
    found = patterns.ROBOT_TOKEN.search(text)
    return found[0].strip("-_.") if found and found[0].lower() not in patterns.PLAIN_WORDS else ""


def _own_name(text: str) -> str:
    if patterns.LIBRARY.search(text):
        return LIBRARY
    found = patterns.COMPATIBLE.search(text) or patterns.FIRST_PRODUCT.match(text)
    return found[1] if found else DECLARED
