"""Embedding: what a page holds of others' services, there where the visitor allows it, held back where not."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from markupsafe import Markup, escape

from footfall.asking import Asking
from footfall.consent.consent_mode import default_script, signals_of
from footfall.consent.placeholder import ONCE, Held, Placeholders
from footfall.consent.services import Service
from footfall.consent.texts import Catalogue
from footfall.hit import Hit
from footfall.settings import Settings


class Embedding:
    """Holds back scripts and frames until their service, or their purpose, is allowed. On the server: what a browser
    is not sent, it cannot load."""

    def __init__(self, settings: Settings, asking: Asking) -> None:
        self._asking = asking
        self._placeholders = Placeholders(settings, texts=Catalogue(settings.texts), templates=settings.templates)
        self.signals: Mapping[str, str] = signals_of(settings.consent_mode, settings.purpose_names)

    def embed(self, hit: Hit, name: str, html: str, *, width: int, height: int, title: str, nonce: str) -> Markup:
        """The HTML of a service, or its placeholder. Raises ValueError for a service that the settings lack."""
        hit.asks = True  # the page depends on who asks for it: no shared cache may keep it
        content = Markup(html)  # noqa: S704  (the app's own HTML)
        if hit.consent.allows_service(name):
            return content
        hit.held += 1
        anchor = f"footfall-held-{hit.held}"
        if self._is_loaded_once(hit, name):
            return Markup('<div id="{}">{}</div>').format(anchor, content)  # where the link leads to
        service = self._placeholders.services[name]
        held = Held(
            service=service,
            content=content,
            anchor=anchor,
            once=_once(hit, service, self._asking.token(hit), anchor),
            return_to=_without_once(hit.address),
            token=self._asking.token(hit),
            width=width,
            height=height,
            title=title,
            nonce=nonce,
        )
        return Markup(hit.rooted(self._placeholders.html(held, self._asking.language(hit))))  # noqa: S704

    def held_back(self, hit: Hit, name: str) -> Markup:
        """The attributes that hold a script back until the purpose or service is allowed; empty where it is."""
        hit.asks = True
        service = self._placeholders.services.get(name)
        if hit.consent.allows_service(name) if service else hit.consent.allows(name):
            return Markup("")
        purpose = service.purpose if service else name
        attributes = f'type="text/plain" data-purpose="{escape(purpose)}"'
        return Markup(f'{attributes} data-service="{escape(name)}"' if service else attributes)  # noqa: S704

    def consent_mode(self, hit: Hit, *, nonce: str) -> Markup:
        """The script that tells Google's tags what holds. Raises ValueError where ``Settings.consent_mode`` is off."""
        if not self.signals:
            raise ValueError("Settings.consent_mode is off: set it to True to send Google's tags their signals")
        hit.asks = True
        attribute = f' nonce="{escape(nonce)}"' if nonce else ""
        return Markup(f"<script{attribute}>{default_script(self.signals, hit.consent.granted)}</script>")  # noqa: S704

    def _is_loaded_once(self, hit: Hit, name: str) -> bool:
        """Whether the visitor pressed "Load once" on this very site: a link from elsewhere loads nothing."""
        asked = dict(_pairs(hit.scope["query_string"].decode("latin-1")))
        service, _, token = asked.get(ONCE, "").partition(".")
        if service != name:
            return False
        site = hit.arrival.headers.get(b"sec-fetch-site")
        return self._asking.is_ours(hit, token) if site is None else site == b"same-origin"


def _once(hit: Hit, service: Service, token: str, anchor: str) -> str:
    path, _, query = hit.address.partition("?")
    pairs = [pair for pair in _pairs(query) if pair[0] != ONCE]
    return f"{path}?{urlencode([*pairs, (ONCE, f'{service.name}.{token}')])}#{anchor}"


def _without_once(address: str) -> str:
    path, _, query = address.partition("?")
    if ONCE not in query:
        return address
    pairs = [pair for pair in _pairs(query) if pair[0] != ONCE]
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)
