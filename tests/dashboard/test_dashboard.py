"""The pages: what they say is what the reports say, and where they lead there is a page."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from footfall_analytics import Reports
from footfall_analytics.dashboard import Dashboard
from footfall_analytics.dashboard.charts import ChartsMissing
from footfall_analytics.dashboard.panels import MENU
from tests.dashboard.month import NOW


@pytest.fixture(scope="module")
def client(dashboard: Starlette) -> Iterator[TestClient]:
    with TestClient(dashboard, base_url="http://library.example") as client:
        yield client


@pytest.fixture(scope="module")
def reports(dashboard_url: str) -> Iterator[Reports]:
    with Reports(dashboard_url, clock=lambda: NOW) as reports:
        yield reports


def words(html: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)))


def test_the_headline_figures_are_those_of_the_reports(client: TestClient, reports: Reports) -> None:
    total = reports.visits(since="2026-10-26", until="2026-11-24", timezone="Europe/Berlin", compare=True).total
    assert total is not None
    page = words(client.get("/analytics/").text)
    assert f"Visits {total[1]} {total[3]:+.0%}".replace("%", " %").replace("-", "−") in page


def test_a_filter_holds_for_every_figure_of_the_page(client: TestClient, reports: Reports) -> None:
    asked = {"since": "2026-10-26", "until": "2026-11-24", "timezone": "Europe/Berlin", "filters": ["country=DE"]}
    visits = reports.visits(**asked).total  # type: ignore[arg-type]
    pages = reports.pages(**asked).as_dicts()  # type: ignore[arg-type]
    html = client.get("/analytics/?where=country%3DDE").text
    assert f"Visits {visits[1]} " in words(html)  # type: ignore[index]
    assert f"{pages[0]['path']} {pages[0]['page_views']} {pages[0]['visitors']}" in words(html)
    assert "country is DE" in words(html)


def test_every_link_of_the_overview_leads_to_a_page(client: TestClient) -> None:
    overview = client.get("/analytics/").text
    links = {unescape(link) for link in re.findall(r'href="([^"#][^"]*)"', overview) if not link.startswith("data:")}
    seen = {link.split("?")[0] for link in links if "/report/" in link}
    assert {f"/analytics/report/{name}" for names in MENU.values() for name in names} <= seen
    one_of_each = {re.sub(r"=[^&]*", "=", link): link for link in links}  # a filter is like another
    for link in one_of_each.values():
        assert client.get(urljoin("/analytics/", link)).status_code == 200, link


@pytest.mark.parametrize("name", [name for names in MENU.values() for name in names])
def test_every_report_has_a_page_and_csv(client: TestClient, name: str) -> None:
    assert client.get(f"/analytics/report/{name}").status_code == 200
    answer = client.get(f"/analytics/report/{name}.csv")
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}.csv"'
    assert len(next(csv.reader(io.StringIO(answer.text)))) > 1


def test_csv_is_what_is_shown_whole_and_harms_no_spreadsheet(client: TestClient, reports: Reports) -> None:
    """A text that begins with = would be run as a formula."""
    answer = client.get("/analytics/report/documents.csv?period=all").text
    rows = list(csv.DictReader(io.StringIO(answer)))
    assert [row["name"] for row in rows] == ["'=charges.pdf"]
    assert int(rows[0]["reads"]) == reports.documents().as_dicts()[0]["reads"]


def test_a_member_has_a_page_with_all_they_did(client: TestClient, reports: Reports) -> None:
    html = client.get("/analytics/member?id=ada&period=7d").text
    timeline = reports.timeline(member="ada", since="2026-11-18", until="2026-11-24", timezone="Europe/Berlin")
    assert html.count("<li><time") == len(timeline)
    assert "=charges.pdf" in html


def test_nobody_is_named_where_members_may_not_be_seen(dashboard_url: str) -> None:
    with closing(Dashboard(dashboard_url, members=False, clock=lambda: NOW)) as shown:
        client = TestClient(shown)
        overview = client.get("/").text
        assert "ada" not in words(overview)
        assert "report/members" not in overview
        for path in ("/member?id=ada", "/report/members", "/report/members.csv", "/report/timeline.csv?id=ada"):
            assert client.get(path).status_code in (400, 404), path


def test_no_member_is_filtered_by_either(dashboard_url: str) -> None:
    """With a filter one could ask what each member did."""
    with closing(Dashboard(dashboard_url, members=False, clock=lambda: NOW)) as shown:
        client = TestClient(shown)
        assert client.get("/?where=member%3Dada").status_code == 400
        assert client.get("/report/breakdown?dimension=member").status_code == 400


@pytest.mark.parametrize(
    ("address", "status", "why"),
    [
        ("/?period=fortnight", 400, "period 'fortnight' is none"),
        ("/report/pagse", 400, "did you mean pages?"),
        ("/report/funnel?steps=", 200, ""),
        ("/report/traffic?by=fortnight", 400, "fortnight"),
        ("/member", 400, "no member is named"),
        ("/nowhere", 404, "There is no such page here"),
    ],
)
def test_what_cannot_be_shown_says_why(client: TestClient, address: str, status: int, why: str) -> None:
    answer = client.get(f"/analytics{address}")
    assert answer.status_code == status
    assert why in words(answer.text)


def test_what_somebody_sent_is_shown_as_text(client: TestClient) -> None:
    html = client.get("/analytics/?dimension=path&value=<script>alert(1)</script>").text
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_while_clickhouse_is_away_the_page_says_so(tmp_path: Path) -> None:
    with TestClient(Dashboard("clickhouse://127.0.0.1:9/footfall", clock=lambda: NOW)) as client:
        answer = client.get("/")
        assert (answer.status_code, "does not answer" in answer.text) == (503, True)
        assert client.get("/report/pages.csv").status_code == 503


def test_the_pages_ask_no_other_host_and_may_not_be_kept_or_framed(client: TestClient) -> None:
    answer = client.get("/analytics/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert re.findall(r'(?:src|href)="(?:https?:)?//', answer.text) == []
    assert re.findall(r"<style|<script(?! src)| style=| on\w+=", answer.text) == []


def test_a_chart_says_its_figures_without_being_seen(client: TestClient) -> None:
    html = client.get("/analytics/?period=7d").text
    assert 'role="img" aria-label="Visitors by day"' in html
    assert re.search(r"<title>24 Nov: Visitors \d, before \d</title>", html)


def test_without_the_extra_the_app_says_what_to_install(monkeypatch: pytest.MonkeyPatch, dashboard_url: str) -> None:
    monkeypatch.setitem(sys.modules, "pygal", None)
    with pytest.raises(ChartsMissing, match=r"footfall\[dashboard\]"):
        Dashboard(dashboard_url)


@pytest.mark.parametrize(("url", "zone"), [("postgres://x/y", "UTC"), ("chdb:data/clickhouse", "Mars/Olympus")])
def test_a_wrong_setting_is_told_when_the_app_is_made(url: str, zone: str) -> None:
    with pytest.raises(ValueError):
        Dashboard(url, timezone=zone)
