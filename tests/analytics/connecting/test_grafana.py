"""Grafana's dashboard in examples/grafana, and what Grafana's and Superset's drivers ask beside its questions."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.analytics.connecting.shared_world import Shared

DASHBOARD = json.loads((Path(__file__).parents[3] / "examples" / "grafana" / "footfall.json").read_text("utf-8"))
SITES = next(one["query"] for one in DASHBOARD["templating"]["list"] if one["name"] == "site")
PANELS = {panel["title"]: panel["targets"][0]["rawSql"] for panel in DASHBOARD["panels"]}
YEAR = ("toDateTime(1767225600)", "toDateTime(1830297600)")  # 2026 and 2027


def asked(sql: str, site: str = "all") -> str:
    """The question as Grafana's ClickHouse plugin sends it: macros and variables replaced."""
    sql = re.sub(r"\$__timeFilter\((\w+)\)", rf"\1 >= {YEAR[0]} AND \1 <= {YEAR[1]}", sql)
    sql = re.sub(r"\$__timeInterval\((\w+)\)", r"toStartOfInterval(toDateTime(\1), INTERVAL 86400 second)", sql)
    return sql.replace("${site:singlequote}", f"'{site}'")


def fetch(shared: Shared, sql: str, **query: str) -> bytes:
    """As the drivers do: HTTP, the statement in the body, settings and format in the address."""
    where = urllib.parse.urlencode({"database": "footfall", "max_execution_time": "60", **query})
    headers = {"X-ClickHouse-User": "analyst", "X-ClickHouse-Key": shared.password, "User-Agent": "grafana"}
    request = urllib.request.Request(f"http://127.0.0.1:{shared.port}/?{where}", sql.encode(), headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        body: bytes = answer.read()
        return body


def rows(shared: Shared, sql: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(fetch(shared, f"{sql} FORMAT JSON"))["data"]
    return found


@pytest.mark.parametrize("title", PANELS)
def test_a_panel_of_the_dashboard_has_an_answer(shared: Shared, title: str) -> None:
    assert "$" not in asked(PANELS[title])
    assert rows(shared, asked(PANELS[title]))
    assert rows(shared, asked(PANELS[title], "shop")) != rows(shared, asked(PANELS[title]))


def test_the_dashboard_counts_what_there_is(shared: Shared) -> None:
    assert int(rows(shared, asked(PANELS["Page views"]))[0]["page_views"]) == shared.page_views
    over_time = rows(shared, asked(PANELS["Page views and visitors"]))
    assert sum(int(row["page_views"]) for row in over_time) == shared.page_views


def test_the_dashboard_lists_the_sites(shared: Shared) -> None:
    assert [row["site"] for row in rows(shared, SITES)] == ["all", "main", "shop"]


def test_panels_do_not_overlap_and_have_their_own_numbers() -> None:
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(cells) == len(set(cells))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "SELECT displayName(), version(), revision(), timezone()",
        "SHOW DATABASES",
        "SELECT name FROM system.databases ORDER BY name",
        "SELECT name, engine FROM system.tables WHERE database = 'footfall' ORDER BY name",
        "SELECT name, type, comment FROM system.columns WHERE database = 'footfall' AND table = 'events'",
        'DESC TABLE "footfall"."events"',
        "SELECT name, value, readonly FROM system.settings WHERE name = 'max_threads'",
        "EXPLAIN AST SELECT count() FROM events",
        "SELECT DISTINCT arrayJoin(mapKeys(props)) AS keys FROM events LIMIT 1000",
    ],
)
def test_what_drivers_ask_first_is_answered(shared: Shared, sql: str) -> None:
    assert fetch(shared, sql)


@pytest.mark.parametrize(
    "form", ["Native", "RowBinaryWithNamesAndTypes", "JSON", "JSONCompact", "JSONEachRow", "TabSeparatedWithNames",
             "CSVWithNames", "Arrow", "ArrowStream", "Parquet"]
)  # fmt: skip
def test_every_form_that_drivers_read_is_given(shared: Shared, form: str) -> None:
    sql = "SELECT time, site, visitor_id, purposes, props FROM events LIMIT 3"
    quiet = {"output_format_write_statistics": "0", "max_threads": "1"}
    assert fetch(shared, f"{sql} FORMAT {form}", **quiet) == fetch(shared, sql, default_format=form, **quiet) != b""


def test_settings_of_the_address_are_heeded_and_those_of_an_analysts_sql_refused(shared: Shared) -> None:
    sql = "SELECT toUInt64(value) FROM system.settings WHERE name = 'max_threads'"
    assert fetch(shared, sql, max_threads="3") == b"3\n"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        fetch(shared, "SELECT 1 SETTINGS max_threads = 1")
