"""The notice: the first layer, a plain form that works without JavaScript and stands in nobody's way.

It is a labelled region at the end of the document, no dialog: it takes no focus and locks nothing. Accepting and
refusing are buttons of one kind on the same layer (EDPB cookie banner taskforce 2023, §8).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from markupsafe import escape

from footfall.consent.assets import SCRIPT, STYLE
from footfall.consent.consent_mode import signals_of
from footfall.consent.purposes import NECESSARY, purposes_by_name
from footfall.consent.regimes import STRICTEST, Regime
from footfall.consent.rendering import environment
from footfall.consent.shown import ShownText, visible_text
from footfall.consent.texts import Catalogue, catalogue
from footfall.settings import Settings

# Where in a finished rendering that goes which differs from one request to the next: characters that mean nothing.
_MARK = re.compile("\ue000[a-z_]+\ue000")
_RETURN_TO, _TOKEN, _ENTRY, _NONCE, _SHOWN = (
    "\ue000return_to\ue000",
    "\ue000token\ue000",
    "\ue000entry\ue000",
    "\ue000nonce\ue000",
    "\ue000shown\ue000",
)

#: Renderings kept: languages × with and without the signal × the few sets of purposes asked about.
_KEPT = 512


class Notice:
    """Renders the notice of one site. Everything but the visitor's own few words is worked out once."""

    def __init__(self, settings: Settings, *, texts: Catalogue | None = None, templates: Path | None = None) -> None:
        self._prefix = settings.prefix
        self._policy = settings.policy
        self._texts = texts or catalogue()
        self._purposes = purposes_by_name(settings.purposes)
        self._mode = json.dumps(signals_of(settings.consent_mode, settings.purpose_names))
        self._optional = tuple(name for name in self._purposes if name != NECESSARY.name)
        self._template = environment(templates).get_template("notice.html")
        self._frame = lru_cache(_KEPT)(self._render)
        self._shown = lru_cache(_KEPT)(self._read)

    def html(
        self,
        language: str,
        *,
        return_to: str,
        token: str = "",
        entry: str = "",
        gpc: bool = False,
        nonce: str = "",
        asked: Sequence[str] | None = None,
        regime: Regime = STRICTEST,
    ) -> str:
        """The notice as HTML, to stand last in ``<body>``.

        ``return_to`` is the path and query the visitor comes back to, ``token`` and ``entry`` go into the form,
        ``nonce`` onto the style and script where the page's policy wants one, ``asked`` are the purposes still to be
        decided (default: all optional ones).
        """
        key = (self._texts[language].language, self._asked(asked), gpc, regime)
        own = {
            _RETURN_TO: str(escape(return_to)),
            _TOKEN: str(escape(token)),
            _ENTRY: str(escape(entry)),
            _NONCE: f' nonce="{escape(nonce)}"' if nonce else "",
            _SHOWN: self._shown(*key).fingerprint,
        }
        return _MARK.sub(lambda mark: own[mark[0]], self._frame(*key))

    def shown(
        self,
        language: str,
        *,
        gpc: bool = False,
        asked: Sequence[str] | None = None,
        regime: Regime = STRICTEST,
    ) -> ShownText:
        """The words of this notice, and their fingerprint, for the record of a choice made in it."""
        return self._shown(self._texts[language].language, self._asked(asked), gpc, regime)

    def _asked(self, asked: Sequence[str] | None) -> tuple[str, ...]:
        return self._optional if asked is None else tuple(name for name in self._optional if name in asked)

    def _render(self, language: str, asked: tuple[str, ...], gpc: bool, regime: Regime) -> str:
        words, again = self._texts[language], len(asked) < len(self._optional)
        return self._template.render(
            t=words,
            body=words.say("opt_out.notice_body") if regime == "opt-out" else words.notice_body,
            sells=regime == "opt-out" and any(purpose.sale_or_share for purpose in self._purposes.values()),
            purposes=[words.purpose(self._purposes[name]).title for name in asked],
            again=again,
            changes=self._policy.changes_in(language) if again else "",
            accepted=[name for name in asked if not (gpc and self._purposes[name].sale_or_share)],
            gpc=words.signal(self._purposes.values()) if gpc else "",
            mode=self._mode,
            prefix=self._prefix,
            policy_url=self._policy.url,
            style=STYLE.url(self._prefix),
            script=SCRIPT.url(self._prefix),
            return_to=_RETURN_TO,
            token=_TOKEN,
            entry=_ENTRY,
            nonce_attribute=_NONCE,
            shown=_SHOWN,
        )

    def _read(self, language: str, asked: tuple[str, ...], gpc: bool, regime: Regime) -> ShownText:
        text = visible_text(self._frame(language, asked, gpc, regime))
        return ShownText("notice", language, self._policy.version, text)
