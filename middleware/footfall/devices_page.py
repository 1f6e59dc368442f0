"""``/privacy/sessions``: the member's devices, and the buttons that end them (ASVS 7.5.2).

Every member may look; ending another session wants a sign-in as recent as ``Settings.fresh``. Signing out here, and
saying that a notice was seen, never does.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp

from footfall.consent.assets import STYLE
from footfall.consent.rendering import environment
from footfall.forms import Fields, read_form
from footfall.gate import Gate
from footfall.hit import Hit
from footfall.paths import root_of
from footfall.sessions.access import is_fresh
from footfall.sessions.devices import SessionInfo
from footfall.sessions.devices_view import in_words
from footfall.sessions.member import Member
from footfall.sessions.return_to import sign_in_location
from footfall.sessions.sign_in import SignIn
from footfall.site import Site
from footfall.visit import Visit

#: What happened just before, and the words that say so.
_SAID = {
    "ended": "devices.ended",
    "gone": "devices.gone",
    "others": "devices.ended_others",
    "here": "devices.signed_out",
    "everywhere": "devices.signed_out_everywhere",
}
_SIGNED_OUT = frozenset(("here", "everywhere"))


class DevicesPage:
    """Answers ``GET`` and ``POST`` of ``/privacy/sessions``."""

    def __init__(self, site: Site, gate: Gate) -> None:
        self._site = site
        self._gate = gate
        self._path = f"{site.settings.prefix}/sessions"
        self._template = environment(site.settings.templates).get_template("devices.html")

    async def show(self, request: Request, hit: Hit, sign_in: SignIn) -> Response | ASGIApp:
        """The page, or the way to the sign-in."""
        outcome = request.query_params.get("outcome", "")
        if sign_in.member is None and outcome in _SIGNED_OUT and not sign_in.unavailable:
            return self._page(hit, sign_in, (), outcome=outcome)
        return await self._listed(hit, sign_in, outcome=outcome)

    async def change(self, request: Request, hit: Hit, sign_in: SignIn) -> Response | ASGIApp:
        """Carry out a button of the page, and show the page again."""
        form = await read_form(request)
        if form is None or not self._site.asking.is_ours(hit, form.first("token")):
            return await self._listed(hit, sign_in, error=True)
        if sign_in.unavailable:
            return self._gate.refusal(hit, "down")
        if sign_in.member is None:
            return self._see_other(hit, "")
        outcome = await self._carry_out(form, hit, sign_in, sign_in.member, request.state.visit)
        return self._to_sign_in(hit) if outcome is None else self._see_other(hit, outcome)

    async def _carry_out(self, form: Fields, hit: Hit, sign_in: SignIn, member: Member, visit: Visit) -> str | None:
        """What came of it; ``None``: the member must sign in again first."""
        choice, session = form.first("choice"), form.first("end")
        if choice == "here":
            await visit.logout()
            return "here"
        if choice == "seen":
            await visit.dismiss_notices()
            return ""
        if not self._is_fresh(member, hit):
            return None
        return await self._end(choice, session, sign_in, member, visit)

    async def _end(self, choice: str, session: str, sign_in: SignIn, member: Member, visit: Visit) -> str:
        sessions = self._site.sessions
        if choice == "everywhere":
            await visit.logout(everywhere=True)
            return "everywhere"
        if choice == "others":
            await sessions.end_sessions(member.id, except_current=sign_in)
            return "others"
        return "ended" if await sessions.end_session(member.id, session) else "gone"

    # -- the page

    async def _listed(self, hit: Hit, sign_in: SignIn, *, outcome: str = "", error: bool = False) -> Response | ASGIApp:
        if sign_in.unavailable:
            return self._gate.refusal(hit, "down")
        if sign_in.member is None:
            return self._gate.ask_to_sign_in(hit)
        sessions = await self._site.sessions.sessions_of(sign_in.member.id, now=hit.at, current=sign_in)
        return self._page(hit, sign_in, sessions, outcome=outcome, error=error)

    def _page(
        self, hit: Hit, sign_in: SignIn, sessions: Sequence[SessionInfo], *, outcome: str, error: bool = False
    ) -> Response:
        asking, settings = self._site.asking, self._site.settings
        words, member = asking.words(hit), sign_in.member
        html = self._template.render(
            t=words,
            prefix=settings.prefix,
            policy_url=settings.policy.url,
            style=STYLE.url(settings.prefix),
            devices=in_words(sessions, words, hit.at),
            fresh=member is not None and self._is_fresh(member, hit),
            signed_out=member is None,
            theft="theft" in sign_in.notices,
            confirmation=words.say(_SAID[outcome]) if outcome in _SAID else "",
            error=words.error_not_ours if error else "",
            sign_in=self._sign_in(hit) if member else settings.sign_in_path,
            token=asking.token(hit),
            footing=asking.footing(hit),
        )
        status = HTTPStatus.FORBIDDEN if error else HTTPStatus.OK
        return HTMLResponse(hit.rooted(html), status, headers=asking.pages.headers)

    def _is_fresh(self, member: Member, hit: Hit) -> bool:
        return is_fresh(member, hit.at, self._site.settings.fresh)

    # -- the ways on

    def _sign_in(self, hit: Hit) -> str:
        return sign_in_location(self._site.settings.sign_in_path, root_of(hit.scope) + self._path)

    def _to_sign_in(self, hit: Hit) -> Response:
        return _redirect(root_of(hit.scope) + self._sign_in(hit))

    def _see_other(self, hit: Hit, outcome: str) -> Response:
        query = f"?outcome={outcome}" if outcome else ""
        return _redirect(f"{root_of(hit.scope)}{self._path}{query}")


def _redirect(location: str) -> Response:
    return RedirectResponse(location, HTTPStatus.SEE_OTHER, headers={"cache-control": "no-store"})
