"""The change of a policy, in words: who chose under an older version is told once, at the end of a page.

Once is: on the first whole page of their next visit, or on ``/privacy``, whichever is first. Their choice stands, and
its cookie notes that they were told; a new choice is made under the new version and says as much.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from markupsafe import Markup, escape

from footfall.consent.assets import STYLE
from footfall.consent.choice import Choice
from footfall.consent.consent import Consent
from footfall.consent.rendering import environment
from footfall.consent.shown import ShownText, visible_text
from footfall.consent.texts import Catalogue
from footfall.settings import Settings

_NONCE = "\ue000nonce\ue000"
_KEPT = 64


class PolicyChange:
    """Tells of the change that the site's policy states."""

    def __init__(self, settings: Settings, *, texts: Catalogue, templates: Path | None = None) -> None:
        self._policy = settings.policy
        self._prefix = settings.prefix
        self._texts = texts
        self._template = environment(templates).get_template("change.html")
        self._frame = lru_cache(_KEPT)(self._render)

    def concerns(self, consent: Consent) -> bool:
        """Whether this visitor chose under an older policy and was not told of the change."""
        choice = consent.choice
        return bool(self._policy.changes) and choice is not None and consent.decided and self._is_older(choice)

    def _is_older(self, choice: Choice) -> bool:
        return max(choice.policy_version, choice.told) < self._policy.version

    def html(self, language: str, *, nonce: str = "") -> str:
        """The change as HTML, to stand last in ``<body>``."""
        attribute = f' nonce="{escape(nonce)}"' if nonce else ""
        return self._frame(self._texts[language].language).replace(_NONCE, attribute)

    def shown(self, language: str) -> ShownText:
        """The words, and their fingerprint, for the record that a member was told."""
        language = self._texts[language].language
        return ShownText("change", language, self._policy.version, visible_text(self._frame(language)))

    def _render(self, language: str) -> str:
        return self._template.render(
            t=self._texts[language],
            changes=self._policy.changes_in(language),
            prefix=self._prefix,
            policy_url=self._policy.url,
            style=STYLE.url(self._prefix),
            nonce_attribute=Markup(_NONCE),  # noqa: S704  (a mark of our own, replaced by what was escaped)
        )
