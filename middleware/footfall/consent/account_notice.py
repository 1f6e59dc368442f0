"""The notice to members on the use of their account information, in the site's own words. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from footfall.consent.notice_text import missing_from
from footfall.consent.shown import ShownText


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountNotice:
    """What members are told before the information in their account is used without a yes (47 CFR 64.2008).

    ``text`` is the whole notice, paragraphs separated by blank lines, in one ``language``. ``information``,
    ``recipients`` and ``steps`` name the types of information, who receives it, and what one does to say yes or no,
    in words that stand in the text. ``purposes`` are those of the settings that it tells of. An English text is
    looked through for what 64.2008(c)(1)–(4) wants; ``lint=False`` leaves that to whoever wrote it. Raises ValueError,
    naming each paragraph and what is missing.
    """

    purposes: Sequence[str]
    text: str
    information: Sequence[str]
    recipients: Sequence[str]
    steps: Sequence[str]
    language: str = "en"
    lint: bool = True

    def __post_init__(self) -> None:
        for name in ("purposes", "information", "recipients", "steps"):
            if isinstance(getattr(self, name), str):
                raise ValueError(f"account_notice: {name} is a tuple: {name}=({getattr(self, name)!r},)")
        if not self.purposes:
            raise ValueError("account_notice: purposes is empty; name those that the notice tells of")
        lacks = self.lacks
        if lacks and self.lint:
            raise ValueError(f"account_notice: the text lacks {'; '.join(lacks)}; say it, or set lint=False")

    @property
    def lacks(self) -> list[str]:
        """What the text does not say, as far as a program can tell."""
        if not self.language.lower().startswith("en"):
            return []
        return missing_from(self.text, information=self.information, recipients=self.recipients, steps=self.steps)

    @property
    def paragraphs(self) -> list[str]:
        return [" ".join(part.split()) for part in re.split(r"\n\s*\n", self.text) if part.strip()]

    def shown(self, policy_version: int) -> ShownText:
        """The notice as a record names it."""
        return ShownText("account_notice", self.language, policy_version, "\n".join(self.paragraphs))
