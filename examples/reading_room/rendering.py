"""Pages: one environment, and what every template may use."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from examples.reading_room.library import HERE, library_of
from examples.reading_room.theme import theme_of
from footfall.visit import Visit

#: The rooms: name and address.
NAVIGATION = (
    ("Articles", "/articles"),
    ("Documents", "/documents"),
    ("Databases", "/databases"),
    ("Members’ room", "/members"),
    ("Order", "/order"),
)

_environment = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def page(request: Request, template: str, status: int = HTTPStatus.OK, **facts: Any) -> Response:
    """Render a template for this visitor."""
    html = _environment.get_template(template).render(**_shared(request), **facts)
    return HTMLResponse(html, status)


def _shared(request: Request) -> dict[str, Any]:
    visit: Visit | None = getattr(request.state, "visit", None)  # none under /static, which Footfall leaves alone
    member = visit.member if visit else None
    query = request.url.query
    return {
        "visit": visit,
        "notices": visit.notices if visit and member else [],
        "reader": library_of(request).members.find(member.id) if member else None,
        "theme": theme_of(request),
        "navigation": NAVIGATION,
        "path": request.url.path,
        "address": f"{request.url.path}?{query}" if query else request.url.path,
    }


def _moment(seconds: float) -> str:
    """``24 November 2026, 10:49 UTC``."""
    at = datetime.fromtimestamp(seconds, UTC)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


_environment.filters["moment"] = _moment
