"""The gate: who may go on to the app, and what the others are told instead."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from footfall.cookie_probe import probe_path, was_told
from footfall.forms import read_body
from footfall.guard.secrets import scrub_path
from footfall.hit import Hit
from footfall.own_forms import SAFE, OwnForms
from footfall.paths import inside, root_of
from footfall.refusals import STATUS, Link, Reason, RefusalPages, Said, said_of
from footfall.resend import LONGEST, Resend, may_be_offered, resend_of
from footfall.sessions.access import Access, Decision
from footfall.sessions.return_to import sign_in_location
from footfall.sessions.sign_in import SignIn

if TYPE_CHECKING:
    from footfall.site import Site

GPC_PATH = "/.well-known/gpc.json"

_NO_STORE = {"cache-control": "no-store"}
_REASONS: dict[Decision, Reason] = {"sign_in": "sign_in", "sign_in_again": "sign_in_again", "refuse": "refused"}

_log = logging.getLogger("footfall.gate")


@dataclass(frozen=True, slots=True)
class Verdict:
    """``instead`` answers in the app's place; ``protected`` answers are kept by no cache; ``wants_token``: the app
    is asked only when the form brings one."""

    instead: ASGIApp | None = None
    protected: bool = False
    wants_token: bool = False


_OPEN = Verdict()
_ENTER = Verdict(protected=True)


class Gate:
    """Applies the access rules before the app runs."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._pages = RefusalPages(site.settings)
        self._forms = OwnForms(site.settings, site.form_token)
        self._all_open = not site.settings.access
        prefix = site.settings.prefix
        self._signed_in_path = probe_path(prefix)
        # Without these nobody could ever come in, or choose.
        own = ("cookies", "sessions", "choices", "do-not-sell", "signed-in")
        self._never_closed = frozenset(
            (site.settings.sign_in_path, GPC_PATH, prefix, *(f"{prefix}/{name}" for name in own))
        )

    def closes(self, scope: Scope) -> bool:
        """Whether a rule wants a member for the path, as the app's router reads it or as it came."""
        if self._all_open:
            return False
        path = inside(scope)
        if path in self._never_closed:
            return False
        return self._site.rules.closes(path) or (path != scope["path"] and self._site.rules.closes(scope["path"]))

    def judge(self, hit: Hit, sign_in: SignIn, *, ours: bool = False) -> Verdict:
        """What becomes of a request, before anybody reads it. ``ours``: a page of Footfall's answers it, and those
        ask in their own way whose form it is."""
        scope = hit.scope
        wants_token, safe = False, scope.get("method") in SAFE
        if safe and self._all_open:
            return _OPEN
        if not safe and not ours:
            origin = self._forms.judge(hit, sign_in)
            if origin == "foreign":
                return Verdict(self.refusal(hit, "foreign"), protected=True)
            wants_token = origin == "unmarked"
        if not self.closes(scope):
            return Verdict(wants_token=True) if wants_token else _OPEN
        rules, member = self._site.rules, sign_in.member
        decision = rules.stricter(
            rules.decide(inside(scope), member, hit.at), rules.decide(scope["path"], member, hit.at)
        )
        if decision == "allow":
            return Verdict(protected=True, wants_token=True) if wants_token else _ENTER
        return Verdict(self._instead(decision, hit, sign_in), protected=True)

    def with_token(self, app: ASGIApp, hit: Hit, sign_in: SignIn) -> ASGIApp:
        """The app, behind the question for the form's token."""
        return self._forms.with_token(app, self.refusal(hit, "unmarked"), hit, sign_in)

    def reason(self, rule: Access, hit: Hit, sign_in: SignIn) -> Reason | None:
        """Why one rule, whatever its path, does not let this visitor in; ``None``: it does."""
        hit.protected = True
        decision = rule.decide(sign_in.member, hit.at)
        return None if decision == "allow" else self._reason(decision, sign_in)

    def plain(self, reason: Reason, hit: Hit) -> tuple[HTTPStatus, dict[str, str]]:
        """Status and headers of the answer for that reason, for whoever writes its body."""
        self._note(reason, hit)
        if self._redirects(reason, hit):
            return HTTPStatus.SEE_OTHER, {**_NO_STORE, "location": self._sign_in_location(hit)}
        return STATUS[reason], _headers(STATUS[reason])

    def ask_to_sign_in(self, hit: Hit) -> ASGIApp:
        """The way to the sign-in and back; a form or a program is told in its own terms."""
        return self.refusal(hit, "sign_in")

    def refusal(self, hit: Hit, reason: Reason) -> ASGIApp:
        """The answer for that reason, in words for people and in JSON for programs."""

        async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "websocket":
                self._note(reason, hit)
                await _close(scope, receive, send)
            else:
                await (await self.answer(reason, hit, receive))(scope, receive, send)

        return refuse

    async def answer(self, reason: Reason, hit: Hit, receive: Receive) -> Response:
        """The same for a request over HTTP."""
        self._note(reason, hit)
        if self._redirects(reason, hit):
            if was_told(hit, self._site.settings.prefix):
                return self.no_cookies(hit, f"{root_of(hit.scope)}/")
            return RedirectResponse(self._sign_in_location(hit), HTTPStatus.SEE_OTHER, headers=_NO_STORE)
        return await self._page_for(reason, hit, receive) if wants_html(hit) else problem(STATUS[reason])

    def page(self, hit: Hit, said: Said, status: HTTPStatus = HTTPStatus.OK) -> Response:
        """A page of the gate's, for this visitor."""
        asking = self._site.asking
        html = self._pages.html(said, asking.words(hit), asking.footing(hit))
        return HTMLResponse(hit.rooted(html), status, headers=asking.pages.headers)

    def no_cookies(self, hit: Hit, back: str) -> Response:
        """Why the visitor is not signed in although the sign-in was right; they may go on to ``back``."""
        words = self._site.asking.words(hit)
        said, on = said_of("no_cookies", words), back.removeprefix(root_of(hit.scope))
        links = (Link(self._sign_in(back), words.say("gate.sign_in")), Link(on, words.say("gate.go_on")))
        return self.page(hit, replace(said, links=links), STATUS["no_cookies"])

    # -- the parts

    def _instead(self, decision: Decision, hit: Hit, sign_in: SignIn) -> ASGIApp:
        return self.refusal(hit, self._reason(decision, sign_in))

    def _reason(self, decision: Decision, sign_in: SignIn) -> Reason:
        return "down" if sign_in.unavailable else _REASONS[decision]  # ASVS 16.5.2: an outage signs nobody out

    def _redirects(self, reason: Reason, hit: Hit) -> bool:
        """Whether somebody looks at a page and has but to sign in."""
        asks = STATUS[reason] == HTTPStatus.UNAUTHORIZED
        return asks and hit.scope["method"] in ("GET", "HEAD") and wants_html(hit)

    async def _page_for(self, reason: Reason, hit: Hit, receive: Receive) -> Response:
        words, asks = self._site.asking.words(hit), STATUS[reason] == HTTPStatus.UNAUTHORIZED
        resend = await self._resend(hit, receive) if asks else None
        sign_in, tab = self._sign_in(*_form_page(hit)), self._sign_in(root_of(hit.scope) + self._signed_in_path)
        return self.page(hit, said_of(reason, words, sign_in=sign_in, resend=resend, tab=tab), STATUS[reason])

    def _sign_in_location(self, hit: Hit) -> str:
        return root_of(hit.scope) + self._sign_in(*_path_and_query(hit))

    async def _resend(self, hit: Hit, receive: Receive) -> Resend | None:
        body = await read_body(receive, LONGEST) if may_be_offered(hit) else None
        return None if body is None else resend_of(hit, body)

    def _sign_in(self, path: str, query: str = "") -> str:
        return sign_in_location(self._site.settings.sign_in_path, path, query)

    def _note(self, reason: Reason, hit: Hit) -> None:
        """Refused access is logged (ASVS 16.3.2), without who it was and without secrets in the path."""
        level = logging.WARNING if reason in ("foreign", "unmarked") else logging.INFO
        path = quote(scrub_path(hit.scope["path"]), safe="/[]")  # one line, whatever it is (ASVS 16.4.1)
        _log.log(level, "%s path=%s", reason, path)


