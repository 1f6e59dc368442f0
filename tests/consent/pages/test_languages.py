"""Which language a visitor reads (RFC 9110 §12.5.4, RFC 4647 §3.4)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.consent.languages import EU_LANGUAGES, direction, negotiate, plural, plural_categories


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT", "de"),
        ("DE-at", "de"),
        ("pt-BR,pt;q=0.9,en;q=0.8", "pt"),
        ("zh-CN,zh;q=0.9", "en"),
        ("zh-CN,fr;q=0.5", "fr"),
        ("fr;q=0.3,it;q=0.7", "it"),
        ("fr;q=0.5,it;q=0.5", "fr"),
        ("de;q=0,fr;q=0.1", "fr"),
        ("de;q=0,de-AT", "en"),
        ("*", "en"),
        ("*;q=0.1,sv;q=0.01", "en"),
        ("ja,*;q=0.5", "en"),
        ("fr ; q=0.8 , it", "it"),
        ("fr;q=nan,it;q=0.1", "it"),
        ("fr;q=1e9,it;q=0.1", "it"),
        ("fr;q=٣,it;q=0.1", "it"),
        ("fr;q=9,it", "fr"),
        ("x" * 5000 + ",de", "en"),
        (",".join(["zz"] * 100) + ",de", "en"),
        ("d\xe9,fr;q=0.2", "fr"),
        (";;;,,,==", "en"),
    ],
)
def test_the_preferred_language_that_there_is(header: str, language: str) -> None:
    assert negotiate(header) == language


def test_the_default_is_the_sites_own() -> None:
    assert negotiate("ja", ["de", "fr"], default="de") == "de"


def test_a_regional_language_that_there_is_wins_over_its_general_one() -> None:
    assert negotiate("pt-BR", ["pt", "pt-BR"]) == "pt-BR"


@given(st.text(max_size=2000))
def test_any_header_gets_a_language_that_there_is(header: str) -> None:
    assert negotiate(header) in EU_LANGUAGES


def test_direction() -> None:
    assert {direction(language) for language in EU_LANGUAGES} == {"ltr"}
    assert [direction(tag) for tag in ("ar", "ar-EG", "he", "fa", "ur")] == ["rtl"] * 5


@pytest.mark.parametrize(
    ("language", "categories"),
    [
        ("en", "one other"),
        ("de", "one other"),
        ("fr", "one other"),
        ("cs", "few one other"),
        ("pl", "few many one"),
        ("sl", "few one other two"),
        ("ga", "few many one other two"),
        ("mt", "few many one other two"),
        ("ar", "few many one other two"),
        ("lv", "one other zero"),
        ("he", "one other two"),
    ],
)
def test_the_categories_a_language_counts_in(language: str, categories: str) -> None:
    """Unicode CLDR, Language Plural Rules, for whole numbers."""
    assert " ".join(sorted(plural_categories(language))) == categories


@given(st.sampled_from(EU_LANGUAGES), st.integers(min_value=0, max_value=10**6))
def test_every_number_has_a_category(language: str, n: int) -> None:
    assert plural(language, n) in {"zero", "one", "two", "few", "many", "other"}
