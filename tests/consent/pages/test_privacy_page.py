"""``/privacy`` as HTML: choosing, withdrawing, what is lost and what is held."""

from __future__ import annotations

from typing import Any

import pytest
from page_html import Element, buttons, elements, only

from footfall.consent.languages import EU_LANGUAGES
from footfall.consent.pages import PrivacyPage, PrivacyState
from footfall.consent.purposes import Policy
from footfall.consent.texts import Catalogue, catalogue
from footfall.settings import Settings

MakeSettings = Any

DECIDED = PrivacyState(
    granted=["necessary", "analytics"],
    decided=True,
    decided_at=1_764_000_000.0,
    source="banner",
    policy_version=3,
    visitor_number="018f2f60-77aa-7cc0-9a43-0a8f3bb0c0de",
    member="anna",
)


def toggles(html: str) -> dict[str, bool]:
    return {one["value"]: "checked" in one.attributes for one in elements(html, "input", type="checkbox")}


def facts(html: str) -> dict[str, str]:
    names, values = elements(html, "dt"), elements(html, "dd")
    return {name.text: value.text for name, value in zip(names, values, strict=True)}


def test_nothing_is_ticked_for_an_undecided_visitor(settings: Settings) -> None:
    """CJEU C-673/17: consent is an act, never a ticked box left alone."""
    html = PrivacyPage(settings).render(PrivacyState(), "en")
    assert toggles(html) == {"preferences": False, "analytics": False, "marketing": False, "films": False}


def test_what_was_granted_is_ticked_and_nothing_else(settings: Settings) -> None:
    html = PrivacyPage(settings).render(DECIDED, "en")
    assert toggles(html) == {"preferences": False, "analytics": True, "marketing": False, "films": False}


def test_the_browser_may_not_restore_ticks_of_its_own(settings: Settings) -> None:
    form = only(PrivacyPage(settings).render(PrivacyState(), "en"), "form")
    assert form["autocomplete"] == "off"


def test_necessary_is_stated_and_no_checkbox(settings: Settings) -> None:
    html = PrivacyPage(settings).render(PrivacyState(), "en")
    assert "necessary" not in toggles(html)
    assert "Always on" in html


def test_every_toggle_has_a_label_and_a_description(settings: Settings) -> None:
    html = PrivacyPage(settings).render(PrivacyState(), "en")
    for box in elements(html, "input", type="checkbox"):
        assert only(html, "label", **{"for": box["id"]}).text
        assert only(html, id=box["aria-describedby"]).text


def test_save_accept_and_reject_weigh_the_same(settings: Settings) -> None:
    """EDPB cookie banner taskforce 2023 §8."""
    found = buttons(PrivacyPage(settings).render(PrivacyState(), "en"))
    assert list(found) == ["save", "accept_all", "reject_all"]
    assert len({one["class"] for one in found.values()}) == 1


def test_withdrawing_is_one_click_once_something_is_granted(settings: Settings) -> None:
    """GDPR 7(3): withdrawing is as easy as granting."""
    page = PrivacyPage(settings)
    assert buttons(page.render(DECIDED, "en"))["withdraw"].text == "Withdraw everything"
    assert "withdraw" not in buttons(page.render(PrivacyState(granted=["necessary"], decided=True), "en"))


def test_a_signal_is_shown_as_honoured_and_its_purposes_cannot_be_ticked(settings: Settings) -> None:
    """11 CCR 7025(c)(6)."""
    html = PrivacyPage(settings).render(PrivacyState(gpc=True, granted=["marketing"]), "en")
    marketing = only(html, "input", value="marketing")
    assert "disabled" in marketing.attributes
    assert "checked" not in marketing.attributes
    assert "It is honoured. Off in any case: Marketing." in html


def test_what_is_lost_is_said_in_the_words_given(settings: Settings) -> None:
    page = PrivacyPage(settings)
    html = page.render(PrivacyState(degraded=["You are not recognised.", "No <b> here."]), "en")
    assert [one.text for one in elements(html, "li")] == ["You are not recognised.", "No <b> here."]
    assert "Everything on this site works for you." in page.render(PrivacyState(), "en")


def test_what_is_held_is_said(settings: Settings) -> None:
    assert facts(PrivacyPage(settings).render(DECIDED, "en")) == {
        "Chosen on": "2025-11-24 16:00 UTC",
        "Chosen where": "In the notice",
        "Version of the privacy policy": "3",
        "Visitor number": "018f2f60-77aa-7cc0-9a43-0a8f3bb0c0de",
        "Member account": "anna",
    }


