"""What a visitor gets in place of something that wants a purpose they have not granted."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response

from footfall.gate import wants_html
from footfall.hit import Hit
from footfall.paths import root_of
from footfall.refusals import Link, Said

if TYPE_CHECKING:
    from footfall.site import Site

_STATUS = HTTPStatus.FORBIDDEN


def consent_refusal(site: Site, hit: Hit, missing: Sequence[str]) -> Response:
    """403: a page that says what is missing and leads to the choices and back, or problem JSON (RFC 9457)."""
    if wants_html(hit):
        return _page(site, hit, missing)
    body = {
        "type": "about:blank",
        "title": _STATUS.phrase,
        "status": _STATUS.value,
        "detail": f"the visitor has not granted {', '.join(missing)}",
        "missing": list(missing),
        "choices": root_of(hit.scope) + site.settings.prefix,
    }
    return JSONResponse(body, _STATUS, headers={"cache-control": "no-store"}, media_type="application/problem+json")


def _page(site: Site, hit: Hit, missing: Sequence[str]) -> Response:
    words, rules = site.asking.words(hit), site.decisions.rules
    titles = ", ".join(words.purpose(rules.purposes[name]).title for name in missing)
    safe = hit.scope["method"] in ("GET", "HEAD")  # a form cannot be come back to
    back = f"?{urlencode({'return_to': hit.address}, safe='/')}" if safe else ""
    link = Link(f"{site.settings.prefix}{back}#choose", words.page_title)
    said = Said(words.say("needs.title"), [words.say("needs.why", purposes=titles)], [link])
    return site.gate.page(hit, said, _STATUS)
