"""The pages of the gate: what a person is told who may not go on, and what they can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from footfall.consent.assets import STYLE
from footfall.consent.rendering import environment
from footfall.consent.texts import Catalogue
from footfall.settings import Settings


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    why: str
    link: str = ""


_WORDS = {
    HTTPStatus.UNAUTHORIZED: _Words(
        "Please sign in first",
        "You are not signed in, or not any more, so what you sent was not taken. Nothing of it was kept here: sign in, "
        "go back to the form and send it again.",
        "Sign in",
    ),
    HTTPStatus.FORBIDDEN: _Words(
        "This is not open to you",
        "You are signed in, but your account does not have the role that this page asks for.",
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: _Words(
        "Not available for the moment",
        "We cannot look up who is signed in just now, so this page stays closed. You have not been signed out; "
        "try again in a minute.",
    ),
}


class RefusalPages:
    """Renders what the gate says, in the frame of our other pages."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._template = environment(settings.templates).get_template("refusal.html")
        self._texts = Catalogue(settings.texts)

    def html(self, status: HTTPStatus, language: str, *, link: str = "") -> str:
        """The page for 401, 403 or 503; ``link`` leads to the sign-in where that is what helps."""
        words, prefix = _WORDS[status], self._settings.prefix
        return self._template.render(
            t=self._texts[language],
            words=words,
            link=link if words.link else "",
            prefix=prefix,
            policy_url=self._settings.policy.url,
            style=STYLE.url(prefix),
        )
