"""Languages: which one a visitor reads, which way it runs, and how it counts. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import Literal

#: The official languages of the European Union (Regulation No 1/1958, as amended).
# fmt: off
EU_LANGUAGES = (
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr",
    "hu", "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv",
)
# fmt: on

_RIGHT_TO_LEFT = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "iw", "ku", "ps", "sd", "ug", "ur", "yi"))

# Browsers send a handful of short ranges; whatever is longer is not one.
_LONGEST_HEADER = 1024
_MOST_RANGES = 32

Direction = Literal["ltr", "rtl"]


def direction(language: str) -> Direction:
    """The value of ``dir`` for a language tag."""
    return "rtl" if language.lower().partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def negotiate(accept_language: str, available: Collection[str] = EU_LANGUAGES, default: str = "en") -> str:
    """The available language a visitor prefers (RFC 9110 §12.5.4, by the lookup of RFC 4647 §3.4).

    ``de-AT`` finds ``de``. Ranges of equal quality count in their order. ``default`` is the answer where
    nothing fits, and to ``*``. Work is bounded, whatever the header.
    """
    return _negotiate(accept_language[:_LONGEST_HEADER], tuple(available), default)


@lru_cache(maxsize=1024)
def _negotiate(header: str, available: tuple[str, ...], default: str) -> str:
    by_tag = {language.lower(): language for language in available}
    ranges = [_range(item) for item in header.split(",")[:_MOST_RANGES]]
    refused = {tag for tag, quality in ranges if quality == 0}
    for tag, quality in sorted(ranges, key=lambda one: -one[1]):
        if quality == 0:
            break
        if tag == "*":
            return default
        found = _look_up(tag, by_tag)
        if found is not None and found.lower() not in refused:
            return found
    return default


def _range(item: str) -> tuple[str, float]:
    """``de;q=0.8`` → ("de", 0.8); what cannot be read has the quality 0."""
    tag, _, parameters = item.partition(";")
    tag = tag.strip().lower()
    if not tag or not tag.isascii():
        return "", 0.0
    name, _, value = parameters.strip().partition("=")
    return tag, _quality(value.strip()) if name.strip().lower() == "q" else 1.0


def _quality(text: str) -> float:
    digits = text.replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit() and len(text) <= 5):
        return 0.0
    return min(float(text), 1.0)


def _look_up(tag: str, by_tag: Mapping[str, str]) -> str | None:
    while tag:
        if tag in by_tag:
            return by_tag[tag]
        tag = tag.rpartition("-")[0]
    return None


# -- counting: the plural categories of whole numbers (Unicode CLDR, "Language Plural Rules")

PluralRule = Callable[[int], str]


def plural(language: str, n: int) -> str:
    """The plural category of the whole number ``n``: "one", "two", "few", "many" or "other"."""
    return _RULES.get(language.partition("-")[0], _one)(n)


@lru_cache(maxsize=64)
def plural_categories(language: str) -> frozenset[str]:
    """The categories that the whole numbers of a language fall into, zero left out."""
    return frozenset(plural(language, n) for n in range(1, 200))


def _one(n: int) -> str:
    return "one" if n == 1 else "other"


def _one_to_zero(n: int) -> str:
    return "one" if n in (0, 1) else "other"


def _czech(n: int) -> str:
    return "one" if n == 1 else "few" if 2 <= n <= 4 else "other"


def _polish(n: int) -> str:
    if n == 1:
        return "one"
    return "few" if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else "many"


def _croatian(n: int) -> str:
    if n % 10 == 1 and n % 100 != 11:
        return "one"
    return "few" if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else "other"


def _lithuanian(n: int) -> str:
    if 11 <= n % 100 <= 19:
        return "other"
    return {0: "other", 1: "one"}.get(n % 10, "few")


def _latvian(n: int) -> str:
    if n % 10 == 0 or 11 <= n % 100 <= 19:
        return "zero"
    return "one" if n % 10 == 1 else "other"


def _romanian(n: int) -> str:
    if n == 1:
        return "one"
    return "few" if n == 0 or 2 <= n % 100 <= 19 else "other"


def _slovene(n: int) -> str:
    return {1: "one", 2: "two", 3: "few", 4: "few"}.get(n % 100, "other")


def _irish(n: int) -> str:
    if n in (1, 2):
        return ("one", "two")[n - 1]
    return "few" if 3 <= n <= 6 else "many" if 7 <= n <= 10 else "other"


def _maltese(n: int) -> str:
    if n in (1, 2):
        return ("one", "two")[n - 1]
    return "few" if n == 0 or 3 <= n % 100 <= 10 else "many" if 11 <= n % 100 <= 19 else "other"


def _arabic(n: int) -> str:
    if n < 3:
        return ("zero", "one", "two")[n]
    return "few" if 3 <= n % 100 <= 10 else "many" if 11 <= n % 100 <= 99 else "other"


def _hebrew(n: int) -> str:
    return {1: "one", 2: "two"}.get(n, "other")


_RULES: Mapping[str, PluralRule] = {
    "ar": _arabic,
    "cs": _czech,
    "fr": _one_to_zero,
    "ga": _irish,
    "he": _hebrew,
    "hr": _croatian,
    "lt": _lithuanian,
    "lv": _latvian,
    "mt": _maltese,
    "pl": _polish,
    "pt": _one_to_zero,
    "ro": _romanian,
    "sk": _czech,
    "sl": _slovene,
}
