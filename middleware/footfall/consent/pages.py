"""Our own pages: ``/privacy``, where the visitor chooses and sees what follows, and the declaration of cookies."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from footfall.consent.assets import STYLE
from footfall.consent.declaration import Declared, declared, for_purpose
from footfall.consent.footing import PLAIN, Footing
from footfall.consent.purposes import NECESSARY, purposes_by_name
from footfall.consent.regimes import STRICTEST, Regime
from footfall.consent.rendering import environment
from footfall.consent.services import Service
from footfall.consent.shown import ShownText, shown_service, visible_text
from footfall.consent.texts import Catalogue, Texts, catalogue
from footfall.settings import Settings

#: Declarations and fingerprints kept: languages × schemes × with and without the signal.
_KEPT = 128

#: Nothing but our own style and our own forms; ``'self'`` frames so that a site may show the page in its account area.
_CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PrivacyState:
    """All that ``/privacy`` says about one visitor. Nothing of it is looked up by the page itself.

    ``outcome`` is what happened just before: "saved" (a choice was made), "not_ours" (the form was refused) or
    "not_recorded" (a grant could not be recorded and was not given); anything else says nothing.
    """

    granted: Collection[str] = ()  # purposes in force now
    services: Collection[str] = ()  # services that may be used now
    decided: bool = False
    decided_at: float | None = None  # Unix time, seconds
    source: str | None = None  # "banner", "preferences", "account", "gpc", "regime"
    regime: Regime = STRICTEST
    policy_version: int | None = None  # of the policy the choice was made under
    gpc: bool = False
    degraded: Sequence[str] = ()
    visitor_number: str = ""
    member: str = ""
    notices: Sequence[str] = ()  # what the member must be told: "theft"
    outcome: str = ""
    return_to: str = ""  # a path of this site, for the way back
    token: str = ""
    secure: bool = True  # the visitor came over HTTPS
    footing: Footing = PLAIN


class PrivacyPage:
    """Renders the pages of one site. ``templates`` is a directory whose ``page.html`` frames them instead of ours."""

    def __init__(self, settings: Settings, *, texts: Catalogue | None = None, templates: Path | None = None) -> None:
        self._settings = settings
        self._texts = texts or catalogue()
        self._purposes = purposes_by_name(settings.purposes)
        self._environment = environment(templates)
        self._privacy = self._environment.get_template("privacy.html")
        self._cookies = self._environment.get_template("cookies.html")
        self._form = self._environment.get_template("choices.html")
        self._closed = settings.undeclared == "deny"
        self._has_own_frame = templates is not None
        self._declared = lru_cache(_KEPT)(self._declare)
        self._shown = lru_cache(_KEPT)(self._read)

    def render(self, state: PrivacyState, language: str) -> str:
        """The page ``/privacy`` as HTML."""
        words = self._texts[language]
        allowed = self._allowed(words, state)
        return self._privacy.render(
            **self._common(words),
            **self._choices(words, state),
            state=state,
            footing=state.footing,
            shown=self._shown(words.language, state.gpc, state.secure).fingerprint,
            allowed=allowed,
            confirmation=_confirmation(words, state, allowed),
            error=_error(words, state.outcome),
            facts=_facts(words, state),
            undecided=words.say("opt_out.undecided") if state.regime == "opt-out" else words.undecided,
            changes=self._settings.policy.changes_in(words.language),
            back=state.return_to if _is_own_path(state.return_to) else "",
        )

    def declaration(self, language: str, *, secure: bool = True, footing: Footing = PLAIN) -> str:
        """The page ``/privacy/cookies`` as HTML."""
        words = self._texts[language]
        cookies = self._declared(words.language, secure)
        titles = {name: words.purpose(purpose).title for name, purpose in self._purposes.items()}
        return self._cookies.render(
            **self._common(words),
            cookies=cookies,
            services=self._settings.services,
            titles=titles,
            closed=self._closed,
            footing=footing,
        )

    def shown(self, language: str, *, gpc: bool = False, secure: bool = True) -> ShownText:
        """The words of the choices on ``/privacy``, and their fingerprint, for the record of a choice made there."""
        return self._shown(self._texts[language].language, gpc, secure)

    def shown_service(self, language: str, service: Service) -> ShownText:
        """The words of a service's placeholder, for the record of a choice made in it."""
        words = self._texts[language]
        title = words.purpose(self._purposes[service.purpose]).title
        return shown_service(service, title, words.language, self._settings.policy.version)

    @property
    def headers(self) -> dict[str, str]:
        """What the pages are to be served with: ``no-transform`` keeps the notice out of them.

        A frame of the site's own brings a content policy of its own.
        """
        headers = {
            "cache-control": "no-store, no-transform",
            "referrer-policy": "same-origin",
            "x-content-type-options": "nosniff",
        }
        if not self._has_own_frame:
            headers["content-security-policy"] = _CONTENT_POLICY
        return headers

    # -- what the templates are given

    def _common(self, words: Texts) -> dict[str, Any]:
        policy, prefix = self._settings.policy, self._settings.prefix
        return {
            "t": words,
            "prefix": prefix,
            "policy_url": policy.url,
            "style": STYLE.url(prefix),
        }

    def _choices(self, words: Texts, state: PrivacyState) -> dict[str, Any]:
        cookies = self._declared(words.language, state.secure)
        return {
            "purposes": [self._purpose(words, name, cookies, state) for name in self._purposes],
            "gpc": words.signal(self._purposes.values()) if state.gpc else "",
            "decided": state.decided,
            "token": state.token,
            "return_to": state.return_to,
        }

    def _purpose(self, words: Texts, name: str, cookies: Sequence[Declared], state: PrivacyState) -> dict[str, Any]:
        return {
            "name": name,
            "text": words.purpose(self._purposes[name]),
            "necessary": name == NECESSARY.name,
            "granted": name in state.granted,
            "off_by_signal": state.gpc and self._purposes[name].sale_or_share,
            "cookies": for_purpose(cookies, name),
            "services": [
                self._service(service, state) for service in self._settings.services if service.purpose == name
            ],
        }

    def _service(self, service: Service, state: PrivacyState) -> dict[str, Any]:
        return {
            "name": service.name,
            "title": service.title or service.name,
            "provider": service.provider,
            "description": service.description,
            "url": service.url,
            "granted": service.name in state.services,
        }

    def _allowed(self, words: Texts, state: PrivacyState) -> list[str]:
        """The titles of the optional purposes in force."""
        optional = (purpose for name, purpose in self._purposes.items() if name != NECESSARY.name)
        return [words.purpose(purpose).title for purpose in optional if purpose.name in state.granted]

    def _declare(self, language: str, secure: bool) -> list[Declared]:
        return declared(self._settings, self._texts[language], secure=secure)

    def _read(self, language: str, gpc: bool, secure: bool) -> ShownText:
        words = self._texts[language]
        choices = self._choices(words, PrivacyState(gpc=gpc, secure=secure))
        html = self._form.render(**self._common(words), **choices, shown="")
        return ShownText("preferences", language, self._settings.policy.version, visible_text(html))


