"""The placeholder: stands where a service's player or map would, until the visitor lets it be loaded.

It has the size of what it stands for, so that nothing jumps. "Always load" is a form that records a choice for this
service alone; "Load once" is a link to the same page with it, and keeps nothing. What is held back travels inside a
``template``, of which no browser loads anything, so that a script can put it in place after a choice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from footfall.consent.assets import STYLE
from footfall.consent.purposes import purposes_by_name
from footfall.consent.rendering import environment
from footfall.consent.services import Service
from footfall.consent.shown import shown_service
from footfall.consent.texts import Catalogue, Texts
from footfall.settings import Settings

#: Of a page's address: the service that is to be loaded this once.
ONCE = "footfall-load"

_LARGEST = 10_000  # CSS pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One placeholder on one page. ``width`` and ``height`` are CSS pixels, 0 where they are not known."""

    service: Service
    content: Markup
    once: str  # the address of the page with the service loaded
    return_to: str
    token: str
    anchor: str  # the id of its element
    width: int = 0
    height: int = 0
    title: str = ""
    nonce: str = ""

    def __post_init__(self) -> None:
        for name, size in (("width", self.width), ("height", self.height)):
            if not 0 <= size <= _LARGEST:
                raise ValueError(f"{name}={size}: CSS pixels, from 0 to {_LARGEST}")


class Placeholders:
    """Renders the placeholders of one site."""

    def __init__(self, settings: Settings, *, texts: Catalogue, templates: Path | None = None) -> None:
        self.services: Mapping[str, Service] = {service.name: service for service in settings.services}
        self._settings = settings
        self._texts = texts
        self._purposes = purposes_by_name(settings.purposes)
        self._template = environment(templates).get_template("placeholder.html")

    def html(self, held: Held, language: str) -> str:
        """The placeholder in a language."""
        words, service, prefix = self._texts[language], held.service, self._settings.prefix
        purpose = words.purpose(self._purposes[service.purpose]).title
        shown = shown_service(service, purpose, words.language, self._settings.policy.version)
        title = held.title or service.title or service.name
        return self._template.render(
            t=words,
            service=service,
            purpose=purpose,
            held=words.say("services.held", title=title),
            why=self._why(words, service),
            anchor=held.anchor,
            once=held.once,
            shown=shown.fingerprint,
            return_to=held.return_to,
            token=held.token,
            width=held.width,
            height=held.height,
            nonce=held.nonce,
            content=held.content,
            prefix=prefix,
            style=STYLE.url(prefix),
        )

    def _why(self, words: Texts, service: Service) -> str:
        return words.say("services.why", provider=service.provider or service.title or service.name)
