"""The account: what the library holds of a member, and a new password. Who gets here is the access rules' business."""

from __future__ import annotations

import time
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from examples.reading_room.library import library_of, visit_of
from examples.reading_room.passwords import complaint
from examples.reading_room.rendering import page
from examples.reading_room.sign_in import in_thread
from footfall.sessions.member import Member


async def account(request: Request) -> Response:
    return page(request, "account.html", changed=request.query_params.get("changed") == "password")


async def dismiss_notices(request: Request) -> Response:
    """The member has read what they had to be told."""
    await visit_of(request).dismiss_notices()
    return RedirectResponse("/account", HTTPStatus.SEE_OTHER)


async def ask_password(request: Request) -> Response:
    return page(request, "password.html", errors={})


async def change_password(request: Request) -> Response:
    """Change it, end every session of the member on every device, and begin a new one here (ASVS 7.4.3)."""
    form = await request.form(max_files=0)
    member, members = _member(request), library_of(request).members
    errors = await _complaints(request, member, str(form.get("current", "")))
    words = complaint(str(form.get("password", "")), again=str(form.get("again", "")), name=member.id)
    if words:
        errors["password"] = words
    if errors:
        return page(request, "password.html", HTTPStatus.UNPROCESSABLE_ENTITY, errors=errors)
    await in_thread(members.change_password, member.id, str(form.get("password", "")))
    visit = visit_of(request)
    await visit.logout(everywhere=True)
    await visit.login(member.id, roles=member.roles)
    return RedirectResponse("/account?changed=password", HTTPStatus.SEE_OTHER)


async def _complaints(request: Request, member: Member, current: str) -> dict[str, str]:
    """ASVS 6.2.3: the current password is asked for again; guesses of it are throttled like a sign-in."""
    library, address = library_of(request), request.client.host if request.client else ""
    if await in_thread(library.throttle.count, member.id, address, time.time()):
        return {"current": "There were too many tries. Try again in a quarter of an hour."}
    if await in_thread(library.members.check, member.id, current) is None:
        return {"current": "That is not your current password."}
    await in_thread(library.throttle.forgive, member.id, address)
    return {}


def _member(request: Request) -> Member:
    member = visit_of(request).member
    if member is None:
        raise PermissionError("/account is reached without a member: the access rules do not cover it")
    return member


routes = [
    Route("/account/notices", dismiss_notices, methods=["POST"]),
    Route("/account", account),
    Route("/account/password", ask_password),
    Route("/account/password", change_password, methods=["POST"]),
]
