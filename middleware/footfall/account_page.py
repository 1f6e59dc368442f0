"""Answers ``GET`` and ``POST`` of ``/privacy/account-notice``: the notice to a member, served and answered.

To show the page is to serve the notice: that goes on record first, and what is not on record is not shown. Its two
buttons are of one kind.
"""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp

from footfall.consent.approval import Standing
from footfall.consent.approvals import AccountConsent, Approvals
from footfall.consent.assets import STYLE
from footfall.consent.languages import direction
from footfall.consent.purposes import purposes_by_name
from footfall.consent.rendering import environment
from footfall.consent.texts import Texts
from footfall.forms import read_form
from footfall.hit import Hit
from footfall.paths import root_of
from footfall.sessions.sign_in import SignIn
from footfall.site import Site
from footfall.store import StoreUnavailable

#: What follows the prefix in the page's address.
ACCOUNT_NOTICE_PATH = "/account-notice"


class AccountNoticeRoute:
    """The page, and its two buttons."""

    def __init__(self, site: Site, approvals: Approvals) -> None:
        self._site = site
        self._approvals = approvals
        self._purposes = purposes_by_name(site.settings.purposes)
        self._template = environment(site.settings.templates).get_template("account_notice.html")
        self.path = site.settings.prefix + ACCOUNT_NOTICE_PATH

    async def show(self, request: Request, hit: Hit, sign_in: SignIn) -> Response | ASGIApp:
        account = self._account(hit, sign_in)
        if account is None:
            return self._nobody(hit, sign_in)
        await account.notice_served()
        return await self._page(hit, account, outcome=request.query_params.get("outcome", ""))

    async def change(self, request: Request, hit: Hit, sign_in: SignIn) -> Response | ASGIApp:
        """Carry out a button, and show the page again."""
        account, form = self._account(hit, sign_in), await read_form(request)
        if account is None:
            return self._nobody(hit, sign_in)
        if form is None or not self._site.asking.is_ours(hit, form.first("token")):
            return await self._page(hit, account, outcome="not_ours", status=HTTPStatus.FORBIDDEN)
        try:
            answered = await _answer(account, form.first("choice"))
        except StoreUnavailable:
            return self._site.gate.refusal(hit, "down")
        location = f"{root_of(hit.scope)}{self.path}{'?outcome=saved' if answered else ''}"
        return RedirectResponse(location, HTTPStatus.SEE_OTHER, headers={"cache-control": "no-store"})

    def _account(self, hit: Hit, sign_in: SignIn) -> AccountConsent | None:
        member = sign_in.member
        return self._approvals.of(member.id, gpc=hit.arrival.gpc) if member else None

    def _nobody(self, hit: Hit, sign_in: SignIn) -> ASGIApp:
        gate = self._site.gate
        return gate.refusal(hit, "down") if sign_in.unavailable else gate.ask_to_sign_in(hit)

    async def _page(
        self, hit: Hit, account: AccountConsent, *, outcome: str, status: HTTPStatus = HTTPStatus.OK
    ) -> Response:
        asking, settings, notice = self._site.asking, self._site.settings, self._approvals.notice
        words = asking.words(hit)
        standings = [
            (words.purpose(self._purposes[name]).title, in_words(words, await account.standing(name)))
            for name in notice.purposes
        ]
        html = self._template.render(
            t=words,
            prefix=settings.prefix,
            policy_url=settings.policy.url,
            style=STYLE.url(settings.prefix),
            path=ACCOUNT_NOTICE_PATH,
            notice=notice,
            direction=direction(notice.language),
            standings=standings,
            confirmation=words.saved if outcome == "saved" else "",
            error=words.error_not_ours if outcome == "not_ours" else "",
            token=asking.token(hit),
            footing=asking.footing(hit),
        )
        return HTMLResponse(hit.rooted(html), status, headers=asking.pages.headers)


async def _answer(account: AccountConsent, pressed: str) -> bool:
    if pressed == "allow":
        await account.approve()
    elif pressed == "refuse":
        await account.refuse()
    return pressed in ("allow", "refuse")


def in_words(words: Texts, standing: Standing) -> str:
    """How an account stands, as a sentence."""
    date = datetime.fromtimestamp(standing.until, UTC).date().isoformat() if standing.until is not None else ""
    dated = {"date": date} if standing.reason in ("waiting", "silence") else {}
    return words.say(f"opt_out.account_{standing.reason}", **dated)
