"""The event: one fact about one request, as it is journalled.

Two shapes leave this module and no third. An *identified* event is made only where the visitor granted
analytics; it carries the visitor, the visit and, where signed in, the member. An *anonymous* event carries
nobody: no identifier, no address, no query, no language of the browser's, and its time is rounded down to
the minute so that neighbouring rows cannot be strung together into a person. A page that put the notice to
somebody says so: which purposes it asked for, under which regime, and in which of the notice's own languages.
Those are facts about the notice, the same for everybody who was shown it.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

Kind = Literal[
    "page_view",  # a document a person looks at: GET, HTML, 2xx or 304
    "request",  # any other request that was served: a form, an API call, a redirect, an error
    "document",  # visit.document(): a file was read or downloaded
    "database",  # visit.database(): a database was used
    "event",  # visit.event(): whatever else the app wants to know
    "sign_in",
    "sign_out",
    "consent",  # a choice was made, or withdrawn
    "cookie",  # the guard dropped a cookie: name, and why
]

#: The kinds that are requests: each served request is exactly one of these, or a counted drop.
REQUEST_KINDS: tuple[Kind, ...] = ("page_view", "request")

DropReason = Literal[
    "static",  # an asset: a path of Settings.static, or by its extension in an imported log
    "health",  # a liveness probe
    "excluded",  # a path of Settings.excluded
    "torn",  # a journal line cut by a crash: it was never acknowledged
    "malformed",  # a line of an imported log that is not one
    "quota",  # the journal was full
    "failed",  # the journal could not be written
    "erased",  # of somebody whose data were erased
]

_IMPERSONAL: tuple[Kind, ...] = ("cookie", "consent")

_MINUTE_MS = 60_000


class Event(msgspec.Struct, frozen=True, kw_only=True, array_like=True, tag="e1", gc=False):
    """One journalled fact. Append fields at the end only, with a default: old journals must still read."""

    time_ms: int  # Unix time, milliseconds, by the server's clock
    site: str
    kind: Kind
    host: str = ""
    method: str = ""
    path: str = ""  # scrubbed
    query: str = ""  # scrubbed, without the "?"
    route: str = ""  # the app's pattern: "/books/{id}"
    status: int = 0
    bytes: int = 0  # of the response's body
    duration_us: int = 0
    referrer: str = ""  # scrubbed
    user_agent: str = ""
    ip: str = ""  # truncated: /24 or /48
    country: str = ""  # ISO 3166-1 alpha-2, from a proxy's header
    language: str = ""  # first of Accept-Language
    visitor_id: str = ""  # UUID in its canonical form, "" where none may be kept
    visit_number: int = 0  # the visitor's how-manieth visit, from 1
    member_id: str = ""
    member_how: str = ""  # "login" or "remembered"
    purposes: tuple[str, ...] = ()  # granted when this happened
    policy_version: int = 0  # the policy in force when this happened
    consent_source: str = ""  # "banner", "account", "gpc", … ; "" is undecided
    gpc: bool = False
    name: str = ""  # of the document, the database, the event, the cookie
    props: dict[str, str] = {}
    visit_started: int = 0  # Unix time, seconds, of the request that began the visit; the same on all its events


class Outline(NamedTuple):
    """What the events of one browser have in common, for as long as it is of the same people and choice."""

    of: tuple[object, ...]
    event: Event


class Drop(msgspec.Struct, frozen=True, array_like=True, tag="d1", gc=False):
    """A request, or a line, that became no row, and why."""

    time_ms: int
    site: str
    reason: DropReason
    count: int = 1


def anonymous(event: Event) -> Event:
    """What may be kept of an event where analytics was not granted: a count, and of nobody.

    The user agent stays in the journal line, for the shipper to tell device and robot from; the row keeps
    only their families. Custom properties are facts about a person and are left out; those of our own two
    kinds are facts about a cookie and a choice. What a page asked for is the recorder's to add.
    """
    return Event(
        time_ms=minute_of(event.time_ms),
        site=event.site,
        kind=event.kind,
        host=event.host,
        method=event.method,
        path=event.path,
        route=event.route,
        status=event.status,
        bytes=event.bytes,
        duration_us=event.duration_us,
        referrer=origin_of(event.referrer),
        user_agent=event.user_agent,
        country=event.country,
        policy_version=event.policy_version,
        consent_source=event.consent_source,
        gpc=event.gpc,
        name=event.name if event.kind != "event" else "",
        props=event.props if event.kind in _IMPERSONAL else {},
    )


def anonymous_request(
    outline: Event,
    *,
    time_ms: int,
    kind: Kind,
    method: str,
    path: str,
    route: str,
    status: int,
    size: int,
    duration_us: int,
    origin: str,
) -> Event:
    """A request of nobody: an outline that is ``anonymous``, with what may be kept of the request itself."""
    return msgspec.structs.replace(
        outline,
        time_ms=minute_of(time_ms),
        kind=kind,
        method=method,
        path=path,
        route=route,
        status=status,
        bytes=size,
        duration_us=duration_us,
        referrer=origin,
    )


def minute_of(time_ms: int) -> int:
    return time_ms - time_ms % _MINUTE_MS


def origin_of(url: str) -> str:
    """``https://example.org/a?b`` → ``https://example.org/``; "" for what is no absolute URL."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        return ""
    host = rest.split("/", 1)[0].split("?", 1)[0].split("#", 1)[0]
    return f"{scheme}://{host}/" if host else ""
