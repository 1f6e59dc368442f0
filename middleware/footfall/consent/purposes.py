"""What is asked for: purposes, the cookies that serve them, and the policy that states both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatchcase
from typing import Literal

from footfall.cookies import LONGEST_LIFETIME

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z?\[\]]+")  # RFC 9110 §5.6.2, and fnmatch's ? and [ ]
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose a visitor may grant or refuse.

    ``title`` and ``description`` are shown to visitors; the four built-in purposes have them in every
    language of the notice. ``sale_or_share`` marks purposes that a Global Privacy Control signal refuses.
    ``uses`` names the kinds of use (``("profiles", "ad_measurement")``): one more of them asks for the purpose again.
    """

    name: str
    title: str = ""
    description: str = ""
    sale_or_share: bool = False
    uses: Sequence[str] = ()

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"purpose {self.name!r}: a name is a lower-case word of at most 32 letters, digits and _")
        if isinstance(self.uses, str) or not all(_NAME.fullmatch(use) for use in self.uses):
            raise ValueError(f"purpose {self.name!r}: uses={self.uses!r} are not names, as in uses=('profiles',)")


NECESSARY = Purpose("necessary")
PREFERENCES = Purpose("preferences")
ANALYTICS = Purpose("analytics")
MARKETING = Purpose("marketing", sale_or_share=True)

#: The purposes that always exist, in the order in which they are shown.
BUILT_IN = (NECESSARY, PREFERENCES, ANALYTICS, MARKETING)


@dataclass(frozen=True, slots=True)
class Cookie:
    """A declared cookie. ``name`` may be a pattern (``"_ga_*"``); the first declaration that matches counts.

    ``lifetime`` caps what the app sets; ``timedelta(0)`` is until the browser closes, ``None`` states nothing
    but the 400 days of every cookie. ``provider``, ``description`` and ``party`` are shown in the declaration.
    ``path``, ``domain`` and ``partitioned`` say where the app sets it, so that a withdrawal removes it there;
    ``http_only`` that no script reads it. ``service`` ties it to a ``Service``: refused, the cookie goes too.
    """

    name: str
    purpose: str = "necessary"
    lifetime: timedelta | None = None
    provider: str = ""
    description: str = ""
    party: Literal["first", "third"] = "first"
    path: str = "/"
    domain: str | None = None
    partitioned: bool = False
    http_only: bool = False
    service: str = ""

    def __post_init__(self) -> None:
        if not _TOKEN.fullmatch(self.name):
            raise ValueError(f"cookie {self.name!r}: not a cookie name (RFC 6265 §4.1.1) nor a pattern of one")
        if self.lifetime is not None and not timedelta(0) <= self.lifetime <= LONGEST_LIFETIME:
            raise ValueError(f"cookie {self.name!r}: lifetime {self.lifetime} is outside 0 to 400 days (RFC 6265bis)")

    @property
    def is_pattern(self) -> bool:
        return any(character in self.name for character in "*?[")

    def matches(self, name: str) -> bool:
        return fnmatchcase(name, self.name) if self.is_pattern else name == self.name


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """The privacy policy the choice is made under.

    ``version`` counts up and is written on every row. ``changes`` says in words what this version changed, in one
    language or by language (``{"en": "…", "de": "…"}``): who chose under an older version is told so once.
    """

    version: int = 1
    effective: date | None = None
    changes: str | Mapping[str, str] = ""
    url: str = ""  # the site's own policy page, linked from the notice

    def __post_init__(self) -> None:
        if not 1 <= self.version <= 65_535:
            raise ValueError(f"policy version {self.version}: a whole number from 1 to 65535")
        if not isinstance(self.changes, str) and not all(self.changes.values()):
            raise ValueError(f"policy version {self.version}: changes in some language are no words")

    def changes_in(self, language: str) -> str:
        """What changed, in this language, its main one, English, or whatever there is."""
        if isinstance(self.changes, str):
            return self.changes
        for tag in (language, language.partition("-")[0], "en", *self.changes):
            if tag in self.changes:
                return self.changes[tag]
        return ""


def purposes_by_name(own: Iterable[Purpose]) -> Mapping[str, Purpose]:
    """The built-in purposes and the app's own, in the order shown; the app may reword a built-in one."""
    merged = {purpose.name: purpose for purpose in BUILT_IN}
    merged.update((purpose.name, purpose) for purpose in own)
    return merged
