"""The words shown to visitors, in every language of the European Union, and the app's own over them.

One file for each language stands in ``texts/``, and one for each topic in its folder there (``topics``). Every one
is checked when it is loaded: no key too few, none too many, the same placeholders everywhere. An app rewords a
language, or adds one, with plain mappings of the same shape; a language of its own must be complete.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from footfall.consent.languages import EU_LANGUAGES, Direction, direction, negotiate, plural, plural_categories
from footfall.consent.purposes import BUILT_IN, Purpose
from footfall.consent.topics import TOPICS, Topics, merged_topics

__all__ = ["Catalogue", "PurposeText", "Texts", "catalogue", "degraded", "negotiate"]

#: Reworded or added languages: ``{"en": {"choose": "Settings"}, "ar": {…complete…}}``.
Overrides = Mapping[str, Mapping[str, Any]]

_FILES = Path(__file__).with_name("texts")
_UNITS = ("minutes", "hours", "days")
_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")  # RFC 5646, as far as we need it


@dataclass(frozen=True, kw_only=True, slots=True)
class PurposeText:
    """How one purpose is put to visitors. ``lost`` says what refusing it costs them; "" where nothing."""

    title: str
    description: str
    lost: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Texts:
    """All words of one language. ``{purposes}`` and ``{n}`` stand for what is put in."""

    language: str
    name: str
    notice_title: str
    notice_body: str
    notice_again: str
    gpc: str
    gpc_off: str
    accept_all: str
    reject_all: str
    choose: str
    save: str
    withdraw: str
    close: str
    skip: str
    back: str
    policy: str
    page_title: str
    page_intro: str
    choose_heading: str
    always_on: str
    off_by_signal: str
    cookies: str
    no_cookies: str
    changes_heading: str
    lost_heading: str
    lost_nothing: str
    lost_cookies: str
    lost_store: str
    held_heading: str
    held_nothing: str
    held_visitor: str
    held_member: str
    held_when: str
    held_how: str
    held_policy: str
    how_banner: str
    how_preferences: str
    how_account: str
    how_gpc: str
    undecided: str
    withdraw_text: str
    saved: str
    saved_some: str
    saved_none: str
    error_not_ours: str
    error_not_recorded: str
    cookies_title: str
    cookies_intro: str
    cookies_closed: str
    column_name: str
    column_purpose: str
    column_description: str
    column_lifetime: str
    column_provider: str
    column_party: str
    this_site: str
    first_party: str
    third_party: str
    until_closed: str
    cookie_visitor: str
    cookie_consent: str
    cookie_session: str
    cookie_remember: str
    minutes: Mapping[str, str]
    hours: Mapping[str, str]
    days: Mapping[str, str]
    purposes: Mapping[str, PurposeText]
    topics: Topics

    @property
    def direction(self) -> Direction:
        return direction(self.language)

    def purpose(self, purpose: Purpose) -> PurposeText:
        """The words for a purpose: the app's where it gives some, else the catalogue's, else its bare name."""
        known = self.purposes.get(purpose.name, PurposeText(title=purpose.name, description="", lost=""))
        return PurposeText(
            title=purpose.title or known.title,
            description=purpose.description or known.description,
            lost=known.lost,
        )

    def say(self, key: str, **values: object) -> str:
        """The words for ``"topic.key"``, with ``{name}`` replaced by each value. Raises KeyError for an unknown one."""
        topic, _, name = key.partition(".")
        said = self.topics[topic][name]
        for placeholder, value in values.items():
            said = said.replace(f"{{{placeholder}}}", str(value))
        return said

    def lifetime(self, lifetime: timedelta | None) -> str:
        """``timedelta(days=30)`` → "30 days": whole days from two on, else whole hours, else minutes."""
        if lifetime is None:
            return self.until_closed
        minutes = max(1, round(lifetime.total_seconds() / 60))
        if minutes >= 2 * 1440 and minutes % 1440 == 0:
            return self._count(self.days, minutes // 1440)
        return self._count(self.hours, minutes // 60) if minutes % 60 == 0 else self._count(self.minutes, minutes)

    def _count(self, forms: Mapping[str, str], n: int) -> str:
        return forms[plural(self.language, n)].replace("{n}", str(n))

    def signal(self, purposes: Iterable[Purpose]) -> str:
        """That a Global Privacy Control signal is honoured, and what it keeps off."""
        off = [self.purpose(purpose).title for purpose in purposes if purpose.sale_or_share]
        return f"{self.gpc} {self.listed(self.gpc_off, off)}" if off else self.gpc

    def listed(self, template: str, titles: Collection[str]) -> str:
        return template.replace("{purposes}", ", ".join(titles))


class Catalogue:
    """The languages of one site: the built-in ones and the app's own.

    Raises ValueError, naming the language and the key, for an override that cannot hold.
    """

    def __init__(self, overrides: Overrides | None = None) -> None:
        overrides = overrides or {}
        for language in overrides:
            if not _TAG.fullmatch(language):
                raise ValueError(f"texts: {language!r} is no language tag (RFC 5646), such as 'ar' or 'pt-BR'")
        self._texts = {language: _built_in(language) for language in EU_LANGUAGES if _exists(language)}
        self._texts.update((tag, _merged(tag, own)) for tag, own in overrides.items())
        self.languages = tuple(self._texts)

    def __getitem__(self, language: str) -> Texts:
        """The words of a language; English where there is none such."""
        return self._texts.get(language) or self._texts["en"]

    def negotiate(self, accept_language: str) -> str:
        """The language of this site that a visitor prefers (RFC 9110 §12.5.4)."""
        return negotiate(accept_language, self.languages)


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The built-in languages."""
    return Catalogue()


