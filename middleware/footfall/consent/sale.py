"""``/privacy/do-not-sell``: the page on which selling and sharing is refused, or allowed, in one click each.

A cookie banner is not the way to opt out (11 CCR 7026(a)(4)): this page stands for itself, without JavaScript, and
its two buttons are of one kind (11 CCR 7004(a)(2)).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from footfall.consent.assets import STYLE
from footfall.consent.footing import PLAIN, Footing
from footfall.consent.purposes import purposes_by_name
from footfall.consent.rendering import environment
from footfall.consent.shown import ShownText, visible_text
from footfall.consent.texts import Catalogue
from footfall.settings import Settings

#: What follows the prefix in the page's address.
SALE_PATH = "/do-not-sell"

#: Languages × with and without the signal, and some room.
_KEPT = 128


@dataclass(frozen=True, kw_only=True, slots=True)
class SaleState:
    """What the page says about one visitor."""

    granted: Collection[str] = ()  # purposes in force now
    gpc: bool = False
    member: bool = False
    outcome: str = ""  # "saved", "not_ours", "not_recorded", or nothing to say
    footing: Footing = PLAIN
    token: str = ""


class SalePage:
    """Renders the page of one site."""

    def __init__(self, settings: Settings, texts: Catalogue) -> None:
        self._settings = settings
        self._texts = texts
        self._sold = [one for one in purposes_by_name(settings.purposes).values() if one.sale_or_share]
        self._template = environment(settings.templates).get_template("do_not_sell.html")
        self.shown = lru_cache(_KEPT)(self._shown)

    @property
    def exists(self) -> bool:
        """Whether anything is sold or shared at all."""
        return bool(self._sold)

    def render(self, state: SaleState, language: str) -> str:
        """The page as HTML."""
        words, prefix = self._texts[language], self._settings.prefix
        sold = any(purpose.name in state.granted for purpose in self._sold)
        titles = [words.purpose(purpose).title for purpose in self._sold]
        return self._template.render(
            t=words,
            prefix=prefix,
            policy_url=self._settings.policy.url,
            style=STYLE.url(prefix),
            path=SALE_PATH,
            state=state,
            footing=state.footing,
            intro=words.say("opt_out.sell_intro", purposes=", ".join(titles)),
            now=words.say("opt_out.sell_on" if sold else "opt_out.sell_off"),
            gpc=words.signal(self._sold) if state.gpc else "",
            confirmation=words.saved if state.outcome == "saved" else "",
            error={"not_ours": words.error_not_ours, "not_recorded": words.error_not_recorded}.get(state.outcome, ""),
        )

    def link(self, language: str) -> Markup:
        """A link to the page, for the foot of the site's own pages; empty where nothing is sold or shared."""
        if not self.exists:
            return Markup()
        words = self._texts[language]
        address, label = self._settings.prefix + SALE_PATH, words.say("opt_out.sell_title")
        return Markup('<a href="{}" lang="{}">{}</a>').format(address, words.language, label)

    def _shown(self, language: str, *, gpc: bool) -> ShownText:
        """The words on the page before a choice, and their fingerprint, for its record."""
        html = self.render(SaleState(gpc=gpc), language)
        return ShownText("do_not_sell", language, self._settings.policy.version, visible_text(html))
