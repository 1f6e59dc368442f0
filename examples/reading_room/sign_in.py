"""Signing in and out, and joining. Footfall keeps the session; the library checks who it is."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import ParamSpec, TypeVar

import anyio
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from examples.reading_room.library import library_of, visit_of
from examples.reading_room.members import DEMO_MEMBERS, Reader
from examples.reading_room.passwords import complaint
from examples.reading_room.rendering import page
from footfall.sessions.return_to import safe_return

log = logging.getLogger("reading_room.sign_in")

P = ParamSpec("P")
T = TypeVar("T")

_LONGEST_NAME = 80

#: Passwords hashed at the same time: each takes 16 MB and a third of a second of one core.
_HASHING = anyio.CapacityLimiter(2)

WRONG = "That reader’s name and password do not belong together. Check both and try again."


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run what hashes, without holding up everybody else's pages."""
    return await anyio.to_thread.run_sync(lambda: work(*args, **kwargs), limiter=_HASHING)


async def ask(request: Request) -> Response:
    return _form(request, after=request.query_params.get("next", ""))


async def sign_in(request: Request) -> Response:
    form = await request.form(max_files=0)
    name, after = str(form.get("name", ""))[:_LONGEST_NAME].strip(), str(form.get("next", ""))
    wait = await in_thread(library_of(request).throttle.count, name, _address(request), time.time())
    if wait:
        return _too_many(request, wait, after=after, name=name)
    reader = await in_thread(library_of(request).members.check, name, str(form.get("password", "")))
    if reader is None:
        log.warning("a sign-in was refused")  # ASVS 16.3.1; no name: people type passwords into that field
        visit_of(request).event("sign-in-refused")
        return _form(request, HTTPStatus.UNPROCESSABLE_ENTITY, after=after, name=name, error=WRONG)
    await in_thread(library_of(request).throttle.forgive, name, _address(request))
    await visit_of(request).login(reader.id, remember=form.get("remember") == "yes", roles=reader.roles)
    return RedirectResponse(safe_return(after) or "/", HTTPStatus.SEE_OTHER)


async def sign_out(request: Request) -> Response:
    form = await request.form(max_files=0)
    everywhere = form.get("everywhere") == "yes"
    await visit_of(request).logout(everywhere=everywhere)
    return RedirectResponse("/signed-out?everywhere=yes" if everywhere else "/signed-out", HTTPStatus.SEE_OTHER)


async def ask_sign_out(request: Request) -> Response:
    return page(request, "sign_out.html")


async def signed_out(request: Request) -> Response:
    return page(request, "signed_out.html", everywhere=request.query_params.get("everywhere") == "yes")


async def ask_to_join(request: Request) -> Response:
    return page(request, "join.html", name="", errors={})


async def join(request: Request) -> Response:
    """Add a member and sign them in. The page shows their reader's name, which nobody could guess from a refusal."""
    form = await request.form(max_files=0)
    name, password = " ".join(str(form.get("full_name", ""))[:_LONGEST_NAME].split()), str(form.get("password", ""))
    errors = _complaints(name, password, str(form.get("again", "")))
    if errors:
        return page(request, "join.html", HTTPStatus.UNPROCESSABLE_ENTITY, name=name, errors=errors)
    address = _address(request)
    wait = await in_thread(library_of(request).throttle.count, f"joining {address}", address, time.time())
    if wait:
        errors = {"full_name": _words_for(wait)}
        return page(request, "join.html", HTTPStatus.TOO_MANY_REQUESTS, name=name, errors=errors)
    reader: Reader = await in_thread(library_of(request).members.join, name, password)
    await visit_of(request).login(reader.id, remember=form.get("remember") == "yes")
    visit_of(request).event("joined")
    return page(request, "joined.html", joined=reader)


def _form(request: Request, status: int = HTTPStatus.OK, *, after: str, name: str = "", error: str = "") -> Response:
    member = visit_of(request).member
    again = member is not None and bool(after)
    facts = {"next": after, "name": member.id if member else name, "error": error, "again": again}
    return page(request, "sign_in.html", status, demo=DEMO_MEMBERS, **facts)


def _too_many(request: Request, wait: int, *, after: str, name: str) -> Response:
    log.warning("sign-ins were throttled")
    response = _form(request, HTTPStatus.TOO_MANY_REQUESTS, after=after, name=name, error=_words_for(wait))
    response.headers["retry-after"] = str(wait)
    return response


def _words_for(wait: int) -> str:
    minutes = -(-wait // 60)
    return f"There were too many tries. Try again in {minutes} minute{'s' if minutes != 1 else ''}."


def _complaints(name: str, password: str, again: str) -> dict[str, str]:
    found = {
        "full_name": "" if name else "Enter the name that we may call you by.",
        "password": complaint(password, again=again, name=name),
    }
    return {field: words for field, words in found.items() if words}


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


routes = [
    Route("/sign-in", ask),
    Route("/sign-in", sign_in, methods=["POST"]),
    Route("/sign-out", ask_sign_out),
    Route("/sign-out", sign_out, methods=["POST"]),
    Route("/signed-out", signed_out),
    Route("/sign-up", ask_to_join),
    Route("/sign-up", join, methods=["POST"]),
]
