"""Requests that change something with a member's session, sent by a page of another site (ASVS 3.5.1, CSRF).

The session cookie is SameSite=Lax, so browsers do not send it from there; what is left are the pages of sibling
domains and old browsers. Only requests that carry a session are looked at: a webhook or a program with a bearer token
has none. Besides those, only the sign-in is: nobody may be signed in to somebody else's account unawares.
"""

from __future__ import annotations

from typing import Literal

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from footfall.forms import Fields, read_body, read_pairs
from footfall.hit import Hit
from footfall.paths import PathSet, inside
from footfall.sessions.origin import FormToken, same_origin
from footfall.sessions.sign_in import SignIn
from footfall.settings import Settings

Origin = Literal["ours", "foreign", "unmarked"]

#: The field of a form, and the header of a script, that bring the token.
TOKEN_FIELD, TOKEN_HEADER = "form_token", b"x-form-token"

#: Methods that change nothing; a WebSocket has none.
SAFE = frozenset(("GET", "HEAD", "OPTIONS", "TRACE"))  # RFC 9110 §9.2.1
_LONGEST = 65_536  # bytes of a form that is read for its token
_MOST_FIELDS = 1024


class OwnForms:
    """Tells our own forms from others', by ``Settings.csrf``."""

    def __init__(self, settings: Settings, token: FormToken) -> None:
        self._token = token
        self._checks = settings.csrf != "off"
        self._wants_token = settings.csrf == "token"
        self._sign_in_path = settings.sign_in_path
        self._exempt = PathSet[bool]({True: settings.csrf_exempt})

    def judge(self, hit: Hit, sign_in: SignIn) -> Origin:
        """Where a request comes from that may change something."""
        path = inside(hit.scope)
        if sign_in.key is None and path != self._sign_in_path:
            return "ours"
        if hit.scope["type"] == "websocket":  # always looked at: it reads, too (ASVS 4.4.2)
            nobodys = hit.arrival.headers.get(b"origin") == b"null"  # somebody's sandbox: our pages have an origin
            return "foreign" if nobodys or self._verdict(hit) is False else "ours"
        if not self._checks or self._exempt.find(path):
            return "ours"
        verdict = self._verdict(hit)
        if verdict is None:
            return "unmarked" if self._wants_token else "ours"
        return "ours" if verdict else "foreign"

    def _verdict(self, hit: Hit) -> bool | None:
        return same_origin(hit.arrival.headers, hit.scope.get("scheme", "http"), hit.arrival.host)

    def with_token(self, app: ASGIApp, refusal: ASGIApp, hit: Hit, sign_in: SignIn) -> ASGIApp:
        """The app, for requests that bring the token; it reads the body as if nobody had."""

        async def ask(scope: Scope, receive: Receive, send: Send) -> None:
            given = hit.arrival.headers.get(TOKEN_HEADER, b"").decode("latin-1")
            if not given:
                body = await read_body(receive, _LONGEST) or b""
                given, receive = _token_in(body), _again(body, receive)
            theirs = self._token.check(given, hit.arrival.host, hit.at, binding_of(sign_in))
            await (app if theirs else refusal)(scope, receive, send)

        return ask


def binding_of(sign_in: SignIn) -> str:
    """Whose forms a token is for: a member's, whatever session; of a visitor there is nothing that lasts."""
    return sign_in.member.id if sign_in.member is not None else ""


def _token_in(body: bytes) -> str:
    pairs = read_pairs(body, most=_MOST_FIELDS)
    return Fields(pairs).first(TOKEN_FIELD) if pairs else ""


def _again(body: bytes, receive: Receive) -> Receive:
    read = False

    async def receive_again() -> Message:
        nonlocal read
        if read:
            return await receive()
        read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
