"""The hit: everything known of one request while it is served."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote

from starlette.types import Scope

from footfall.arrival import Arrival
from footfall.consent.consent import Consent
from footfall.event import Kind
from footfall.sessions.member import Member
from footfall.visitor import Visitor

_PAGE_STATUSES = frozenset((*range(200, 300), 304))


@dataclass(slots=True)
class Hit:
    """One request and its response. The middleware fills it in as things happen; the recorder reads it."""

    scope: Scope
    arrival: Arrival
    consent: Consent
    at: float  # Unix time of arrival, seconds
    known: Visitor | None = None  # as the cookie said
    visitor: Visitor | None = None  # as of this request; only ever set where analytics is granted
    member: Member | None = None
    status: int = 0
    size: int = 0  # bytes of the response's body
    html: bool = False
    seconds: float = 0.0
    foreign: bool = False  # whether the browser sent cookies that are not ours
    own_cookies: list[str] = field(default_factory=list)  # Set-Cookie values of ours that this response must add

    @property
    def kind(self) -> Kind:
        """A page view is a document somebody looked at; everything else that was served is a request."""
        is_page = self.html and self.status in _PAGE_STATUSES and self.scope.get("method") == "GET"
        return "page_view" if is_page else "request"

    @property
    def route(self) -> str:
        """The app's own pattern for the path, where its router says it (Starlette, FastAPI)."""
        route = self.scope.get("route")
        return str(getattr(route, "path", "")) if route is not None else ""

    @property
    def address(self) -> str:
        """Path and query as the browser sees them, for a way back."""
        raw: bytes = self.scope.get("raw_path") or quote(self.scope["path"]).encode()
        query: bytes = self.scope["query_string"]
        return (raw.partition(b"?")[0] + (b"?" + query if query else b"")).decode("latin-1")
