"""The notice as HTML: what is asked, with what weight, and what the form carries."""

from __future__ import annotations

from typing import Any

import pytest
from page_html import buttons, elements, only

from footfall.consent.languages import EU_LANGUAGES
from footfall.consent.notice import Notice
from footfall.consent.purposes import Policy, Purpose
from footfall.consent.texts import Catalogue, catalogue
from footfall.settings import Settings

MakeSettings = Any


def test_accept_reject_and_choose_are_buttons_that_differ_in_nothing_but_value_and_label(settings: Settings) -> None:
    """EDPB cookie banner taskforce 2023 §8: refusing is as easy as accepting, on the same layer."""
    found = buttons(Notice(settings).html("en", return_to="/"))
    assert list(found) == ["accept_all", "reject_all", "choose"]
    assert [button.text for button in found.values()] == ["Accept all", "Reject all", "Choose"]
    rest = [{name: value for name, value in one.attributes.items() if name != "value"} for one in found.values()]
    assert rest[0] == rest[1] == rest[2]


@pytest.mark.parametrize("language", EU_LANGUAGES)
def test_the_buttons_stand_side_by_side_in_every_language(settings: Settings, language: str) -> None:
    words, html = catalogue()[language], Notice(settings).html(language, return_to="/")
    assert [one.text for one in elements(html, "button")] == [words.accept_all, words.reject_all, words.choose]
    assert only(html, "section")["lang"] == language


def test_the_form_posts_to_the_prefix_and_needs_no_script(make_settings: MakeSettings) -> None:
    html = Notice(make_settings(prefix="/choices")).html("en", return_to="/a?b=1", token="t0ken")
    form = only(html, "form")
    assert (form["method"], form["action"]) == ("post", "/choices")
    hidden = {one["name"]: one["value"] for one in elements(html, "input", type="hidden")}
    assert hidden["return_to"] == "/a?b=1"
    assert hidden["token"] == "t0ken"
    assert hidden["layer"] == "notice"


def test_it_holds_no_checkbox_at_all(settings: Settings) -> None:
    """CJEU C-673/17: nothing is ticked beforehand."""
    assert elements(Notice(settings).html("en", return_to="/"), "input", type="checkbox") == []


def test_it_is_a_labelled_region_that_takes_no_focus(settings: Settings) -> None:
    html = Notice(settings).html("en", return_to="/")
    region = only(html, "section")
    assert only(html, id=region["aria-labelledby"]).text == "Your choice on cookies"
    assert "role" not in region.attributes
    assert not any("autofocus" in one.attributes or "tabindex" in one.attributes for one in elements(html))
    assert elements(html, "dialog") == []


def test_what_the_visitor_brings_is_escaped(settings: Settings) -> None:
    html = Notice(settings).html("en", return_to='/"><script>alert(1)</script>', token='"><b>', nonce='"><i>')
    assert len(elements(html, "script")) == 1
    assert elements(html, "b") == elements(html, "i") == []
    assert only(html, "input", name="return_to")["value"] == '/"><script>alert(1)</script>'


def test_a_return_path_that_spells_our_own_marks_changes_nothing_else(settings: Settings) -> None:
    html = Notice(settings).html("en", return_to="/\ue000token\ue000\ue000shown\ue000\ue000x\ue000", token="secret")
    assert "secret" not in only(html, "input", name="return_to")["value"]


def test_the_nonce_is_on_style_and_script_where_there_is_one(settings: Settings) -> None:
    notice = Notice(settings)
    html = notice.html("en", return_to="/", nonce="abc+/=")
    assert only(html, "link")["nonce"] == only(html, "script")["nonce"] == "abc+/="
    assert "nonce" not in notice.html("en", return_to="/")


def test_no_style_and_no_script_stands_in_the_html(settings: Settings) -> None:
    """A policy that allows only nonces must not break it."""
    html = Notice(settings).html("en", return_to="/")
    assert elements(html, "style") == []
    assert not any(name == "style" or name.startswith("on") for one in elements(html) for name in one.attributes)
    assert only(html, "script").text == ""


def test_all_that_is_asked_is_named(settings: Settings) -> None:
    asked = [one.text for one in elements(Notice(settings).html("en", return_to="/"), "li")]
    assert asked == ["Preferences", "Statistics", "Marketing", "Films"]


def test_a_new_purpose_is_asked_alone(settings: Settings) -> None:
    """ICO: a new purpose needs a new consent, for it only."""
    html = Notice(settings).html("en", return_to="/", asked=["films"])
    assert [one.text for one in elements(html, "li")] == ["Films"]
    assert "Your earlier choices stay as they are." in html


def test_a_privacy_signal_is_shown_as_honoured(settings: Settings) -> None:
    """11 CCR 7025(c)(6): the site shows that the signal was honoured."""
    notice = Notice(settings)
    html = notice.html("en", return_to="/", gpc=True)
    assert "It is honoured. Off in any case: Marketing." in html
    assert only(html, "form")["data-accepts"] == "preferences analytics films"
    assert "Global Privacy Control" not in notice.html("en", return_to="/")


def test_what_a_signal_keeps_off_follows_the_purposes(make_settings: MakeSettings) -> None:
    brokers = Purpose("brokers", title="Brokers", sale_or_share=True)
    html = Notice(make_settings(purposes=[brokers])).html("en", return_to="/", gpc=True)
    assert "Off in any case: Marketing, Brokers." in html


def test_the_declaration_and_the_policy_are_one_click_away(make_settings: MakeSettings) -> None:
    links = [one["href"] for one in elements(Notice(make_settings()).html("en", return_to="/"), "a")]
    assert links == ["/privacy/cookies", "/policy"]
    without = Notice(make_settings(policy=Policy())).html("en", return_to="/")
    assert [one["href"] for one in elements(without, "a")] == ["/privacy/cookies"]


@pytest.mark.parametrize("blocked", ["cookie-banner", "cookie-consent", "gdpr", "consent-banner", "cookiebar"])
def test_ids_and_classes_are_on_no_block_list(settings: Settings, blocked: str) -> None:
    html = Notice(settings).html("en", return_to="/")
    named = [one.attributes.get(name, "") for one in elements(html) for name in ("id", "class", "src", "href")]
    assert not any(blocked in name for name in named)


def test_a_language_of_the_app_reads_from_right_to_left(settings: Settings, with_arabic: Catalogue) -> None:
    region = only(Notice(settings, texts=with_arabic).html("ar", return_to="/"), "section")
    assert (region["lang"], region["dir"]) == ("ar", "rtl")


def test_an_unknown_language_is_english(settings: Settings) -> None:
    assert only(Notice(settings).html("xx", return_to="/"), "section")["lang"] == "en"
