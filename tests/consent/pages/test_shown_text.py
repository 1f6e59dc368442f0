"""What a record of consent can name: the exact words shown (GDPR 7(1))."""

from __future__ import annotations

from typing import Any

from page_html import only

from footfall.consent.languages import EU_LANGUAGES
from footfall.consent.notice import Notice
from footfall.consent.pages import PrivacyPage, PrivacyState
from footfall.consent.purposes import Policy
from footfall.consent.shown import visible_text
from footfall.consent.texts import Catalogue
from footfall.settings import Settings

MakeSettings = Any


def test_the_text_is_what_a_visitor_can_read(settings: Settings) -> None:
    text = Notice(settings).shown("en").text.split("\n")
    assert text[0] == "Your choice on cookies"
    assert text[-3:] == ["Accept all", "Reject all", "Choose"]
    assert "Statistics" in text


def test_the_form_names_the_words_it_stands_among(settings: Settings) -> None:
    notice, page = Notice(settings), PrivacyPage(settings)
    named = only(notice.html("fr", return_to="/", gpc=True), "input", name="shown")["value"]
    assert named == notice.shown("fr", gpc=True).fingerprint
    named = only(page.render(PrivacyState(), "fr"), "input", name="shown")["value"]
    assert named == page.shown("fr").fingerprint


def test_the_same_layer_again_has_the_same_fingerprint(make_settings: MakeSettings) -> None:
    first, again = (Notice(make_settings()).shown("en") for _ in range(2))
    assert first == again
    assert first.fingerprint == again.fingerprint
    assert len(first.fingerprint) == 32


def test_the_visitors_own_choice_and_address_do_not_change_it(settings: Settings) -> None:
    page = PrivacyPage(settings)
    states = (PrivacyState(), PrivacyState(granted=["analytics"], decided=True, token="t", return_to="/a"))
    forms = [only(page.render(state, "en"), "form", **{"class": "footfall-choices"}).text for state in states]
    assert forms[0] == forms[1] == " ".join(page.shown("en").text.split())


def test_every_language_layer_and_signal_has_its_own(settings: Settings) -> None:
    notice, page = Notice(settings), PrivacyPage(settings)
    prints = [
        layer.shown(language, gpc=gpc).fingerprint
        for layer in (notice, page)
        for language in EU_LANGUAGES
        for gpc in (False, True)
    ]
    assert len(set(prints)) == len(prints) == 96


def test_one_word_more_or_another_policy_changes_it(make_settings: MakeSettings) -> None:
    settings = make_settings()
    plain = Notice(settings).shown("en").fingerprint
    reworded = Catalogue({"en": {"choose": "Settings"}})
    assert Notice(settings, texts=reworded).shown("en").fingerprint != plain
    newer = make_settings(policy=Policy(version=2, url="/policy"))
    assert Notice(newer).shown("en").fingerprint != plain


def test_what_is_asked_changes_it(settings: Settings) -> None:
    notice = Notice(settings)
    assert notice.shown("en", asked=["films"]).fingerprint != notice.shown("en").fingerprint


def test_scripts_styles_and_markup_are_no_text() -> None:
    html = "<style>p{}</style><script>1<2</script><p hidden>a &amp;\n b</p><template>x</template><input value=v>c"
    assert visible_text(html) == "a & b\nc"
