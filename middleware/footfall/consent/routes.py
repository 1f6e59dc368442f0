"""Our own routes under the prefix: the choice, the declaration, the files they need, and ``gpc.json``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timezone
from http import HTTPStatus
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from footfall.consent.choice import Source
from footfall.consent.decisions import Method, Shown
from footfall.hit import Hit
from footfall.sessions.origin import same_origin
from footfall.sessions.return_to import safe_return
from footfall.sessions.sign_in import SignIn
from footfall.site import Site

Handler = Callable[[Request, Hit, SignIn], Awaitable[Response]]

#: Our forms are a few fields; nothing longer is one.
_LONGEST_FORM = 16_384
_MOST_FIELDS = 64

_METHODS: dict[str, Method] = {
    "accept_all": "accept_all",
    "reject_all": "reject_all",
    "save": "custom",
    "withdraw": "withdraw",
}


class PrivacyRoutes:
    """Answers the paths that are Footfall's own."""

    def __init__(self, site: Site) -> None:
        self._site = site
        prefix = site.settings.prefix
        self._handlers: dict[tuple[str, str], Handler] = {
            ("GET", prefix): self._privacy,
            ("POST", prefix): self._choose,
            ("GET", f"{prefix}/cookies"): self._declaration,
            ("GET", "/.well-known/gpc.json"): self._gpc,
        }
        self._files = {f"{prefix}/style.css": ("style.css", "text/css"), f"{prefix}/script.js": ("script.js", "text/javascript")}

    def find(self, hit: Hit, sign_in: SignIn) -> ASGIApp | None:
        """The page that answers this request, or ``None`` where it is the app's."""
        method = hit.scope["method"]
        handler = self._handlers.get(("GET" if method == "HEAD" else method, hit.scope["path"]))
        if handler is None:
            return None

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            response = await handler(Request(scope, receive), hit, sign_in)
            await response(scope, receive, send)

        return answer

    # -- pages

    async def _privacy(self, request: Request, hit: Hit, sign_in: SignIn) -> Response:
        return self._page(hit, sign_in, outcome=request.query_params.get("outcome", ""))

    def _page(self, hit: Hit, sign_in: SignIn, *, outcome: str = "", status: int = 200) -> Response:
        html = self._site.privacy_page(hit, sign_in, outcome)
        return HTMLResponse(html, status, headers={"cache-control": "no-store"})

    async def _declaration(self, request: Request, hit: Hit, sign_in: SignIn) -> Response:
        html = self._site.page.declaration(self._site.language(hit))
        return HTMLResponse(html, headers={"cache-control": "no-store"})

    async def _gpc(self, request: Request, hit: Hit, sign_in: SignIn) -> Response:
        """Says that the signal is honoured (w3c/gpc §4: ``gpc`` and an RFC 3339 ``lastUpdate``)."""
        effective = self._site.settings.policy.effective or _GPC_SINCE
        updated = datetime.combine(effective, time(), timezone.utc).isoformat().replace("+00:00", "Z")
        return JSONResponse({"gpc": True, "lastUpdate": updated})

    # -- the choice

    async def _choose(self, request: Request, hit: Hit, sign_in: SignIn) -> Response:
        fields = await _form(request)
        if fields is None or not self._is_ours(hit, fields):
            return self._page(hit, sign_in, outcome="not_ours", status=HTTPStatus.FORBIDDEN)
        chosen = fields.get("choice", [""])[0]
        method = _METHODS.get(chosen)
        if method is None:  # "Choose": the preferences are the next page
            return _see_other(f"{self._site.settings.prefix}#choose")
        recorded = await self._site.choose(hit, sign_in, method, self._granted(method, fields), _shown(fields))
        if not recorded:
            return self._page(hit, sign_in, outcome="not_recorded", status=HTTPStatus.SERVICE_UNAVAILABLE)
        back = safe_return(fields.get("return_to", [""])[0])
        return _see_other(back or f"{self._site.settings.prefix}?outcome=saved")

    def _granted(self, method: Method, fields: dict[str, list[str]]) -> list[str]:
        if method == "accept_all":
            return list(self._site.decisions.rules.optional)
        return fields.get("purpose", []) if method == "custom" else []

    def _is_ours(self, hit: Hit, fields: dict[str, list[str]]) -> bool:
        """ASVS 3.5.1: a form of another site is refused; a browser that says nothing needs our token."""
        verdict = same_origin(hit.arrival.headers, hit.scope["scheme"], hit.arrival.host)
        if verdict is not None:
            return verdict
        return self._site.form_token.check(fields.get("token", [""])[0], hit.arrival.host, hit.at)


def _shown(fields: dict[str, list[str]]) -> str:
    return fields.get("layer", ["preferences"])[0]


def _see_other(location: str) -> Response:
    return RedirectResponse(location, HTTPStatus.SEE_OTHER, headers={"cache-control": "no-store"})


async def _form(request: Request) -> dict[str, list[str]] | None:
    """The fields of a url-encoded form; ``None`` for what is none, or longer than any of ours."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_FORM:
            return None
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields
