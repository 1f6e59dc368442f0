"""The pages of the gate: what a person is told who may not go on, and what they can do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

from footfall.consent.assets import STYLE
from footfall.consent.footing import PLAIN, Footing
from footfall.consent.rendering import environment
from footfall.consent.texts import Texts
from footfall.resend import Resend
from footfall.settings import Settings

Reason = Literal["sign_in", "sign_in_again", "refused", "foreign", "unmarked", "down", "no_cookies"]

STATUS: dict[Reason, HTTPStatus] = {
    "sign_in": HTTPStatus.UNAUTHORIZED,
    "sign_in_again": HTTPStatus.UNAUTHORIZED,
    "refused": HTTPStatus.FORBIDDEN,
    "foreign": HTTPStatus.FORBIDDEN,
    "unmarked": HTTPStatus.FORBIDDEN,
    "down": HTTPStatus.SERVICE_UNAVAILABLE,
    "no_cookies": HTTPStatus.UNAUTHORIZED,
}

#: The words of the title, and of what is said below it. ``unmarked``: an old browser's form without its token.
_WORDS: dict[Reason, tuple[str, str]] = {
    "sign_in": ("gate.sign_in_title", "gate.sign_in_why"),
    "sign_in_again": ("gate.again_title", "gate.again_why"),
    "refused": ("gate.refused_title", "gate.refused_why"),
    "foreign": ("gate.foreign_title", "gate.foreign_why"),
    "unmarked": ("gate.foreign_title", ""),
    "down": ("gate.down_title", "gate.down_why"),
    "no_cookies": ("gate.no_cookies_title", "gate.no_cookies_why"),
}


@dataclass(frozen=True, slots=True)
class Link:
    href: str
    text: str
    new_tab: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """One page: a title, what is said, and the ways on."""

    title: str
    why: Sequence[str] = ()
    links: Sequence[Link] = ()
    resend: Resend | None = None


def said_of(reason: Reason, words: Texts, *, sign_in: str = "", resend: Resend | None = None, tab: str = "") -> Said:
    """The words for a reason. ``sign_in`` leads to the sign-in and back, ``tab`` to one in a new tab, beside the
    form that is offered again."""
    title, why = _WORDS[reason]
    said = [words.say(why) if why else words.error_not_ours]
    if STATUS[reason] != HTTPStatus.UNAUTHORIZED:
        return Said(words.say(title), said)
    if reason == "no_cookies":
        return Said(words.say(title), [*said, words.say("gate.no_cookies_what")])
    if resend is None:
        link = Link(sign_in, words.say("gate.sign_in"))
        return Said(words.say(title), [*said, words.say("gate.lost")], [link])
    said += [words.say("gate.kept")] + ([words.say("gate.left_out")] if resend.left_out else [])
    return Said(words.say(title), said, [Link(tab, words.say("gate.sign_in_tab"), new_tab=True)], resend)


class RefusalPages:
    """Renders what is said, in the frame of our other pages."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._template = environment(settings.templates).get_template("refusal.html")

    def html(self, said: Said, words: Texts, footing: Footing = PLAIN) -> str:
        """The page; ``footing`` is what stands at its foot."""
        prefix = self._settings.prefix
        return self._template.render(
            t=words,
            said=said,
            prefix=prefix,
            policy_url=self._settings.policy.url,
            style=STYLE.url(prefix),
            footing=footing,
        )