def problem(status: HTTPStatus) -> Response:
    """A refusal for programs (RFC 9457); 401 names the scheme, as RFC 9110 §11.6.1 wants."""
    body = {"type": "about:blank", "title": status.phrase, "status": status.value}
    return JSONResponse(body, status, headers=_headers(status), media_type="application/problem+json")


def _headers(status: HTTPStatus) -> dict[str, str]:
    return {**_NO_STORE, "www-authenticate": "Cookie"} if status == HTTPStatus.UNAUTHORIZED else _NO_STORE


def wants_html(hit: Hit) -> bool:
    return "text/html" in hit.arrival.text(b"accept")


def _path_and_query(hit: Hit) -> tuple[str, str]:
    return hit.scope["path"], hit.scope["query_string"].decode("latin-1")


def _form_page(hit: Hit) -> tuple[str, str]:
    """The page a refused form stood on, where the browser tells; else the refused path itself."""
    try:
        referrer = urlsplit(hit.arrival.text(b"referer"))
    except ValueError:  # a visitor may send anything
        return _path_and_query(hit)
    if referrer.netloc and referrer.netloc == hit.arrival.host:
        return unquote(referrer.path), referrer.query
    return _path_and_query(hit)


async def _close(scope: Scope, receive: Receive, send: Send) -> None:
    """Refuse a WebSocket before it is accepted: the server answers 403 (ASGI specification)."""
    await receive()
    await send({"type": "websocket.close", "code": 1008})