def test_who_is_not_known_is_told_so(settings: Settings) -> None:
    html = PrivacyPage(settings).render(PrivacyState(), "en")
    assert "You have not chosen yet." in html
    assert "Nothing by which you could be recognised." in html
    assert elements(html, "dt") == []


@pytest.mark.parametrize(
    ("granted", "words"),
    [
        (["necessary", "analytics"], "Your choice is saved. Allowed: Statistics."),
        (["necessary"], "Your choice is saved. Only what is necessary is used."),
    ],
)
def test_a_choice_is_confirmed_in_words(settings: Settings, granted: list[str], words: str) -> None:
    html = PrivacyPage(settings).render(PrivacyState(granted=granted, decided=True, outcome="saved"), "en")
    assert only(html, role="status").text == words


@pytest.mark.parametrize(
    ("outcome", "words"), [("not_ours", "Nothing was changed."), ("not_recorded", "could not be recorded")]
)
def test_a_failure_is_an_alert(settings: Settings, outcome: str, words: str) -> None:
    assert words in only(PrivacyPage(settings).render(PrivacyState(outcome=outcome), "en"), role="alert").text


@pytest.mark.parametrize("outcome", ["", "<script>", "nonsense"])
def test_an_outcome_that_nobody_knows_says_nothing(settings: Settings, outcome: str) -> None:
    html = PrivacyPage(settings).render(PrivacyState(outcome=outcome), "en")
    assert elements(html, role="status") == elements(html, role="alert") == []


def test_the_way_back_stays_on_this_site(settings: Settings) -> None:
    def back(path: str) -> list[Element]:
        html = PrivacyPage(settings).render(PrivacyState(return_to=path), "en")
        return [link for link in elements(html, "a") if link.text == "Back to the site"]

    assert [link["href"] for link in back("/books?page=2")] == ["/books?page=2"]
    for elsewhere in ("//evil.example", "https://evil.example", "javascript:alert(1)", "/\\evil.example", "/a\nb", ""):
        assert back(elsewhere) == []


def test_a_changed_policy_is_told_in_words(make_settings: MakeSettings) -> None:
    page = PrivacyPage(make_settings(policy=Policy(version=2, changes="We now count downloads.")))
    assert "We now count downloads." in page.render(PrivacyState(), "en")


def test_the_cookies_of_each_purpose_are_listed_with_it(settings: Settings) -> None:
    tables = elements(PrivacyPage(settings).render(PrivacyState(), "en"), "table")
    by_purpose = {table["aria-label"]: table.text for table in tables}
    assert "__Host-footfall-session" in by_purpose["Necessary"]
    assert "__Host-footfall-visitor" in by_purpose["Statistics"]
    assert "theme" in by_purpose["Preferences"]
    assert "_ad_*" in by_purpose["Marketing"]
    assert "Films" not in by_purpose  # it sets none, and says so


@pytest.mark.parametrize("language", EU_LANGUAGES)
def test_the_page_is_whole_in_every_language(settings: Settings, language: str) -> None:
    """Language, direction, title, one h1, landmarks and a skip link (WCAG 2.2: 2.4.1, 2.4.2, 3.1.1)."""
    html = PrivacyPage(settings).render(DECIDED, language)
    root = only(html, "html")
    assert (root["lang"], root["dir"]) == (language, "ltr")
    assert only(html, "h1").text == only(html, "title").text == catalogue()[language].page_title
    assert only(html, "a", **{"class": "footfall-skip"})["href"] == f"#{only(html, 'main')['id']}"


def test_ids_are_there_once(settings: Settings) -> None:
    ids = [one["id"] for one in elements(PrivacyPage(settings).render(DECIDED, "en")) if "id" in one.attributes]
    assert len(ids) == len(set(ids))


def test_the_page_reads_from_right_to_left(settings: Settings, with_arabic: Catalogue) -> None:
    html = PrivacyPage(settings, texts=with_arabic).render(DECIDED, "ar")
    assert (only(html, "html")["lang"], only(html, "html")["dir"]) == ("ar", "rtl")
    assert {one["dir"] for one in elements(html, "code")} == {"ltr"}


def test_the_page_needs_no_script_and_fetches_nothing_from_elsewhere(settings: Settings) -> None:
    html = PrivacyPage(settings).render(DECIDED, "en")
    assert elements(html, "script") == []
    assert [one["href"].partition("?")[0] for one in elements(html, "link")] == ["/privacy/style.css"]


def test_our_own_frame_comes_with_a_policy_that_allows_nothing_else(settings: Settings) -> None:
    headers = PrivacyPage(settings).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store, no-transform"
