"""Robots from people: the agents here are written for the test, in the shapes that real ones have."""

from __future__ import annotations

import pytest

from footfall_analytics.enrich.bots import DECLARED, EMPTY, HEADLESS, LIBRARY, LONGEST_AGENT, bot_name
from footfall_analytics.enrich.crawlers import AI_CRAWLERS, ai_crawler, operator_of

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
CHROME = f"{WINDOWS} Chrome/126.0.0.0 Safari/537.36"
PHONE = "Mozilla/5.0 (Linux; Android {}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/88.0 Mobile Safari/537.36"

PEOPLE = [
    CHROME,
    f"{CHROME} Edg/126.0.0.0",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/604.1",
    "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; .NET CLR 2.0.50727)",
    "Opera/9.80 (Windows NT 6.1; U; en) Presto/2.10.229 Version/11.62",
    "Lynx/2.8.9rel.1 libwww-FM/2.14",
    "Nokia210/2.0 (04.12) Profile/MIDP-2.1 Configuration/CLDC-1.1",
    "Mozilla/5.0 (PlayStation; PlayStation 5/2.26) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15",
    "Mozilla/5.0 (SMART-TV; Linux; Tizen 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/63.0 TV Safari/537.36",
]


@pytest.mark.parametrize("agent", PEOPLE)
def test_a_browser_is_a_person(agent: str) -> None:
    assert bot_name(agent) == ""


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot"),
        ("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "bingbot"),
        (
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
            "GPTBot",
        ),
        (f"{CHROME} (compatible; Claude-User/1.0; +claude@example.com)", "Claude-User"),
        ("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "facebookexternalhit"),
        ("Mozilla/5.0 (compatible; Kaupr/1.0)", "Kaupr"),
        ("Uptime-Kuma/1.23.11", "Uptime-Kuma"),
        (f"{CHROME} (watched from example.org)", DECLARED),
        ("Mozilla/5.0 (compatible; crawler; +https://example.org/about)", "crawler"),
    ],
)
def test_a_robot_is_called_by_its_own_name(agent: str, name: str) -> None:
    assert bot_name(agent) == name


@pytest.mark.parametrize("agent", ["", "-", "  "])
def test_no_agent_at_all_is_a_reason(agent: str) -> None:
    assert bot_name(agent) == EMPTY


@pytest.mark.parametrize(
    "agent",
    ["curl/8.5.0", "python-requests/2.31", "Go-http-client/2.0", "okhttp/4.9", "Wget/1.21", "axios/1.6", "Java/17.0.1"],
)
def test_a_program_that_names_its_library_is_an_http_library(agent: str) -> None:
    assert bot_name(agent) == LIBRARY


def test_a_browser_without_a_screen_is_headless() -> None:
    assert bot_name(f"{WINDOWS} HeadlessChrome/126.0.0.0 Safari/537.36") == HEADLESS


@pytest.mark.parametrize(
    "model", ["10; CUBOT J9", "6.0; POWER BOT Build/MRA58K", "8.1.0; XBot_Senior Build/O1", "7.0; M bot 51"]
)
def test_a_phone_whose_model_has_the_word_is_a_person(model: str) -> None:
    assert bot_name(PHONE.format(model)) == ""


def test_a_robot_that_names_itself_inside_the_phone_is_still_one() -> None:
    assert bot_name(PHONE.format("8.0; Pixel 2 Build/OPD3; Storebot-Google/1.0")) == "Storebot-Google"


def test_an_insertion_behind_like_gecko_is_no_browser() -> None:
    assert bot_name(
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko; Shopfinder9) Chrome/142.0 Safari/537.36"
    )


def test_what_has_no_shape_of_a_browser_is_a_program() -> None:
    assert bot_name("Magellan") == "Magellan"
    assert bot_name("Mozilla/5.0") == DECLARED


def test_facebooks_own_browser_is_a_person_whatever_the_network_is_called() -> None:
    agent = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 12_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/16A366"
    )
    assert bot_name(f"{agent} [FBAN/FBIOS;FBDV/iPhone11,6;FBCR/Vodafone.de;FBLC/de_DE]") == ""


def test_what_lies_behind_the_limit_is_not_read() -> None:
    assert bot_name(CHROME + " " * LONGEST_AGENT + "Googlebot/2.1") == ""


@pytest.mark.parametrize("name", sorted(AI_CRAWLERS))
def test_each_ai_crawler_is_named_as_its_operator_writes_it(name: str) -> None:
    assert bot_name(f"Mozilla/5.0 (compatible; {name}/1.0; +https://example.org)") == name
    assert operator_of(name)


def test_the_longer_of_two_names_wins() -> None:
    assert ai_crawler("Applebot-Extended/0.1") == "Applebot-Extended"
    assert ai_crawler("notGPTBotany") == ""
    assert operator_of("nobody") == ""
