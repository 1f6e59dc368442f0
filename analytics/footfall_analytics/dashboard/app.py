"""The dashboard as an ASGI app: ``Mount("/analytics", Dashboard("chdb:footfall-data/clickhouse"))``."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from clickhouse_connect.driver.exceptions import ClickHouseError
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from footfall_analytics.clickhouse import ClickHouseUnavailable, parse_target
from footfall_analytics.dashboard import charts, pages
from footfall_analytics.dashboard.asking import Asking
from footfall_analytics.dashboard.table import as_csv
from footfall_analytics.dashboard.view import View
from footfall_analytics.reports import Reports
from footfall_analytics.reports.period import zone_named
from footfall_analytics.reports.report import QuestionError

log = logging.getLogger("footfall.dashboard")

#: Nothing of these pages may be framed, kept by others, or ask another host for anything.
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_FILES = {"style.css": "text/css; charset=utf-8", "script.js": "text/javascript; charset=utf-8"}

Page = Callable[[Reports, View, pages.Where], dict[str, Any]]


class Dashboard:
    """The analysts' page, to be mounted where only they may go: it asks for no password of its own.

    ``url`` names the ClickHouse as in ``ClickHouse(url)``; ``timezone`` (IANA) is the one that days are cut in;
    ``title`` stands on every page. Members are named only where ``members`` says so. Raises ValueError for a URL or
    zone that is none, ``ChartsMissing`` where the extra ``dashboard`` is not installed.
    """

    def __init__(
        self,
        url: str,
        *,
        timezone: str = "UTC",
        title: str = "Footfall",
        members: bool = True,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        parse_target(url)
        zone_named(timezone)
        charts.require_charts()
        self._asking = Asking(url, clock)
        self._where = pages.Where(timezone=timezone, members=members, clock=clock)
        self._environment = _environment(title)
        self._files = {name: files(__package__).joinpath(name).read_bytes() for name in _FILES}
        versions = {name: hashlib.sha256(content).hexdigest()[:12] for name, content in self._files.items()}
        self._environment.globals["versions"] = versions
        self._app = Starlette(routes=self._routes(members))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    def close(self) -> None:
        """Let go of ClickHouse, and with it of the embedded engine; the next page opens it again."""
        self._asking.close()

    def _routes(self, members: bool) -> list[Route]:
        member = Route("/member", self._page("member.html", pages.member_page))
        return [
            Route("/", self._page("overview.html", pages.overview_page)),
            Route("/realtime", self._page("realtime.html", pages.realtime_page)),
            *([member] if members else []),
            Route("/report/{name}.csv", self._csv),
            Route("/report/{name}", self._page("report.html", pages.report_page)),
            Route("/{file}", self._file),
        ]

    def _page(self, template: str, page: Page) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            return await self._answer(request, template, page)

        return endpoint

    async def _answer(self, request: Request, template: str, page: Page) -> Response:
        where = self._where.of(request)
        try:
            view = self._view(request, where)
            shown = await run_in_threadpool(self._ask, view, where, page)
        except QuestionError as error:
            return self._refusal(request, where, str(error), 400)
        except (ClickHouseUnavailable, ClickHouseError) as error:
            log.warning("the dashboard has no figures: %s", str(error).partition("\n")[0])
            return self._refusal(request, where, "ClickHouse does not answer at the moment. Please try again.", 503)
        return self._html(template, {**shown, "view": view, "where": where})

    def _view(self, request: Request, where: pages.Where) -> View:
        view = View.read(request.query_params.multi_items())
        pages.check_names(view, where)
        return view

    def _ask(self, view: View, where: pages.Where, page: Page) -> dict[str, Any]:
        return self._asking.ask(lambda reports: {"sites": reports.sites(), **page(reports, view, where)})

    async def _csv(self, request: Request) -> Response:
        where = self._where.of(request)
        try:
            view = self._view(request, where)
            result = await run_in_threadpool(
                self._asking.ask, lambda reports: pages.answer(reports, view, where, limit=None)
            )
        except QuestionError as error:
            return Response(str(error), 400, _HEADERS, media_type="text/plain")
        except (ClickHouseUnavailable, ClickHouseError):
            return Response("ClickHouse does not answer at the moment.", 503, _HEADERS, media_type="text/plain")
        attached = f'attachment; filename="{result.name}.csv"'
        return Response(as_csv(result), headers={**_HEADERS, "Content-Disposition": attached}, media_type="text/csv")

    async def _file(self, request: Request) -> Response:
        name = request.path_params["file"]
        if name not in self._files:
            return self._refusal(request, self._where.of(request), "There is no such page here.", 404)
        kept = "public, max-age=31536000, immutable" if "v" in request.query_params else "no-cache"
        return Response(self._files[name], headers={**_HEADERS, "Cache-Control": kept}, media_type=_FILES[name])

    def _refusal(self, request: Request, where: pages.Where, why: str, status: int) -> Response:
        return self._html("refusal.html", {"where": where, "why": why, "view": View(), "sites": []}, status)

    def _html(self, template: str, values: dict[str, Any], status: int = 200) -> Response:
        return HTMLResponse(self._environment.get_template(template).render(**values), status, _HEADERS)


def _environment(title: str) -> Environment:
    environment = Environment(
        loader=PackageLoader(__package__, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(title=title, menu=pages.MENU, periods=pages.PERIODS, dimensions=pages.DIMENSIONS)
    return environment
