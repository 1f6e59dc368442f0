"""Lines of an access log as events: anonymous ones only, since a log carries nobody's consent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from footfall.event import Drop, DropReason, Event, Kind, anonymous
from footfall.guard.secrets import scrub_path, scrub_url
from footfall_analytics.enrich.sources import host_of
from footfall_analytics.filetypes import file_name, type_of
from footfall_analytics.logfile import LogLine

#: Where probes ask whether a server lives.
HEALTH_PATHS = frozenset(
    ("/health", "/healthz", "/ping", "/status", "/livez", "/readyz", "/ready", "/live", "/up", "/heartbeat", "/_health")
)
EXCLUDED_PATHS = frozenset(("/robots.txt",))

_FEWEST_SIGHTINGS = 10

_clean_path = lru_cache(maxsize=16_384)(scrub_path)
_clean_url = lru_cache(maxsize=16_384)(scrub_url)


def to_event(line: LogLine, site: str, host: str = "") -> Event | Drop:
    """The request that a line tells of: one row, or one reason why there is none.

    A page view is a GET of a page that succeeded (2xx or 304); everything else that was served is a request. The
    query is left out, as it is of every anonymous event; ``host`` is the site's own, which logs do not say.
    """
    if reason := _reason(line.path):
        return Drop(line.time_ms, site, reason)
    return anonymous(
        Event(
            time_ms=line.time_ms,
            site=site,
            kind=_kind(line),
            host=host,
            method=line.method,
            path=_clean_path(line.path),
            status=line.status,
            bytes=line.bytes,
            referrer=_clean_url(line.referrer) if line.referrer else "",
            user_agent=line.user_agent,
        )
    )


def document_of(request: Event) -> Event | None:
    """The use of a document that a request was: a file that was fetched whole, or was still in the
    browser's cache. It is a second event beside the request, named by the file."""
    if request.method != "GET" or not _succeeded(request.status) or type_of(request.path) != "document":
        return None
    return msgspec.structs.replace(request, kind="document", name=file_name(request.path))


def own_host(lines: Iterable[LogLine]) -> str:
    """The site's own host, which logs do not say, by its assets: a page asks for them, so most of their referrers
    are pages of the site. "" where fewer than ten or no clear majority say so."""
    referrers = Counter(host_of(line.referrer) for line in lines if line.referrer and type_of(line.path) == "asset")
    if not referrers:
        return ""
    host, seen = referrers.most_common(1)[0]
    return host if seen >= _FEWEST_SIGHTINGS and seen * 2 > referrers.total() else ""


def _reason(path: str) -> DropReason | None:
    if path in HEALTH_PATHS:
        return "health"
    if path in EXCLUDED_PATHS:
        return "excluded"
    return "static" if type_of(path) == "asset" else None


def _kind(line: LogLine) -> Kind:
    page = line.method == "GET" and bool(line.path) and _succeeded(line.status) and type_of(line.path) == "page"
    return "page_view" if page else "request"


def _succeeded(status: int) -> bool:
    """Not 206: a reader that fetches a document piece by piece would have read it as often as there are pieces."""
    return (200 <= status < 300 and status != 206) or status == 304
