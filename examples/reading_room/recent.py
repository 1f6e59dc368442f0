"""Recently viewed articles, in a cookie of the visitor's own: kept only where ``preferences`` was granted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from examples.reading_room.articles import Article
from examples.reading_room.library import visit_of
from footfall import Cookie

RECENT = Cookie(
    "recently-viewed",
    purpose="preferences",
    lifetime=timedelta(days=30),
    provider="The Reading Room",
    description="Remembers the last articles you opened, to show them on the home page.",
)

_MOST = 4


def recently_viewed(request: Request, articles: Mapping[str, Article]) -> list[Article]:
    """The last articles, the latest first. The cookie is the visitor's: what is no article of ours is passed over."""
    slugs = dict.fromkeys(request.cookies.get(RECENT.name, "").split(".")[: 2 * _MOST])
    return [articles[slug] for slug in slugs if slug in articles][:_MOST]


def note_viewed(request: Request, response: Response, article: Article, articles: Mapping[str, Article]) -> None:
    """Put an article in front of the others."""
    if not visit_of(request).consent.allows(RECENT.purpose) or RECENT.lifetime is None:
        return
    others = [one.slug for one in recently_viewed(request, articles) if one is not article]
    response.set_cookie(
        RECENT.name,
        ".".join([article.slug, *others][:_MOST]),
        max_age=int(RECENT.lifetime.total_seconds()),
        httponly=True,
        secure=request.url.scheme == "https",
        samesite="lax",
    )
