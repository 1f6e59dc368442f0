"""The gate: who may go on to the app, and what the others are told instead."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from footfall.hit import Hit
from footfall.sessions.return_to import sign_in_location
from footfall.sessions.sign_in import SignIn
from footfall.site import Site

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

    def judge(self, hit: Hit, sign_in: SignIn) -> Verdict:
        rules, path = self._site.rules, hit.scope["path"]
        if not rules.closes(path):
            return _OPEN
        if sign_in.unavailable:  # ASVS 16.5.2: never open because something is down
            return Verdict(self._refusal(hit, HTTPStatus.SERVICE_UNAVAILABLE), protected=True)
        match rules.decide(path, sign_in.member, hit.at):
            case "allow":
                return _ENTER
            case "refuse":
                return Verdict(self._refusal(hit, HTTPStatus.FORBIDDEN), protected=True)
            case _:
                return Verdict(self._ask_to_sign_in(hit), protected=True)

    def _ask_to_sign_in(self, hit: Hit) -> ASGIApp:
        """A page is sent to the sign-in with a way back; a form or a program is told in its own terms."""
        if hit.scope["type"] == "websocket":
            return _close
        if hit.scope["method"] in ("GET", "HEAD") and wants_html(hit):
            location = sign_in_location(self._site.settings.sign_in_path, *own_path_and_query(hit))
            return RedirectResponse(location, HTTPStatus.SEE_OTHER, headers=_NO_STORE)
        return self._refusal(hit, HTTPStatus.UNAUTHORIZED)

    def _refusal(self, hit: Hit, status: HTTPStatus) -> ASGIApp:
        if hit.scope["type"] == "websocket":
            return _close
        return self._page(hit, status) if wants_html(hit) else problem(status)

    def _page(self, hit: Hit, status: HTTPStatus) -> Response:
        html = self._site.page.refusal(self._site.language(hit), status.value, self._site.settings.sign_in_path)
        return HTMLResponse(html, status, headers=_NO_STORE)


def problem(status: HTTPStatus) -> Response:
    """A refusal for programs (RFC 9457); 401 names the scheme, as RFC 9110 §11.6.1 wants."""
    headers = {**_NO_STORE, "www-authenticate": "Cookie"} if status == HTTPStatus.UNAUTHORIZED else _NO_STORE
    body = {"type": "about:blank", "title": status.phrase, "status": status.value}
    return JSONResponse(body, status, headers=headers, media_type="application/problem+json")


def wants_html(hit: Hit) -> bool:
    return "text/html" in hit.arrival.text(b"accept")


def own_path_and_query(hit: Hit) -> tuple[str, str]:
    return hit.scope["path"], hit.scope["query_string"].decode("latin-1")


async def _close(scope: Scope, receive: Receive, send: Send) -> None:
    """Refuse a WebSocket before it is accepted: the server answers 403 (ASGI specification)."""
    await receive()
    await send({"type": "websocket.close", "code": 1008})
