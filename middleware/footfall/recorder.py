"""The recorder: from a hit to an event, scrubbed and truncated before it is kept.

A request never fails because recording did: what goes wrong here is counted and logged, without the data.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from functools import lru_cache

import msgspec

from footfall.arrival import truncated
from footfall.event import (
    REQUEST_KINDS,
    Drop,
    DropReason,
    Event,
    Kind,
    Outline,
    anonymous,
    anonymous_request,
    origin_of,
)
from footfall.guard.billing import scrub
from footfall.guard.secrets import scrub_path, scrub_query, scrub_url
from footfall.hit import Hit
from footfall.settings import Settings
from footfall.sink import EventSink

log = logging.getLogger("footfall.recorder")

_MOST_PROPS = 16
_LONGEST_TEXT = 256
_LONGEST_PATH = 1024

#: What stands for the method of a WebSocket, which has none.
WEBSOCKET = "WEBSOCKET"


# Scrubbing is pure and paths repeat: the cache makes the common case a lookup.
# What is looked up was cut before, so that it is bounded in bytes too.
@lru_cache(maxsize=4096)
def _clean_path(path: str) -> str:
    return scrub_path(_encodable(path))


@lru_cache(maxsize=4096)
def _clean_query(query: bytes) -> str:
    return scrub_query(query.decode("latin-1"))


@lru_cache(maxsize=4096)
def _clean_url(url: bytes) -> str:
    return scrub_url(url.decode("latin-1"))


@lru_cache(maxsize=4096)
def _clean_origin(url: bytes) -> str:
    return origin_of(_clean_url(url))


class Recorder:
    """Builds the events of one site and gives them to the sink."""

    def __init__(self, settings: Settings, sink: EventSink, clock: Callable[[], float] = time.time) -> None:
        self._site = settings.site
        self._policy_version = settings.policy.version
        self._country = settings.country_header.lower().encode() if settings.country_header else b""
        self._sink = sink
        self._clock = clock

    def drop(self, reason: DropReason) -> None:
        """Count a request that becomes no row."""
        try:
            self._sink.drop(Drop(int(self._clock() * 1000), self._site, reason))
        except Exception:
            log.exception("a dropped request (%s) could not be recorded", reason)

    def served(self, hit: Hit) -> None:
        """Keep the request itself, when its response is about to end."""
        try:
            event = self._request(hit)
            self._sink.record(msgspec.structs.replace(event, props=hit.asked) if hit.asked else event)
        except Exception:
            self._failed(hit.kind)

    def _request(self, hit: Hit) -> Event:
        scope, headers = hit.scope, hit.arrival.headers
        referrer = headers.get(b"referer", b"")[:_LONGEST_PATH]
        path = _clean_path(scope["path"][:_LONGEST_PATH])
        if hit.visitor is None:
            return anonymous_request(
                self._outline(hit),
                time_ms=int(hit.at * 1000),
                kind=hit.kind,
                method=scope.get("method", WEBSOCKET),
                path=path,
                route=hit.route,
                status=hit.status,
                size=hit.size,
                duration_us=int(hit.seconds * 1_000_000),
                origin=_clean_origin(referrer) if referrer else "",
            )
        query = scope["query_string"]
        return msgspec.structs.replace(
            self._outline(hit),
            time_ms=int(hit.at * 1000),
            kind=hit.kind,
            method=scope.get("method", WEBSOCKET),
            path=path,
            query=_clean_query(query[:_LONGEST_PATH]) if query else "",
            route=hit.route,
            status=hit.status,
            bytes=hit.size,
            duration_us=int(hit.seconds * 1_000_000),
            referrer=_clean_url(referrer) if referrer else "",
        )

    def used(self, kind: Kind, hit: Hit, name: str = "", props: Mapping[str, object] | None = None) -> None:
        """Keep something that happened while the request was served: a document was read, a member signed in."""
        try:
            clean = {_clean_text(key): _clean_text(value) for key, value in list((props or {}).items())[:_MOST_PROPS]}
            event = _entered(self._event(kind, hit, self._clock(), _clean_text(name), clean), hit)
            self._sink.record(event if hit.visitor is not None else anonymous(event))
        except Exception:
            self._failed(kind)

    def _failed(self, kind: Kind) -> None:
        """The visitor's request goes on whatever this was; a traceback shows our code, not their data."""
        log.exception("an event of kind %r could not be recorded", kind)
        if kind in REQUEST_KINDS:
            self.drop("failed")

    def _outline(self, hit: Hit) -> Event:
        """What this browser's requests have in common, worked out once for each answer and sign-in."""
        scope, browser = hit.scope, hit.arrival.browser
        client = scope.get("client")
        country = hit.arrival.text(self._country)[:2] if self._country else ""
        of = (self, hit.visitor, hit.member, hit.consent, client and client[0], country)
        outline = browser.outline
        if outline is None or outline.of != of:
            event = self._event("request", hit, hit.at, "", {})
            outline = Outline(of, event if hit.visitor is not None else anonymous(event))
            browser.outline = outline
        return outline.event

    def _event(self, kind: Kind, hit: Hit, at: float, name: str, props: dict[str, str]) -> Event:
        scope, arrival, consent, visitor, member = hit.scope, hit.arrival, hit.consent, hit.visitor, hit.member
        browser, client, query = arrival.browser, scope.get("client"), scope["query_string"]
        return Event(
            time_ms=int(at * 1000),
            site=self._site,
            kind=kind,
            host=browser.host,
            method=scope.get("method", WEBSOCKET),
            path=_clean_path(scope["path"][:_LONGEST_PATH]),
            query=_clean_query(query[:_LONGEST_PATH]) if query else "",
            route=hit.route,
            status=hit.status,
            bytes=hit.size,
            duration_us=int(hit.seconds * 1_000_000),
            referrer=_clean_url(arrival.headers.get(b"referer", b"")[:_LONGEST_PATH]),
            user_agent=browser.user_agent,
            ip=truncated(client[0] or "") if client else "",
            country=arrival.text(self._country)[:2] if self._country else "",
            language=browser.language,
            visitor_id=visitor.id if visitor else "",
            visit_number=visitor.visit_number if visitor else 0,
            member_id=member.id if member else "",
            member_how=member.how if member else "",
            purposes=consent.granted_sorted,
            policy_version=self._policy_version,
            consent_source=consent.source or "",
            gpc=consent.gpc,
            name=name,
            props=props,
            visit_started=visitor.started_at if visitor else 0,
        )


def _entered(event: Event, hit: Hit) -> Event:
    """The choice that a visit begins with says how the visitor came: the form it came by is the site's own."""
    entry = hit.entry
    if event.kind != "consent" or entry is None:
        return event
    props = {**event.props, "entry": entry.path}
    return msgspec.structs.replace(event, referrer=entry.referrer, query=entry.query, props=props)


def _clean_text(value: object) -> str:
    return scrub(_encodable(str(value)[:_LONGEST_TEXT]))


def _encodable(text: str) -> str:
    """The text without the lone surrogates that a server may leave in a path: they cannot be written."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
