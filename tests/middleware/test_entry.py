"""Where a visit came from that begins with the notice's answer: the form brings what the page that asked knew."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from footfall.entry import Entry, entry_of
from tests.middleware.conftest import KEYS, MakeSite, Site, choose

SEARCH = "https://search.example/results?q=a+private+question#third"


async def page(request: Request) -> Response:
    return HTMLResponse("<body></body>")


ROUTES = [Route("/", page), Route("/books/{name}", page)]


def field(shown: Any) -> str:
    found = re.search(r'name="entry" value="([^"]*)"', shown.text)
    assert found is not None
    return html.unescape(found[1])


def arrive(site: Site, path: str = "/", referrer: str = SEARCH) -> tuple[TestClient, str]:
    browser = site.browser()
    return browser, field(browser.get(path, headers={"referer": referrer} if referrer else {}))


def origin(site: Site) -> tuple[str, str, str]:
    (event,) = site.events("consent")
    return event.referrer, event.query, event.props.get("entry", "")


def test_the_choice_that_begins_a_visit_says_where_the_visitor_came_from(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    browser, entry = arrive(site, "/books/dune?utm_source=news&utm_medium=email&page=2&gclid=Cj0K")
    choose(browser, "accept_all", entry=entry)
    assert origin(site) == (
        "https://search.example/results",
        "utm_source=news&utm_medium=email&gclid=1",
        "/books/dune",
    )
    (chosen,) = site.events("consent")
    assert chosen.visit_number == 1


def test_who_comes_from_nowhere_is_told_from_who_comes_from_the_site(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    assert arrive(site, referrer="https://site.example/books/dune")[1] == ""
    browser, entry = arrive(site, referrer="")
    choose(browser, "accept_all", entry=entry)
    assert origin(site) == ("", "", "/")


def test_a_refusal_keeps_nothing_of_it(make_site: MakeSite) -> None:
    """ePrivacy 2002/58 art. 5(3): without consent only the origin of a page is counted, and of nobody."""
    site = make_site(ROUTES)
    browser, entry = arrive(site)
    choose(browser, "reject_all", entry=entry)
    assert origin(site) == ("", "", "")


def test_a_visitor_who_is_known_already_has_come_before(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    browser, entry = arrive(site)
    choose(browser, "accept_all", entry=entry)
    choose(browser, "accept_all", entry=entry)
    assert ["entry" in event.props for event in site.events("consent")] == [True, False]


@pytest.mark.parametrize("seconds", [12 * 3600 + 1, -61], ids=["older than a form may be", "of the future"])
def test_an_old_entry_counts_for_nothing(make_site: MakeSite, seconds: float) -> None:
    site = make_site(ROUTES)
    browser, entry = arrive(site)
    site.clock.now += seconds
    choose(browser, "accept_all", entry=entry)
    assert "entry" not in site.events("consent")[0].props


@pytest.mark.parametrize("how", ["made up", "changed", "of another host", "binary", "too long"])
def test_a_forged_entry_counts_for_nothing(make_site: MakeSite, how: str) -> None:
    """ASVS 9.1.1: the signature is checked before anything is read."""
    site = make_site(ROUTES)
    browser, entry = arrive(site)
    of_other = field(site.browser("https://other.example").get("/", headers={"referer": SEARCH}))
    forged = {
        "made up": "at=1790000000&host=site.example&path=%2F&referrer=https%3A%2F%2Fbest.example%2F&query=.abc",
        "changed": entry.replace("search", "best00"),
        "of another host": of_other,
        "binary": "\x00\udcff"[:1] + entry,
        "too long": "a" * 9000,
    }[how]
    assert choose(browser, "accept_all", entry=forged).status_code == 303
    assert "entry" not in site.events("consent")[0].props


def test_no_referrer_is_too_long_for_a_form(make_site: MakeSite) -> None:
    """Bounded, and the signature whole, whatever arrives."""
    site = make_site(ROUTES)
    browser, entry = arrive(
        site, "/?" + "&".join(f"utm_{n}=%22%25{'€' * 90}" for n in range(40)), "https://a.example/" + "%25" * 5000
    )
    assert 100 < len(entry) < 3072
    choose(browser, "accept_all", entry=entry)
    assert origin(site)[0].startswith("https://a.example/")


@pytest.mark.parametrize(
    ("referrer", "kept"),
    [
        (
            "https://a.example/reset/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
            "https://a.example/reset/[secret]",
        ),
        ("https://ann:pw@a.example/x", "https://[secret]@a.example/x"),
        ("https://a.example/pay/4111111111111111", "https://a.example/pay/[billing]"),
        ("not a url", "not a url"),
    ],
)
def test_what_is_carried_is_scrubbed_before_it_is_in_the_page(referrer: str, kept: str) -> None:
    """ASVS 14.2.1: no secret, and no billing data, in what is kept of an address."""
    assert entry_of("site.example", "/", "", referrer) == Entry("/", kept)


def test_a_campaign_counts_though_the_link_was_on_the_site_itself() -> None:
    entry = entry_of("site.example", "/", "utm_source=poster&q=x", "https://site.example/")
    assert entry == Entry("/", "https://site.example/", "utm_source=poster")


def test_a_key_that_was_rotated_still_reads(make_site: MakeSite) -> None:
    _, entry = arrive(make_site(ROUTES))
    site = make_site(ROUTES, secret_keys=["zyxwvutsrqponmlkjihgfedcba9876543210", *KEYS])
    choose(site.browser(), "accept_all", entry=entry)
    assert origin(site)[0] == "https://search.example/results"
