"""``/privacy/signed-in``: where a browser comes by after its sign-in, to show whether it kept the cookie."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp

from footfall.gate import Gate
from footfall.hit import Hit
from footfall.paths import root_of
from footfall.refusals import Said
from footfall.sessions.return_to import safe_return
from footfall.sessions.sign_in import SignIn
from footfall.site import Site


class SignedInPage:
    """Leads on to ``next``; without one it is the end of a sign-in in a second tab."""

    def __init__(self, site: Site, gate: Gate) -> None:
        self._site = site
        self._gate = gate

    async def show(self, request: Request, hit: Hit, sign_in: SignIn) -> ASGIApp:
        """The next page; or, for a browser that kept no cookie, why there is none."""
        if sign_in.unavailable:
            return self._gate.refusal(hit, "down")
        back = safe_return(request.query_params.get("next", ""))
        if sign_in.member is None and not hit.arrival.jar:
            return self._gate.no_cookies(hit, back or f"{root_of(hit.scope)}/")
        if sign_in.member is None:
            return self._gate.ask_to_sign_in(hit)
        if back is not None and not back.startswith(hit.scope["path"]):
            return RedirectResponse(back, HTTPStatus.SEE_OTHER, headers={"cache-control": "no-store"})
        words = self._site.asking.words(hit)
        return self._gate.page(hit, Said(words.say("gate.done_title"), [words.say("gate.done_why")]))
