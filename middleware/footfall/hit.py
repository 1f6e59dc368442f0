"""The hit: everything known of one request while it is served."""

from __future__ import annotations

import re
from urllib.parse import quote

from markupsafe import escape
from starlette.types import Scope

from footfall.arrival import Arrival
from footfall.entry import Entry
from footfall.event import Kind
from footfall.paths import root_of
from footfall.sessions.member import Member
from footfall.standing import Standing

_PAGE_STATUSES = frozenset((*range(200, 300), 304))


class Hit:
    """One request and its response. The middleware fills it in as things happen; the recorder reads it."""

    member: Member | None = None
    status: int = 0
    size: int = 0  # bytes of the response's body
    html: bool = False
    asks: bool = False  # whether the notice is in this page, or a change of the policy
    asked: dict[str, str] | None = None  # what the notice in this page asks for, to be counted
    entry: Entry | None = None  # how the visitor came, where their visit begins with the answer of this request
    told: bool = False  # whether this response tells of a change of the policy
    held: int = 0  # how many placeholders this page has so far
    signed_out: bool = False
    placed: bool = False  # whether the app's template has put the notice into its page
    probes: bool = False  # whether a sign-in must find out that the browser keeps cookies
    protected: bool = False  # whether a rule guards the answer: it is kept by no cache
    seconds: float = 0.0

    def __init__(self, scope: Scope, arrival: Arrival, standing: Standing, at: float) -> None:
        self.scope = scope
        self.arrival = arrival
        self.at = at  # Unix time of arrival, seconds
        self.consent = self.device = standing.consent  # in force: the device's choice, weighed against the account's
        self.known = standing.known  # the visitor as the cookie said
        self.visitor = standing.visitor  # as of this request; only ever set where analytics is granted
        self.regime = standing.regime  # what holds for this visitor where nothing was chosen
        self.void = standing.void  # whether the browser sent a choice that counts no more
        self.foreign = standing.foreign  # whether the browser sent cookies that are not ours
        self.steady = standing.steady
        self.own_cookies: list[str] = []  # Set-Cookie values of ours that this response must add

    def let_go(self) -> None:
        """The request is over. Its scope holds the visit, and the visit this: a circle, which would wait for the
        garbage collector. What happens later is still noted with the facts of the request."""
        self.scope = {**self.scope, "state": {}}

    @property
    def may_change_cookies(self) -> bool:
        """Whether the browser may hold another identifier than it should, or what it should not hold at all."""
        return self.visitor is not self.known or not self.steady

    @property
    def kind(self) -> Kind:
        """A page view is a document somebody looked at; everything else that was served is a request."""
        if not self.html or self.status not in _PAGE_STATUSES or self.scope.get("method") != "GET":
            return "request"
        return "page_view" if self.is_document else "request"

    @property
    def is_document(self) -> bool:
        """Whether the browser asks for a page to be looked at now: no fetch, no frame, no fragment, no prefetch
        (W3C Fetch Metadata; browsers that say nothing are believed)."""
        headers = self.arrival.headers
        if headers.get(b"sec-fetch-dest", b"document") != b"document" or b"sec-purpose" in headers:
            return False
        return b"hx-request" not in headers or headers.get(b"hx-boosted") == b"true"

    def rooted(self, html: str) -> str:
        """Our HTML with the addresses of this site where they are from outside."""
        root = str(escape(root_of(self.scope)))
        return re.sub(r' (href|src|action)="/(?!/)', rf' \1="{root}/', html) if root else html

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
