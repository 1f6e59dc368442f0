"""The pages for members: their room, and the databases. That nobody else gets here is Footfall's access rules."""

from __future__ import annotations

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from examples.reading_room.databases import DATABASES
from examples.reading_room.library import visit_of
from examples.reading_room.rendering import page

_LONGEST_QUERY = 100  # characters


async def members_room(request: Request) -> Response:
    return page(request, "members.html", databases=DATABASES.values())


async def letter(request: Request) -> Response:
    return page(request, "letter.html")


async def databases(request: Request) -> Response:
    return page(request, "databases.html", databases=DATABASES.values())


async def database(request: Request) -> Response:
    """Search a database. Each search is a use, and is noted as one; opening the page is not."""
    chosen = DATABASES.get(request.path_params["slug"])
    if chosen is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    query = request.query_params.get("q", "")[:_LONGEST_QUERY].strip()
    found = chosen.search(query)
    if query:
        visit_of(request).database(chosen.slug, found=len(found))
    return page(request, "database.html", database=chosen, query=query, found=found)


routes = [
    Route("/members", members_room),
    Route("/members/letter", letter),
    Route("/databases", databases),
    Route("/databases/{slug}", database),
]
