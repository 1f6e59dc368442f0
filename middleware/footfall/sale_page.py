"""Answers ``GET`` and ``POST`` of ``/privacy/do-not-sell``."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from footfall.consent.answer import Form, Pressed
from footfall.consent.sale import SALE_PATH, SaleState
from footfall.forms import read_form
from footfall.hit import Hit
from footfall.paths import root_of
from footfall.sessions.sign_in import SignIn
from footfall.site import Site


class SaleRoute:
    """The page on selling and sharing, and its two buttons."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.path = site.settings.prefix + SALE_PATH

    async def show(self, request: Request, hit: Hit, sign_in: SignIn) -> Response:
        return self._page(hit, outcome=request.query_params.get("outcome", ""))

    async def change(self, request: Request, hit: Hit, sign_in: SignIn) -> Response:
        """Carry out a button, and show the page again."""
        asking, fields = self._site.asking, await read_form(request)
        if fields is None or not asking.is_ours(hit, fields.first("token")):
            return self._page(hit, outcome="not_ours", status=HTTPStatus.FORBIDDEN)
        pressed = fields.first("choice")
        if pressed not in ("refuse_sale", "allow_sale"):
            return self._page(hit, outcome="")
        form = Form(pressed=cast(Pressed, pressed), layer="do_not_sell")
        if not await asking.answer(hit, self._site.names(hit.arrival), form):
            return self._page(hit, outcome="not_recorded", status=HTTPStatus.SERVICE_UNAVAILABLE)
        location = f"{root_of(hit.scope)}{self.path}?outcome=saved"
        return RedirectResponse(location, HTTPStatus.SEE_OTHER, headers={"cache-control": "no-store"})

    def _page(self, hit: Hit, *, outcome: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
        asking = self._site.asking
        state = SaleState(
            granted=hit.consent.granted,
            gpc=hit.consent.gpc,
            member=hit.member is not None,
            outcome=outcome,
            footing=asking.footing(hit),
            token=asking.token(hit),
        )
        html = hit.rooted(asking.sale.render(state, asking.language(hit)))
        return HTMLResponse(html, status, headers=asking.pages.headers)
