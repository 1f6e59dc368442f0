"""The public pages: home, articles, documents, the theme, and what is lost without cookies."""

from __future__ import annotations

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from examples.reading_room.articles import search
from examples.reading_room.library import library_of, visit_of
from examples.reading_room.recent import note_viewed, recently_viewed
from examples.reading_room.rendering import page
from examples.reading_room.theme import set_theme
from footfall.sessions.return_to import safe_return

_LONGEST_QUERY = 100  # characters


async def home(request: Request) -> Response:
    library = library_of(request)
    featured, *others = library.articles.values()
    recent = recently_viewed(request, library.articles)
    return page(
        request, "home.html", featured=featured, others=others, documents=library.documents.values(), recent=recent
    )


async def articles(request: Request) -> Response:
    query = request.query_params.get("q", "")[:_LONGEST_QUERY].strip()
    found = search(list(library_of(request).articles.values()), query)
    return page(request, "articles.html", query=query, found=found)


async def article(request: Request) -> Response:
    all_articles = library_of(request).articles
    chosen = all_articles.get(request.path_params["slug"])
    if chosen is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    following = list(all_articles.values())[chosen.number % len(all_articles)]
    response = page(request, "article.html", article=chosen, following=following)
    note_viewed(request, response, chosen, all_articles)
    return response


async def documents(request: Request) -> Response:
    return page(request, "documents.html", documents=library_of(request).documents.values())


async def document(request: Request) -> Response:
    """Send a document, and note that it was read: once for each download, and not for a look at its headers."""
    chosen = library_of(request).documents.get(request.path_params["name"])
    if chosen is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    if request.method == "GET":
        visit_of(request).document(chosen.name)
    headers = {"content-disposition": f'attachment; filename="{chosen.name}"'}
    return Response(chosen.content, media_type=chosen.media_type, headers=headers)


async def without_cookies(request: Request) -> Response:
    return page(request, "without_cookies.html")


async def ask_theme(request: Request) -> Response:
    return page(request, "theme.html", refused=False, back="/")


async def choose_theme(request: Request) -> Response:
    """Set the cookie whatever the visitor agreed to: that it is kept back is Footfall's doing, and is said."""
    form = await request.form(max_files=0)
    allowed = visit_of(request).consent.allows("preferences")
    back = safe_return(str(form.get("back", ""))) or "/"
    forgets = form.get("theme") == "device"
    response: Response = (
        RedirectResponse(back, HTTPStatus.SEE_OTHER)
        if allowed or forgets
        else page(request, "theme.html", refused=True, back=back)
    )
    set_theme(request, response, form.get("theme"))
    return response


routes = [
    Route("/", home),
    Route("/articles", articles),
    Route("/articles/{slug}", article),
    Route("/documents", documents),
    Route("/documents/{name}", document),
    Route("/without-cookies", without_cookies),
    Route("/theme", ask_theme),
    Route("/theme", choose_theme, methods=["POST"]),
]
