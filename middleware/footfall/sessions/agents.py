"""A user agent in words that people know: "Firefox", "Windows". Pure.

Reading one costs most of a millisecond, so only the page that shows a member's devices does it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from user_agents import parse

_LONGEST = 512

#: The library's names where people say another one.
_BROWSERS = {
    "Mobile Safari": "Safari",
    "Mobile Safari UI/WKWebView": "Safari",
    "Chrome Mobile": "Chrome",
    "Chrome Mobile iOS": "Chrome",
    "Chrome Mobile WebView": "Chrome",
    "HeadlessChrome": "Chrome",
    "Firefox Mobile": "Firefox",
    "Firefox iOS": "Firefox",
    "Edge Mobile": "Edge",
    "Opera Mobile": "Opera",
    "IE": "Internet Explorer",
}
_SYSTEMS = {"Mac OS X": "macOS", "Chrome OS": "ChromeOS", "Ubuntu": "Linux", "Fedora": "Linux", "Debian": "Linux"}


class Software(NamedTuple):
    """What a browser says it is, and on what it runs; "" where it cannot be told."""

    browser: str
    system: str


@lru_cache(maxsize=1024)
def software(user_agent: str) -> Software:
    """Read the first half kilobyte of a user agent. Never raises."""
    if not user_agent.strip():
        return Software("", "")
    found = parse(user_agent[:_LONGEST])
    return Software(_said(found.browser.family, _BROWSERS), _said(found.os.family, _SYSTEMS))


def _said(family: str | None, names: dict[str, str]) -> str:
    return "" if not family or family == "Other" else names.get(family, family)
