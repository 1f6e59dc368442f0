"""What is said when something goes wrong: in words, in the site's own clothes."""

from __future__ import annotations

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from examples.reading_room.rendering import page
from footfall.store.errors import StoreUnavailable

#: For each status: what happened, and what to do.
_WORDS = {
    HTTPStatus.BAD_REQUEST: (
        "That form could not be read",
        "Something in it was not as we expected. Go back and try again.",
    ),
    HTTPStatus.FORBIDDEN: (
        "That was not for us to do",
        "This form was not sent from one of our own pages. Open the page here and send it again.",
    ),
    HTTPStatus.NOT_FOUND: (
        "Nothing on this shelf",
        "The page you asked for is not here. It may have been moved, or never written.",
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        "That door opens the other way",
        "This page cannot be used in that way.",
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        "That was too much to carry",
        "The form was longer than we accept. Make it shorter and send it again.",
    ),
}

_OTHERWISE = ("Something went wrong", "It was our fault, not yours. Try again in a minute.")

_BROKEN = """<!doctype html>
<html lang="en"><title>Something went wrong · The Reading Room</title>
<link rel="stylesheet" href="/static/style.css">
<main class="narrow"><h1>Something went wrong</h1>
<p>It was our fault, not yours. Try again in a minute, or go <a href="/">back to the hall</a>.</p></main></html>
"""


async def refused(request: Request, error: Exception) -> Response:
    """An HTTP error that the app raised on purpose."""
    status = HTTPStatus(error.status_code) if isinstance(error, HTTPException) else HTTPStatus.BAD_REQUEST
    title, words = _WORDS.get(status, _OTHERWISE)
    response = page(request, "error.html", status, title=title, words=words)
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response


async def no_session(request: Request, error: Exception) -> Response:
    """The session could not be kept: nobody is signed in, and the public pages go on (ASVS 16.5.2)."""
    words = "Signing in does not work at the moment. Everything that needs no account does. Try again in a minute."
    return page(request, "error.html", HTTPStatus.SERVICE_UNAVAILABLE, title="The desk is not staffed", words=words)


async def broken(request: Request, error: Exception) -> Response:
    """Anything else. The page needs nothing that could be broken too."""
    return HTMLResponse(_BROKEN, HTTPStatus.INTERNAL_SERVER_ERROR)


handlers = {HTTPException: refused, StoreUnavailable: no_session, Exception: broken}
