"""``/privacy/choices``: the choice as JSON, for front-end code. The same rules as for the form, and the same record.

``GET`` gives the state: ``decided``, ``source``, ``policy_version``, ``at`` (Unix seconds), ``gpc``, ``regime``,
``purposes`` and ``services`` (name to whether it is allowed now), ``asked`` (the purposes still open), ``language`` and
``shown`` (the fingerprint of the words of the preferences in it), and ``token``.

``POST`` takes ``application/json`` from a page of this site and answers with the new state::

    {"choice": "save", "purposes": ["analytics"], "services": ["youtube"], "offered": ["youtube", "maps"]}

``choice``, ``layer`` and the names are those of the form (``consent.answer``); ``shown`` sent back is compared with
the words in force, and ``token`` is for browsers that do not say where a request comes from. What goes wrong is
problem JSON (RFC 9457): 400, 403 (of another site), 409 (the words have changed), 415, 503 (a grant could not be
recorded, and was not given).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from footfall.consent.answer import Form, Pressed
from footfall.consent.shown import Layer
from footfall.forms import read_body
from footfall.hit import Hit
from footfall.sessions.origin import same_origin
from footfall.sessions.sign_in import SignIn
from footfall.site import Site

_LONGEST = 16_384  # bytes
_NO_STORE = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


class _Sent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    choice: Pressed
    layer: Layer = "preferences"
    purposes: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    shown: str = ""
    token: str = ""


class ChoicesEndpoint:
    """Answers for one site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.path = f"{site.settings.prefix}/choices"

    async def show(self, request: Request, hit: Hit, sign_in: SignIn) -> Response:
        if same_origin(hit.arrival.headers, hit.scope.get("scheme", "http"), hit.arrival.host) is False:
            return _problem(HTTPStatus.FORBIDDEN, "only a page of this site may ask")
        return self._state(hit)

    async def change(self, request: Request, hit: Hit, sign_in: SignIn) -> Response:
        if not hit.arrival.text(b"content-type").lower().startswith("application/json"):
            return _problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send application/json")
        body = await read_body(request.receive, _LONGEST)
        try:
            sent = msgspec.json.decode(body or b"", type=_Sent)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return _problem(HTTPStatus.BAD_REQUEST, str(error))
        if not self._site.asking.is_ours(hit, sent.token):
            return _problem(HTTPStatus.FORBIDDEN, "only a page of this site may choose")
        if unknown := self._unknown(sent):
            return _problem(HTTPStatus.BAD_REQUEST, unknown)
        return await self._answer(hit, sent)

    async def _answer(self, hit: Hit, sent: _Sent) -> Response:
        form = Form(
            pressed=sent.choice,
            layer=sent.layer,
            purposes=sent.purposes,
            services=sent.services,
            offered=sent.offered,
        )
        asking = self._site.asking
        if asking.is_stale(hit, sent.shown, form):
            return _problem(HTTPStatus.CONFLICT, "the words have changed since they were shown; ask again")
        if not await asking.answer(hit, self._site.names(hit.arrival), form):
            return _problem(HTTPStatus.SERVICE_UNAVAILABLE, "the choice could not be recorded; nothing was granted")
        return self._state(hit)

    def _unknown(self, sent: _Sent) -> str:
        """A typo is told, and not taken for a refusal."""
        rules = self._site.decisions.rules
        if not rules.names.issuperset(sent.purposes):
            return f"purposes are {', '.join(sorted(rules.names))}"
        if not rules.services.keys() >= {*sent.services, *sent.offered}:
            return f"services are {', '.join(sorted(rules.services)) or 'none'}"
        return ""

    def _state(self, hit: Hit) -> Response:
        consent, rules, asking = hit.consent, self._site.decisions.rules, self._site.asking
        shown = asking.shown(hit, Form(pressed="save", layer="preferences"))
        state: dict[str, Any] = {
            "decided": consent.decided,
            "source": consent.source,
            "policy_version": consent.policy_version,
            "at": consent.at,
            "gpc": consent.gpc,
            "regime": consent.regime,
            "purposes": {name: name in consent.granted for name in rules.purposes},
            "services": {name: name in consent.services for name in rules.services},
            "asked": [name for name in rules.optional if not consent.answered(name)],
            "language": shown.language,
            "shown": shown.fingerprint,
            "token": asking.token(hit),
        }
        return JSONResponse(state, headers=_NO_STORE)


def _problem(status: HTTPStatus, detail: str) -> Response:
    body = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
    return JSONResponse(body, status, headers=_NO_STORE, media_type="application/problem+json")
