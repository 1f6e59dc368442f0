"""The site put together: its policy, its cookies, its access rules, and Footfall around it."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from examples.reading_room import account, desk, members_only, order, public, sign_in
from examples.reading_room.errors import handlers
from examples.reading_room.keys import secret_keys
from examples.reading_room.library import HERE, open_library
from examples.reading_room.recent import RECENT
from examples.reading_room.security import OwnForms, SecurityHeaders
from examples.reading_room.theme import THEME
from footfall import Access, Footfall, Policy, Settings
from footfall.sink import EventSink
from footfall_analytics import ClickHouse
from footfall_analytics.dashboard import Dashboard

#: The longest form here has five short fields.
_LONGEST_BODY = 16 * 1024  # bytes

ACCESS = (
    Access("/members/*", member=True),
    Access("/databases"),  # the list is for everybody; the first rule that matches counts
    Access("/databases/*", member=True),
    Access("/account/password", fresh=timedelta(minutes=10)),
    Access("/account/*", member=True),
    Access("/desk", role="librarian"),
    Access("/desk/*", role="librarian"),
)


def create_app(*, data_dir: Path | None = None, sink: EventSink | None = None, **overrides: Any) -> Starlette:
    """The Reading Room as an ASGI app.

    ``data_dir`` holds all that is kept, default ``READING_ROOM_DATA`` or ``footfall-data``. ``sink`` takes the
    events, default the embedded ClickHouse in the data directory, or ``FOOTFALL_ANALYTICS``. ``overrides`` are
    fields of ``footfall.Settings``. Raises ValueError for settings that cannot hold.
    """
    data = data_dir or Path(os.environ.get("READING_ROOM_DATA", "footfall-data"))
    keys = secret_keys(data)
    analytics = os.environ.get("FOOTFALL_ANALYTICS") or embedded(data)
    settings = site_settings(data, keys, **overrides)
    app = Starlette(
        routes=[
            *_routes(),
            Mount("/desk/analytics", Dashboard(analytics, title="Reading Room"), name="dashboard"),
            Mount("/static", StaticFiles(directory=HERE / "static"), name="static"),
        ],
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(Footfall, settings=settings, sink=sink or ClickHouse(analytics, journal=data / "journal")),
            Middleware(OwnForms),
        ],
        exception_handlers=handlers,
        max_body_size=_LONGEST_BODY,
    )
    app.state.library = open_library(data, key=keys[0], analytics=analytics)
    return app


def site_settings(data: Path, keys: list[str], **overrides: Any) -> Settings:
    """What the Reading Room asks of Footfall."""
    stated: dict[str, Any] = {
        "secret_keys": keys,
        "site": "reading-room",
        "store": os.environ.get("FOOTFALL_STORE") or f"sqlite:///{data}/store.db",
        "policy": Policy(version=1, effective=date(2026, 11, 1)),
        "cookies": (THEME, RECENT),
        "access": ACCESS,
        "templates": HERE / "privacy",
        "language": "en",  # of the notice, because the site has no other
    }
    return Settings(**stated | overrides)


def embedded(data: Path) -> str:
    """The URL of the embedded ClickHouse in a data directory."""
    return f"chdb://{data / 'clickhouse'}" if data.is_absolute() else f"chdb:{data / 'clickhouse'}"


def _routes() -> list[Any]:
    modules = (public, members_only, sign_in, account, order, desk)
    return [route for module in modules for route in module.routes]
