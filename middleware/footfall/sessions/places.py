"""Countries in words: ISO 3166-1 codes, and their names as the Unicode CLDR (version 48) has them. Pure."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_FILES = Path(__file__).with_name("countries")


def country(code: str, language: str) -> str:
    """``"DE"`` in French is "Allemagne"; in a language that is not built in the name is English. "" for a code that
    is no country's, as proxies have some for the unknown and for Tor."""
    return (_names(language) or _names("en")).get(code.upper(), "")


@lru_cache(maxsize=32)
def _names(language: str) -> dict[str, str]:
    file = _FILES / f"{language}.txt"
    if not language.isalpha() or not file.is_file():
        return {}
    return dict(line.split(" ", 1) for line in file.read_text("utf-8").splitlines())
