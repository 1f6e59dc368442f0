"""The gate: who may go on to the app, and what the others are told instead."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from footfall.hit import Hit
from footfall.paths import inside, root_of
from footfall.refusals import RefusalPages
from footfall.sessions.access import Decision
from footfall.sessions.origin import same_origin
from footfall.sessions.return_to import sign_in_location
from footfall.sessions.sign_in import SignIn
from footfall.site import Site

GPC_PATH = "/.well-known/gpc.json"

_NO_STORE = {"cache-control": "no-store"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """``instead`` answers in the app's place; ``protected`` answers are kept by no cache."""

    instead: ASGIApp | None = None
    protected: bool = False


_OPEN = Verdict()
_ENTER = Verdict(protected=True)


class Gate:
    """Applies the access rules before the app runs."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._pages = RefusalPages(site.settings)
        self._all_open = not site.settings.access
        prefix = site.settings.prefix
        # Without these nobody could ever come in, or choose.
        self._never_closed = frozenset(
            (site.settings.sign_in_path, prefix, f"{prefix}/cookies", f"{prefix}/sessions", GPC_PATH)
        )

    def closes(self, scope: Scope) -> bool:
        """Whether a rule wants a member for the path, as the app's router reads it or as it came."""
        if self._all_open:
            return False
        path = inside(scope)
        if path in self._never_closed:
            return False
        return self._site.rules.closes(path) or (path != scope["path"] and self._site.rules.closes(scope["path"]))

    def judge(self, hit: Hit, sign_in: SignIn) -> Verdict:
        scope, member = hit.scope, sign_in.member
        if scope["type"] == "websocket" and sign_in.key is not None and self._is_foreign(hit):
            return Verdict(_close, protected=True)
        if not self.closes(scope):
            return _OPEN
        rules = self._site.rules
        decision = rules.stricter(
            rules.decide(inside(scope), member, hit.at), rules.decide(scope["path"], member, hit.at)
        )
        if decision == "allow":
            return _ENTER
        return Verdict(self._instead(decision, hit, sign_in), protected=True)

    def _is_foreign(self, hit: Hit) -> bool:
        """Whether a page of another site opens the socket with a member's session (ASVS 4.4.2)."""
        return same_origin(hit.arrival.headers, hit.scope.get("scheme", "ws"), hit.arrival.host) is False

    def _instead(self, decision: Decision, hit: Hit, sign_in: SignIn) -> ASGIApp:
        if sign_in.unavailable:  # ASVS 16.5.2: an outage opens nothing, and signs nobody out
            return self.refusal(hit, HTTPStatus.SERVICE_UNAVAILABLE)
        return self.refusal(hit, HTTPStatus.FORBIDDEN) if decision == "refuse" else self.ask_to_sign_in(hit)

    def ask_to_sign_in(self, hit: Hit) -> ASGIApp:
        """A page is sent to the sign-in with a way back; a form or a program is told in its own terms."""
        if hit.scope["type"] == "websocket":
            return _close
        if hit.scope["method"] in ("GET", "HEAD") and wants_html(hit):
            location = sign_in_location(self._sign_in_path(hit), *_path_and_query(hit))
            return RedirectResponse(location, HTTPStatus.SEE_OTHER, headers=_NO_STORE)
        return self.refusal(hit, HTTPStatus.UNAUTHORIZED)

    def refusal(self, hit: Hit, status: HTTPStatus) -> ASGIApp:
        """The answer of that status, in words for people and in JSON for programs."""
        if hit.scope["type"] == "websocket":
            return _close
        return self._page(hit, status) if wants_html(hit) else problem(status)

    def _page(self, hit: Hit, status: HTTPStatus) -> Response:
        # From the sign-in the way back is to the page with the form: a POST cannot be repeated by a redirect.
        link = sign_in_location(self._site.settings.sign_in_path, *_form_page(hit))
        html = hit.rooted(self._pages.html(status, self._site.asking.language(hit), link=link))
        return HTMLResponse(html, status, headers=_NO_STORE)

    def _sign_in_path(self, hit: Hit) -> str:
        return root_of(hit.scope) + self._site.settings.sign_in_path


def problem(status: HTTPStatus) -> Response:
    """A refusal for programs (RFC 9457); 401 names the scheme, as RFC 9110 §11.6.1 wants."""
    headers = {**_NO_STORE, "www-authenticate": "Cookie"} if status == HTTPStatus.UNAUTHORIZED else _NO_STORE
    body = {"type": "about:blank", "title": status.phrase, "status": status.value}
    return JSONResponse(body, status, headers=headers, media_type="application/problem+json")


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
