"""Our own routes: the choice and the declaration under the prefix, their two files, and ``gpc.json``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time
from http import HTTPStatus
from typing import cast, get_args
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from footfall.account_page import AccountNoticeRoute
from footfall.choices_endpoint import ChoicesEndpoint
from footfall.consent.answer import Form, Pressed
from footfall.consent.assets import ASSETS
from footfall.consent.shown import Layer
from footfall.devices_page import DevicesPage
from footfall.forms import Fields, read_form
from footfall.gate import GPC_PATH, Gate
from footfall.hit import Hit
from footfall.paths import root_of
from footfall.sale_page import SaleRoute
from footfall.sessions.return_to import safe_return
from footfall.sessions.sign_in import SignIn
from footfall.signed_in_page import SignedInPage
from footfall.site import Site

Handler = Callable[[Request, Hit, SignIn], Awaitable[ASGIApp]]

#: Since when the signal is honoured, where the policy states no date of its own.
_GPC_SINCE = date(2026, 11, 24)


class PrivacyRoutes:
    """Answers the paths that are Footfall's own."""

    def __init__(self, site: Site, gate: Gate) -> None:
        self._site = site
        self._prefix = prefix = site.settings.prefix
        devices, choices = DevicesPage(site, gate), ChoicesEndpoint(site)
        self._handlers: dict[tuple[str, str], Handler] = {
            ("GET", prefix): self._privacy,
            ("POST", prefix): self._choose,
            ("GET", f"{prefix}/cookies"): self._declaration,
            ("GET", f"{prefix}/sessions"): devices.show,
            ("POST", f"{prefix}/sessions"): devices.change,
            ("GET", f"{prefix}/signed-in"): SignedInPage(site, gate).show,
            ("GET", GPC_PATH): self._gpc,
            ("GET", choices.path): choices.show,
            ("POST", choices.path): choices.change,
        }
        if site.approvals is not None:
            account = AccountNoticeRoute(site, site.approvals)
            self._handlers |= {("GET", account.path): account.show, ("POST", account.path): account.change}
        if site.asking.sale.exists:
            sale = SaleRoute(site)
            self._handlers |= {("GET", sale.path): sale.show, ("POST", sale.path): sale.change}
        self._paths = frozenset(path for _, path in self._handlers)
        self._files: dict[str, ASGIApp] = {
            f"{prefix}/{asset.name}": Response(
                asset.content, media_type=asset.media_type, headers={"cache-control": asset.cache_control}
            )
            for asset in ASSETS.values()
        }

    def file(self, path: str) -> ASGIApp | None:
        """The style sheet or the script of the notice: nobody's visit."""
        return self._files.get(path)

    def find(self, path: str, hit: Hit, sign_in: SignIn) -> ASGIApp | None:
        """The page that answers this request, or ``None`` where it is the app's."""
        if path not in self._paths:
            return None
        method = hit.scope["method"]
        handler = self._handlers.get(("GET" if method == "HEAD" else method, path))
        if handler is None:
            return None

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            response = await handler(Request(scope, receive), hit, sign_in)
            await response(scope, receive, send)

        return answer

    # -- pages

    async def _privacy(self, request: Request, hit: Hit, sign_in: SignIn) -> Response:
        back = safe_return(request.query_params.get("return_to", "")) or ""
        return self._page(hit, sign_in, outcome=request.query_params.get("outcome", ""), back=back)

    def _page(
        self, hit: Hit, sign_in: SignIn, *, outcome: str, back: str = "", status: HTTPStatus = HTTPStatus.OK
    ) -> Response:
        asking = self._site.asking
        return HTMLResponse(asking.page(hit, sign_in, outcome, back), status, headers=asking.pages.headers)

    async def _declaration(self, request: Request, hit: Hit, sign_in: SignIn) -> Response:
        asking = self._site.asking
        return HTMLResponse(asking.declaration(hit), headers=asking.pages.headers)

    async def _gpc(self, request: Request, hit: Hit, sign_in: SignIn) -> Response:
        """Says that the signal is honoured (w3c/gpc §4: ``gpc``, and ``lastUpdate`` by RFC 3339)."""
        since = self._site.settings.policy.effective or _GPC_SINCE
        updated = datetime.combine(since, time(), UTC).isoformat().replace("+00:00", "Z")
        return JSONResponse({"gpc": True, "lastUpdate": updated})

    # -- the choice

    async def _choose(self, request: Request, hit: Hit, sign_in: SignIn) -> Response:
        fields = await read_form(request)
        if fields is None or not self._site.asking.is_ours(hit, fields.first("token")):
            return self._page(hit, sign_in, outcome="not_ours", status=HTTPStatus.FORBIDDEN)
        form, back = _answered(fields), safe_return(fields.first("return_to"))
        asking = self._site.asking
        if form is None:  # "Choose"
            return _see_other(root_of(hit.scope) + self._choices(back))
        if asking.is_stale(hit, fields.first("shown"), form):
            return self._ask_again(hit, back)
        if not await asking.answer(hit, self._site.names(hit.arrival), form, entry=fields.first("entry")):
            return self._page(hit, sign_in, outcome="not_recorded", status=HTTPStatus.SERVICE_UNAVAILABLE)
        there = root_of(hit.scope) + self._choices(back, outcome="saved")
        return _see_other(back if back and form.layer != "preferences" else there)

    def _ask_again(self, hit: Hit, back: str | None) -> Response:
        """The words changed since they were shown. A page is led to the new ones; a script, which could not tell that
        from an answer that was kept, hears it by the status."""
        if "text/html" in hit.arrival.text(b"accept"):
            return _see_other(root_of(hit.scope) + self._choices(back))
        return Response(status_code=HTTPStatus.CONFLICT, headers={"cache-control": "no-store"})

    def _choices(self, back: str | None, *, outcome: str = "") -> str:
        """The address of the choices: what happened before, and the way back to where the visitor came from."""
        said = {"outcome": outcome, "return_to": back or ""}
        query = urlencode({name: value for name, value in said.items() if value}, safe="/")
        return f"{self._prefix}{'?' if query else ''}{query}{'' if outcome else '#choose'}"


def _answered(fields: Fields) -> Form | None:
    """What was pressed, and with what; ``None`` for no answer, as "Choose" is none."""
    pressed, layer = fields.first("choice"), fields.first("layer")
    if pressed not in get_args(Pressed):
        return None
    return Form(
        pressed=cast(Pressed, pressed),
        layer=cast(Layer, layer) if layer in get_args(Layer) else "preferences",
        purposes=fields.all("purpose"),
        services=fields.all("service"),
        offered=fields.all("offered"),
    )


def _see_other(location: str) -> Response:
    return RedirectResponse(location, HTTPStatus.SEE_OTHER, headers={"cache-control": "no-store"})
