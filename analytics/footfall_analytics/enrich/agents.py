"""Browser, operating system and kind of device, from the user agent.

Reading one agent costs most of a millisecond, and few distinct ones make up all traffic: so they are remembered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from user_agents import parse as parse_user_agent
from user_agents.parsers import UserAgent

from footfall_analytics.enrich.bots import LONGEST_AGENT, bot_name

Device = Literal["desktop", "mobile", "tablet", "tv", "console", "bot", "other"]


@dataclass(frozen=True, slots=True)
class Agent:
    """What a user agent says. Unknown parts are ""."""

    browser: str = ""
    browser_version: str = ""  # as the agent gives it, three numbers at most: "126.0.0"
    os: str = ""
    os_version: str = ""
    device: Device = "other"

    def families(self) -> Agent:
        """The same without versions, for rows that must not help to tell one person from another."""
        return replace(self, browser_version="", os_version="")


def parse(user_agent: str) -> Agent:
    """Read a user agent; only its first 1,024 characters. Never raises: what is not understood is ``other``."""
    return _parse(user_agent[:LONGEST_AGENT])


@lru_cache(maxsize=8192)
def _parse(user_agent: str) -> Agent:
    if not user_agent.strip(" -"):
        return Agent(device="bot" if bot_name(user_agent) else "other")
    found = parse_user_agent(user_agent)
    return Agent(
        browser=_known(found.browser.family),
        browser_version=found.browser.version_string,
        os=_known(found.os.family),
        os_version=found.os.version_string,
        device=_device(user_agent, found),
    )


def _known(family: str | None) -> str:
    return "" if not family or family == "Other" else family


# The library knows phones, tablets and computers; boxes in the living room it takes for computers or for nothing.
_CONSOLE = re.compile(r"playstation|nintendo|xbox", re.IGNORECASE)
_TELEVISION = re.compile(
    r"hbbtv|smart-?tv|googletv|android ?tv|apple ?tv|\bTV\b|web0s|netcast|\bviera|bravia|\baft[a-z]{1,5}\b|roku|crkey"
    r"|\bdtv|nettv|tizen.*\btv",
    re.IGNORECASE,
)


def _device(user_agent: str, found: UserAgent) -> Device:
    if bot_name(user_agent):
        return "bot"
    if _CONSOLE.search(user_agent):
        return "console"
    if _TELEVISION.search(user_agent):
        return "tv"
    if found.is_tablet:
        return "tablet"
    if found.is_mobile:
        return "mobile"
    return "desktop" if found.is_pc or found.os.family == "Linux" or "X11" in user_agent else "other"
