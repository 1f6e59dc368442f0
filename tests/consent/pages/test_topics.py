"""Words by topic: the same keys in all 24 languages, an app's own over them, English where a new language has none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from footfall.consent import topics
from footfall.consent.languages import EU_LANGUAGES
from footfall.consent.topics import TOPICS, built_in, merged_topics

CASES = [(topic, language) for topic in TOPICS for language in EU_LANGUAGES if language != "en"]


@pytest.mark.parametrize(("topic", "language"), CASES)
def test_a_topic_is_translated_throughout(topic: str, language: str) -> None:
    english, translated = built_in(topic, "en"), built_in(topic, language)
    assert translated.keys() == english.keys()
    sentences = {key for key, text in english.items() if " " in re.sub(r"\{\w*\}", "", text).strip()}
    assert not [key for key in sentences if translated[key] == english[key]]


@pytest.mark.parametrize(("topic", "language"), CASES)
def test_a_topic_ends_sentences_as_english_does(topic: str, language: str) -> None:
    """A text cut off, or put under the wrong key, has another ending than its model."""
    english, ends = built_in(topic, "en"), {".": ".", "?": "?;", ":": ":"}
    for key, text in built_in(topic, language).items():
        wanted = ends.get(english[key][-1:], "")
        assert text[-1:] in wanted if wanted else text[-1:] not in (".", "?"), key


@pytest.fixture
def one_topic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "greetings").mkdir()
    (tmp_path / "greetings" / "en.toml").write_text('hello = "Hello {name}"\nbye = "Goodbye"\n')
    (tmp_path / "greetings" / "de.toml").write_text('hello = "Hallo {name}"\nbye = "Tschüs"\n')
    monkeypatch.setattr(topics, "_FOLDER", tmp_path)
    monkeypatch.setattr(topics, "TOPICS", ("greetings",))
    built_in.cache_clear()


@pytest.mark.usefixtures("one_topic")
def test_the_apps_words_stand_over_ours_and_english_fills_the_rest() -> None:
    assert merged_topics("de", {"greetings": {"bye": "Servus"}})["greetings"] == {
        "hello": "Hallo {name}",
        "bye": "Servus",
    }
    assert merged_topics("ar", {"greetings": {"bye": "وداعا"}})["greetings"] == {
        "hello": "Hello {name}",
        "bye": "وداعا",
    }


@pytest.mark.usefixtures("one_topic")
@pytest.mark.parametrize(
    ("own", "complaint"),
    [({"hello": "Hallo"}, "other placeholders"), ({"hi": "Hi"}, "nothing shows that"), ({"bye": " "}, "is not a text")],
)
def test_a_word_that_cannot_hold_names_itself(own: dict[str, str], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        merged_topics("de", {"greetings": own})
