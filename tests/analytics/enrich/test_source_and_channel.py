from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall_analytics.enrich.campaigns import CLICK_IDS, NO_CAMPAIGN, Utm
from footfall_analytics.enrich.hosts import place_of
from footfall_analytics.enrich.sources import Channel, Source, host_of, source_of

HOST = "library.example"


@pytest.mark.parametrize(
    ("referrer", "source", "channel"),
    [
        ("", "", "Direct"),
        ("-", "", "Direct"),
        ("not a url", "", "Direct"),
        ("https://library.example/books", "", "Internal"),
        ("https://www.library.example:8443/books", "", "Internal"),
        ("https://www.google.com/", "Google", "Organic Search"),
        ("https://www.google.co.uk/search", "Google", "Organic Search"),
        ("https://www.google.de/", "Google", "Organic Search"),
        ("android-app://com.google.android.googlequicksearchbox/", "Google", "Organic Search"),
        ("https://uk.search.yahoo.com/", "Yahoo!", "Organic Search"),
        ("https://yandex.ru/", "Yandex", "Organic Search"),
        ("https://search.somewhere.example/", "somewhere.example", "Organic Search"),
        ("https://m.facebook.com/", "Facebook", "Organic Social"),
        ("https://t.co/abc", "X", "Organic Social"),
        ("https://www.pinterest.fr/", "Pinterest", "Organic Social"),
        ("https://news.ycombinator.com/item", "Hacker News", "Organic Social"),
        ("https://mail.google.com/", "Gmail", "Email"),
        ("https://webmail.university.example/", "university.example", "Email"),
        ("https://chatgpt.com/", "ChatGPT", "AI Assistants"),
        ("https://gemini.google.com/", "Gemini", "AI Assistants"),
        ("https://googleads.g.doubleclick.net/", "Google Ads", "Display"),
        ("https://www.awin1.com/cread.php", "Awin", "Affiliates"),
        ("https://www.friend.example/links", "friend.example", "Referral"),
        ("https://en.wikipedia.org/wiki/Book", "Wikipedia", "Referral"),
        # a sign-in by way of Google is no search
        ("https://accounts.google.com/", "accounts.google.com", "Referral"),
        # names that only look like one we know
        ("https://google.com.evil.example/", "google.com.evil.example", "Referral"),
        ("https://notfacebook.com/", "notfacebook.com", "Referral"),
        ("https://netflix.com/", "netflix.com", "Referral"),
        ("https://facebook.com@evil.example/", "evil.example", "Referral"),
    ],
)
def test_source_and_channel_of_a_referrer(referrer: str, source: str, channel: str) -> None:
    found = source_of(referrer, HOST, NO_CAMPAIGN)
    assert (found.source, found.channel) == (source, channel)


@pytest.mark.parametrize(
    ("utm", "source", "channel"),
    [
        (Utm("google", "cpc"), "Google", "Paid Search"),
        (Utm("facebook", "cpc"), "Facebook", "Paid Social"),
        (Utm("fb", "paid"), "Facebook", "Paid Social"),
        (Utm("portal", "cpc"), "portal", "Paid Search"),
        (Utm("portal", "cpm"), "portal", "Display"),
        (Utm("portal", "banner"), "portal", "Display"),
        (Utm("july", "email"), "july", "Email"),
        (Utm("newsletter"), "newsletter", "Email"),
        (Utm("IG", "Social"), "Instagram", "Organic Social"),
        (Utm("partner7", "affiliate"), "partner7", "Affiliates"),
        (Utm("chatgpt.com"), "ChatGPT", "AI Assistants"),
        (Utm("friend.example"), "friend.example", "Referral"),
        (Utm("poster", "qr"), "poster", "Referral"),
    ],
)
def test_a_campaign_says_more_than_the_referrer(utm: Utm, source: str, channel: Channel) -> None:
    assert source_of("https://www.bing.com/", HOST, utm) == Source(source, channel, "www.bing.com")


def test_a_medium_without_a_source_names_the_channel_of_the_referrer() -> None:
    assert source_of("https://www.bing.com/", HOST, Utm(medium="cpc")) == Source("Bing", "Paid Search", "www.bing.com")


@pytest.mark.parametrize(
    ("click_id", "source", "channel"),
    [
        ("gclid", "Google", "Paid Search"),
        ("msclkid", "Bing", "Paid Search"),
        ("fbclid", "Facebook", "Paid Social"),
        ("dclid", "Google Ads", "Display"),
    ],
)
def test_an_advertisers_mark_is_paid(click_id: str, source: str, channel: Channel) -> None:
    assert source_of("", HOST, Utm(click_id=click_id)) == Source(source, channel, "")


def test_a_campaign_says_more_than_an_advertisers_mark() -> None:
    assert source_of("", HOST, Utm("facebook", "social", click_id="fbclid")).channel == "Organic Social"


@pytest.mark.parametrize("click_id", CLICK_IDS)
def test_each_mark_has_a_source(click_id: str) -> None:
    assert source_of("", HOST, Utm(click_id=click_id)).source


def test_the_host_of_a_referrer_is_kept_in_lower_case_without_port() -> None:
    assert source_of("https://Www.Friend.Example:444/x", HOST, NO_CAMPAIGN).referrer_host == "www.friend.example"


def test_a_step_inside_the_site_has_no_referrer_host() -> None:
    assert source_of("https://library.example/books", HOST, NO_CAMPAIGN).referrer_host == ""


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://[2001:db8::1]:8000/x", "[2001:db8::1]"),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva.example"),
        ("https://bücher.example/", "bücher.example"),
        ("https://example.org.", "example.org"),
        ("//example.org/", ""),
        ("https:///x", ""),
        ("javascript:alert(1)", ""),
        ("x" * 5000, ""),
    ],
)
def test_host_of_a_url(url: str, host: str) -> None:
    assert host_of(url) == host


def test_a_known_host_is_found_below_its_domain_only() -> None:
    assert place_of("a.b.reddit.com").name == "Reddit"
    assert place_of("reddit.com.example").kind == "site"


@given(st.text(max_size=200), st.text(max_size=50), st.text(max_size=50))
def test_no_referrer_raises(referrer: str, source: str, medium: str) -> None:
    assert source_of(f"https://{referrer}", HOST, Utm(source, medium)).channel
