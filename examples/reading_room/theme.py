"""The theme: a cookie of the app's own that serves a purpose which visitors may refuse.

The app sets it without asking; Footfall lets it out only where ``preferences`` was granted, and lets it in likewise.
"""

from __future__ import annotations

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from footfall import Cookie

THEME = Cookie(
    "theme",
    purpose="preferences",
    lifetime=timedelta(days=180),
    provider="The Reading Room",
    description="Remembers whether you chose the light or the dark page.",
)

THEMES = ("light", "dark")


def theme_of(request: Request) -> str:
    """What the visitor chose; "" leaves it to their device."""
    chosen = request.cookies.get(THEME.name, "")
    return chosen if chosen in THEMES else ""


def set_theme(request: Request, response: Response, theme: object) -> None:
    """Keep the choice in the cookie; anything but a theme forgets it."""
    secure = request.url.scheme == "https"
    if theme in THEMES and THEME.lifetime is not None:
        age = int(THEME.lifetime.total_seconds())
        response.set_cookie(THEME.name, str(theme), max_age=age, httponly=True, secure=secure, samesite="lax")
    else:
        response.delete_cookie(THEME.name, httponly=True, secure=secure, samesite="lax")
