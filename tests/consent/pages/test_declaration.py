"""``/privacy/cookies``: generated from the settings, so it cannot forget one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from page_html import elements, only

from footfall.consent.declaration import declared
from footfall.consent.pages import PrivacyPage
from footfall.consent.purposes import Cookie
from footfall.consent.texts import catalogue
from footfall.settings import Settings

MakeSettings = Any


def rows(html: str) -> list[list[str]]:
    names, cells = elements(html, "th", scope="row"), elements(html, "td")
    width = len(cells) // len(names)
    return [[name.text, *(cell.text for cell in cells[i * width : (i + 1) * width])] for i, name in enumerate(names)]


def test_every_cookie_is_listed_ours_first(settings: Settings) -> None:
    """CJEU C-673/17: lifetime and recipients are told before consent."""
    visitor = "Your visitor number: recognises this browser when you come back."
    remember = "Signs you in again if you asked to be remembered."
    assert rows(PrivacyPage(settings).declaration("en")) == [
        ["__Host-footfall-visitor", "Statistics", visitor, "395 days", "This site", "First party"],
        [
            "__Host-footfall-consent",
            "Necessary",
            "Remembers what you chose here.",
            "182 days",
            "This site",
            "First party",
        ],
        [
            "__Host-footfall-session",
            "Necessary",
            "Keeps you signed in while you use the site.",
            "24 hours",
            "This site",
            "First party",
        ],
        ["__Host-footfall-remember", "Necessary", remember, "30 days", "This site", "First party"],
        ["theme", "Preferences", "Light or dark", "90 days", "This site", "First party"],
        ["_ad_*", "Marketing", "Which letter", "Until you close the browser", "Postbox Ltd", "Third party"],
    ]


def test_lifetimes_and_names_follow_the_settings(make_settings: MakeSettings) -> None:
    settings = make_settings(
        cookie_prefix="house",
        visitor_lifetime=timedelta(days=100),
        consent_lifetime=timedelta(days=90),
        session_absolute=timedelta(minutes=90),
        remember_lifetime=timedelta(days=7),
    )
    found = [(one.name, one.lifetime) for one in declared(settings, catalogue()["en"], secure=False)[:4]]
    assert found == [
        ("house-visitor", "100 days"),
        ("house-consent", "90 days"),
        ("house-session", "90 minutes"),
        ("house-remember", "7 days"),
    ]


def test_it_says_that_nothing_else_passes_only_where_that_is_so(make_settings: MakeSettings) -> None:
    closed = "The server lets no other pass."
    assert closed in PrivacyPage(make_settings()).declaration("en")
    assert closed not in PrivacyPage(make_settings(undeclared="report")).declaration("en")


def test_what_an_app_declares_is_escaped(make_settings: MakeSettings) -> None:
    cookie = Cookie("x", description="<script>alert(1)</script>", provider="<b>")
    html = PrivacyPage(make_settings(cookies=[cookie])).declaration("en")
    assert elements(html, "script") == elements(html, "b") == []
    assert rows(html)[-1][2] == "<script>alert(1)</script>"


def test_the_table_keeps_its_meaning_when_laid_out_as_cards(settings: Settings) -> None:
    html = PrivacyPage(settings).declaration("en")
    assert only(html, "table")["role"] == "table"
    assert {one["role"] for one in elements(html, "td")} == {"cell"}
    heads = [one.text for one in elements(html, "th", scope="col")]
    assert [one["data-label"] for one in elements(html, "td")[:5]] == heads[1:]
