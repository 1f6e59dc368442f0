from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall_analytics.enrich.agents import Agent, parse
from footfall_analytics.enrich.bots import LONGEST_AGENT, bot_name

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.1.2 Safari/537.36"
)


def test_browser_system_and_device_of_a_computer() -> None:
    assert parse(CHROME) == Agent("Chrome", "126.0.1", "Windows", "10", "desktop")


def test_families_leave_the_versions_out() -> None:
    assert parse(CHROME).families() == Agent("Chrome", "", "Windows", "", "desktop")


SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0"
BLINK = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0"


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) {SAFARI} Mobile/15E148 Safari/604.1", "mobile"),
        (f"Mozilla/5.0 (Linux; Android 14; Pixel 8) {BLINK} Mobile Safari/537.36", "mobile"),
        (f"Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) {SAFARI} Mobile/15E148 Safari/604.1", "tablet"),
        (f"Mozilla/5.0 (Linux; Android 13; SM-X200) {BLINK} Safari/537.36", "tablet"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "desktop"),
        ("Mozilla/5.0 (X11; FreeBSD amd64; rv:127.0) Gecko/20100101 Firefox/127.0", "desktop"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {SAFARI} Safari/605.1.15", "desktop"),
        (f"Mozilla/5.0 (Web0S; Linux/SmartTV) {BLINK} Safari/537.36", "tv"),
        (f"Mozilla/5.0 (SMART-TV; Linux; Tizen 5.0) {BLINK} TV Safari/537.36", "tv"),
        (f"Mozilla/5.0 (PlayStation; PlayStation 5/2.26) {SAFARI} Safari/605.1.15", "console"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) {BLINK} Safari/537.36 Edge/44.18363", "console"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "bot"),
        (f"Mozilla/5.0 (Astro;AS620SM;2.2) {SAFARI} Safari/605.1.15", "other"),
        ("", "bot"),
    ],
)
def test_kind_of_device(agent: str, device: str) -> None:
    assert parse(agent).device == device


def test_no_agent_has_no_browser() -> None:
    assert parse("-") == Agent(device="bot")


def test_what_lies_behind_the_limit_is_not_read() -> None:
    assert parse("a" * LONGEST_AGENT + CHROME) == parse("a" * LONGEST_AGENT)


@given(st.text(max_size=200))
def test_no_agent_raises(agent: str) -> None:
    assert (parse(agent).device == "bot") == bool(bot_name(agent))