def _confirmation(words: Texts, state: PrivacyState, allowed: Sequence[str]) -> str:
    if state.outcome != "saved":
        return ""
    return words.listed(words.saved_some, allowed) if allowed else words.saved_none


def _error(words: Texts, outcome: str) -> str:
    return {"not_ours": words.error_not_ours, "not_recorded": words.error_not_recorded}.get(outcome, "")


def source_in_words(words: Texts, source: str | None) -> str:
    """Where a choice comes from; "" while undecided."""
    how: Mapping[str | None, str] = {
        "banner": words.how_banner,
        "preferences": words.how_preferences,
        "account": words.how_account,
        "gpc": words.how_gpc,
        "regime": words.say("opt_out.how_regime"),
    }
    return how.get(source, "")


def _facts(words: Texts, state: PrivacyState) -> list[tuple[str, str]]:
    """What is held, as (label, value); only what is there."""
    facts = (
        (words.held_when, _date(state.decided_at)),
        (words.held_how, source_in_words(words, state.source)),
        (words.held_policy, str(state.policy_version or "")),
        (words.held_visitor, state.visitor_number),
        (words.held_member, state.member),
    )
    return [(label, value) for label, value in facts if value]


def _date(at: float | None) -> str:
    """ISO 8601, which reads the same in every language."""
    return "" if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _is_own_path(path: str) -> bool:
    """Whether a link to it stays on this site: a second check, for the page must never be a springboard."""
    return path.startswith("/") and not path.startswith("//") and path.isprintable() and "\\" not in path
