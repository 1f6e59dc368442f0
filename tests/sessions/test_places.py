"""Countries in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from footfall.consent.languages import EU_LANGUAGES
from footfall.sessions import places
from footfall.sessions.places import country

FILES = Path(places.__file__).with_name("countries")


def codes(language: str) -> list[str]:
    return [line[:2] for line in (FILES / f"{language}.txt").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("language", EU_LANGUAGES)
def test_every_language_names_every_country_once(language: str) -> None:
    """249 of ISO 3166-1, and Kosovo, which has none of its own there."""
    assert codes(language) == codes("en") == sorted(set(codes("en")))
    assert len(codes(language)) == 250
    assert len({country(code, language) for code in codes(language)}) == 250


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("DE", "fr", "Allemagne"),
        ("gb", "ga", "an Ríocht Aontaithe"),
        ("MT", "mt", "Malta"),
        ("US", "ar", "United States"),
    ],
)
def test_a_country_has_its_name_in_the_language(code: str, language: str, name: str) -> None:
    assert country(code, language) == name


@pytest.mark.parametrize("code", ["", "XX", "T1", "EU", "DEU", "<b>"])
def test_what_is_no_country_has_no_name(code: str) -> None:
    assert country(code, "de") == ""


def test_a_language_is_no_path() -> None:
    assert country("DE", "../countries/de") == "Germany"
