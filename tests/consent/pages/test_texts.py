"""The catalogue: 24 languages, complete; an app's own words over them; what is said to be lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest

from footfall.consent.languages import EU_LANGUAGES
from footfall.consent.purposes import ANALYTICS, MARKETING, Purpose
from footfall.consent.texts import Catalogue, Texts, catalogue, degraded

ENGLISH = catalogue()["en"]

# The same word in both languages, and rightly so.
LOAN_WORDS = frozenset(("Cookies", "Name", "Marketing"))


def plain(words: Texts) -> dict[str, str]:
    named = {field.name: getattr(words, field.name) for field in fields(words)}
    texts = {key: value for key, value in named.items() if isinstance(value, str)}
    for name, purpose in words.purposes.items():
        texts |= {f"{name}.{key}": getattr(purpose, key) for key in ("title", "description", "lost")}
    return texts


def test_there_are_the_24_official_languages() -> None:
    """Regulation No 1/1958, article 1."""
    assert len(EU_LANGUAGES) == 24
    assert catalogue().languages == EU_LANGUAGES


@pytest.mark.parametrize("language", [one for one in EU_LANGUAGES if one != "en"])
def test_a_language_is_translated_throughout(language: str) -> None:
    english = plain(ENGLISH)
    same = {key for key, text in plain(catalogue()[language]).items() if text and text == english[key]}
    assert {english[key] for key in same} <= LOAN_WORDS


@pytest.mark.parametrize("language", EU_LANGUAGES)
def test_a_language_ends_sentences_as_english_does(language: str) -> None:
    """A text cut off, or put under the wrong key, has another ending than its model."""
    english, ends = plain(ENGLISH), {".": ".", "?": "?;"}
    for key, text in plain(catalogue()[language]).items():
        wanted = ends.get(english[key][-1:], "")
        assert text[-1:] in wanted if wanted else text[-1:] not in (".", "?"), key


@pytest.mark.parametrize("language", EU_LANGUAGES)
def test_what_english_leaves_empty_is_empty_everywhere(language: str) -> None:
    english = plain(ENGLISH)
    assert {k for k, v in plain(catalogue()[language]).items() if not v} == {k for k, v in english.items() if not v}


@pytest.mark.parametrize("language", EU_LANGUAGES)
def test_the_labels_of_one_layer_differ(language: str) -> None:
    words = catalogue()[language]
    assert len({words.accept_all, words.reject_all, words.choose, words.save, words.withdraw, words.close}) == 6
    assert len({text.title for text in words.purposes.values()}) == 4


@pytest.mark.parametrize(
    ("language", "days"),
    [
        ("en", {2: "2 days", 30: "30 days"}),
        ("cs", {3: "3 dny", 30: "30 dnů"}),
        ("ga", {3: "3 lá", 8: "8 lá"}),
        ("hr", {21: "21 dan", 22: "22 dana"}),
        ("lt", {21: "21 diena", 22: "22 dienos", 30: "30 dienų", 11: "11 dienų"}),
        ("lv", {21: "21 diena", 22: "22 dienas", 30: "30 dienu", 11: "11 dienu"}),
        ("mt", {2: "2 jumejn", 3: "3 ijiem", 11: "11-il jum", 30: "30 jum"}),
        ("pl", {22: "22 dni", 30: "30 dni"}),
        ("ro", {2: "2 zile", 30: "30 de zile"}),
        ("sl", {2: "2 dneva", 3: "3 dnevi", 101: "101 dan", 30: "30 dni"}),
    ],
)
def test_days_are_counted_as_the_language_counts(language: str, days: Mapping[int, str]) -> None:
    """Unicode CLDR, Language Plural Rules."""
    words = catalogue()[language]
    assert {n: words.lifetime(timedelta(days=n)) for n in days} == days


@pytest.mark.parametrize(
    ("lifetime", "words"),
    [
        (None, "Until you close the browser"),
        (timedelta(days=1), "24 hours"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(seconds=10), "1 minute"),
        (timedelta(days=395), "395 days"),
    ],
)
def test_a_lifetime_reads_well(lifetime: timedelta | None, words: str) -> None:
    assert ENGLISH.lifetime(lifetime) == words


def test_an_app_rewords_one_text_and_keeps_the_others() -> None:
    own = Catalogue({"en": {"choose": "Settings", "purposes": {"analytics": {"title": "Counting"}}}})["en"]
    assert (own.choose, own.accept_all) == ("Settings", "Accept all")
    assert own.purpose(ANALYTICS).title == "Counting"
    assert own.purpose(ANALYTICS).lost == "You are not recognised when you come back."
    assert own.purpose(MARKETING).title == "Marketing"


def test_the_built_in_words_stay_as_they_are_when_an_app_rewords_them() -> None:
    Catalogue({"en": {"choose": "Settings"}})
    assert Catalogue()["en"].choose == catalogue()["en"].choose == "Choose"


def test_an_app_adds_a_language(arabic: dict[str, Any]) -> None:
    words = Catalogue({"ar": arabic})
    assert words["ar"].direction == "rtl"
    assert words.negotiate("ar-EG,en;q=0.5") == "ar"
    assert words["ar"].lifetime(timedelta(days=2)) == "يومان"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"choose": None}, "lacks choose"),
        ({"greeting": "Hello"}, "has greeting, which nothing shows"),
        ({"saved_some": "Saved."}, "placeholders"),
        ({"choose": "Choose {purposes}"}, "placeholders"),
        ({"choose": " "}, "is not a text"),
        ({"days": {"one": "{n} day"}}, "lacks the plural forms"),
        ({"purposes": {}}, "lacks 'necessary'"),
        ({"purposes": {"necessary": {"title": "x"}}}, "'purposes'"),
    ],
)
def test_an_incomplete_language_is_refused_at_start(
    arabic: dict[str, Any], change: dict[str, Any], message: str
) -> None:
    merged = {key: value for key, value in {**arabic, **change}.items() if value is not None}
    with pytest.raises(ValueError, match=message):
        Catalogue({"ar": merged})


@pytest.mark.parametrize("tag", ["", "../en", "e", "english language", "de_AT"])
def test_what_is_no_language_tag_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="language tag"):
        Catalogue({tag: {}})


def test_a_purpose_of_the_app_speaks_for_itself() -> None:
    assert ENGLISH.purpose(Purpose("films", title="Films", description="Plays films.")).title == "Films"
    assert ENGLISH.purpose(Purpose("films")).title == "films"


def test_what_is_lost_follows_what_is_denied() -> None:
    def lost(*denied: str, cookies_refused: bool = False, store_down: bool = False) -> list[str]:
        return degraded("en", denied=denied, cookies_refused=cookies_refused, store_down=store_down)

    assert lost() == []
    assert lost("marketing") == []
    assert lost("analytics") == ["You are not recognised when you come back."]
    assert lost("preferences") == ["Your settings are forgotten when you leave."]
    assert len(lost("preferences", "analytics", "marketing", "films")) == 2
    assert "sign in again each time, and this choice cannot be kept" in lost(cookies_refused=True)[0]
    assert "does not work at the moment" in lost(store_down=True)[0]


def test_what_is_lost_is_said_in_the_visitors_language() -> None:
    german = degraded("de", denied=["analytics"], cookies_refused=False, store_down=False)
    assert german == ["Sie werden nicht wiedererkannt, wenn Sie zurückkommen."]
