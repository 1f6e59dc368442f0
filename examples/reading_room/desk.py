"""The librarians' desk: what is used most. A taste of the reports; ``footfall report`` has all of them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from examples.reading_room.library import library_of
from examples.reading_room.rendering import page
from footfall_analytics.clickhouse import ClickHouseUnavailable
from footfall_analytics.reports import Reports, Result

log = logging.getLogger("reading_room.desk")

_MOST = 10


@dataclass(frozen=True, slots=True)
class Table:
    """One report, cut to what fits on the desk."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]


async def desk(request: Request) -> Response:
    tables = await run_in_threadpool(read_tables, library_of(request).analytics)
    return page(request, "desk.html", tables=tables)


def read_tables(analytics: str) -> list[Table] | None:
    """What was used most; ``None`` while ClickHouse does not answer. Blocks while it asks."""
    try:
        with Reports(analytics) as reports:
            return [
                _table("Documents", reports.documents, name="Document", reads="Reads", members="Members"),
                _table("Databases", reports.databases, name="Database", uses="Searches", members="Members"),
                _table("Pages", reports.pages, path="Page", page_views="Views", members="Members"),
            ]
    except ClickHouseUnavailable as error:
        log.warning("the desk has no numbers: %s", error)
        return None


def _table(title: str, report: Callable[..., Result], **columns: str) -> Table:
    rows = [tuple(row[column] for column in columns) for row in report(site="reading-room", limit=_MOST)]
    return Table(title, tuple(columns.values()), rows)


routes = [Route("/desk", desk)]
