"""Words by topic: one folder of ``texts/`` for each (``texts/devices/de.toml``), flat keys, the same in every language.

English says which keys there are and which placeholders each has. Where a language of the app's own has no word for
one, the English one stands in, so that a new topic breaks nobody's site.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

Topics = Mapping[str, Mapping[str, str]]

_FOLDER = Path(__file__).with_name("texts")
_PLACEHOLDER = re.compile(r"\{(\w*)\}")

#: The topics there are, by their folders.
TOPICS = tuple(sorted(folder.name for folder in _FOLDER.iterdir() if folder.is_dir()))


@lru_cache(maxsize=64)
def built_in(topic: str, language: str) -> Mapping[str, str]:
    """The words of a topic as they come; empty for a language that is not built in."""
    file = _FOLDER / topic / f"{language}.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}


def merged_topics(language: str, own: Topics) -> Topics:
    """All topics in a language, the app's own words over ours. Raises ValueError for a word that cannot hold."""
    return {topic: _merged(topic, language, own.get(topic, {})) for topic in TOPICS}


def _merged(topic: str, language: str, own: Mapping[str, str]) -> Mapping[str, str]:
    english = built_in(topic, "en")
    words = {**english, **built_in(topic, language), **own}
    for key, value in words.items():
        _check(f"texts[{language!r}][{topic!r}][{key!r}]", value, english.get(key))
    return words


def _check(where: str, value: object, english: str | None) -> None:
    if english is None:
        raise ValueError(f"{where}: nothing shows that")
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{where} is not a text")
    if sorted(_PLACEHOLDER.findall(value)) != sorted(_PLACEHOLDER.findall(english)):
        raise ValueError(f"{where} has other placeholders than {english!r}")
