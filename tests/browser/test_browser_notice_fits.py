"""The notice on a telephone, in each of the 24 languages: small, and its buttons alike whatever the words."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page
from reading_room_browser import OpenBrowser

from footfall.consent.assets import STYLE
from footfall.consent.languages import EU_LANGUAGES
from footfall.consent.notice import Notice
from footfall.settings import Settings

pytestmark = pytest.mark.browser

_MEASURE = """() => {
    const box = (one) => one.getBoundingClientRect();
    const buttons = [...document.querySelectorAll("button")];
    const difference = (all) => Math.max(...all) - Math.min(...all);
    return {
        share: box(document.querySelector(".footfall-card")).height / innerHeight,
        differs: Math.max(difference(buttons.map((one) => box(one).width)),
                          difference(buttons.map((one) => box(one).height))),
        behind: innerHeight - box(document.querySelector(".footfall-card")).top
                - box(document.querySelector("section")).height,
        broken: buttons.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent),
    };
}"""


@pytest.fixture(scope="module")
def notice() -> Notice:
    return Notice(Settings(secret_keys=["0123456789abcdefghijklmnopqrstuvwxyz"]))


@pytest.fixture
def page(open_window: OpenBrowser) -> Page:
    return open_window(viewport={"width": 360, "height": 740}).pages[0]


def shown(page: Page, html: str) -> dict[str, Any]:
    """What it measures. A word that does not fit would be broken; here it may stick out instead, and be seen."""
    whole = "<style>.footfall-card .footfall-button { overflow-wrap: normal !important }</style>"
    page.set_content(f'<!doctype html><body style="margin:0"><style>{STYLE.content.decode()}</style>{whole}{html}')
    measured: dict[str, Any] = page.evaluate(_MEASURE)
    return measured


def test_it_covers_less_than_half_of_a_telephone_in_every_language(page: Page, notice: Notice) -> None:
    shares = [shown(page, notice.html(language, return_to="/"))["share"] for language in EU_LANGUAGES]
    assert max(shares) < 0.45


@pytest.mark.parametrize("width", [320, 360, 390, 640, 1280])
def test_the_three_buttons_are_of_one_size_and_nothing_stays_behind_it_in_every_language(
    page: Page, notice: Notice, width: int
) -> None:
    """EDPB cookie banner taskforce 2023 §8: no choice is smaller than another for the length of its word."""
    page.set_viewport_size({"width": width, "height": 740})
    for language in EU_LANGUAGES:
        measured = shown(page, notice.html(language, return_to="/"))
        assert (measured["differs"] <= 1, measured["broken"]) == (True, []), language
        assert measured["behind"] <= 0, (language, measured["behind"])