def degraded(
    language: str,
    *,
    denied: Collection[str],
    cookies_refused: bool,
    store_down: bool,
    texts: Catalogue | None = None,
) -> list[str]:
    """What does not work for a visitor, and why, in sentences. ``denied`` are the purposes not granted."""
    words = (texts or catalogue())[language]
    reasons = [text.lost for name, text in words.purposes.items() if name in denied and text.lost]
    if cookies_refused:
        reasons.append(words.lost_cookies)
    if store_down:
        reasons.append(words.lost_store)
    return reasons


# -- loading and checking


def _exists(language: str) -> bool:
    return (_FILES / f"{language}.toml").is_file()


def _read(language: str) -> dict[str, Any]:
    return tomllib.loads((_FILES / f"{language}.toml").read_text("utf-8"))


@lru_cache(maxsize=64)
def _built_in(language: str) -> Texts:
    return _texts(language, _read(language))


def _merged(language: str, own: Mapping[str, Any]) -> Texts:
    return _texts(language, _over(_read(language) if _exists(language) else {}, own))


def _over(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """``own`` laid over ``base``, tables within as well."""
    merged = dict(base)
    for key, value in own.items():
        inner = merged.get(key, {})
        merged[key] = _over(inner, value) if isinstance(value, Mapping) and isinstance(inner, Mapping) else value
    return merged


def _texts(language: str, words: Mapping[str, Any]) -> Texts:
    topics = merged_topics(language, {topic: words[topic] for topic in TOPICS if topic in words})
    words = {key: value for key, value in words.items() if key not in TOPICS}
    expected = {field.name for field in fields(Texts)} - {"language", "topics"}
    if missing := sorted(expected - words.keys()):
        raise ValueError(f"texts[{language!r}] lacks {', '.join(missing)}; a language must be complete")
    if unknown := sorted(words.keys() - expected):
        raise ValueError(f"texts[{language!r}] has {', '.join(unknown)}, which nothing shows")
    checked: dict[str, Any] = {unit: _forms(language, unit, words[unit]) for unit in _UNITS}
    checked["purposes"] = _purposes(language, words["purposes"])
    for key in expected - checked.keys():
        _check(language, key, words[key])
    return Texts(language=language, topics=topics, **{**words, **checked})


def _check(language: str, key: str, value: object) -> None:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"texts[{language!r}][{key!r}] is not a text")
    wanted = ["purposes"] if key in ("gpc_off", "saved_some") else []
    if _PLACEHOLDER.findall(value) != wanted:
        raise ValueError(f"texts[{language!r}][{key!r}] has other placeholders than {wanted}")


def _forms(language: str, unit: str, forms: Mapping[str, str]) -> Mapping[str, str]:
    if missing := sorted(plural_categories(language) - forms.keys()):
        raise ValueError(f"texts[{language!r}][{unit!r}] lacks the plural forms {', '.join(missing)}")
    return dict(forms)


def _purposes(language: str, purposes: Mapping[str, Mapping[str, str]]) -> dict[str, PurposeText]:
    for purpose in BUILT_IN:
        if purpose.name not in purposes:
            raise ValueError(f"texts[{language!r}]['purposes'] lacks {purpose.name!r}")
    try:
        return {name: PurposeText(**text) for name, text in purposes.items()}
    except TypeError:
        raise ValueError(f"texts[{language!r}]['purposes']: title, description and lost, for each") from None
