"""An analyst's half hour in a real browser: find the drop, filter by source, open a member, take a CSV along."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import closing

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from reading_room_browser import OpenBrowser
from served_app import served
from starlette.applications import Starlette
from starlette.routing import Mount

from footfall_analytics.clickhouse import connect, migrate
from footfall_analytics.dashboard import Dashboard
from tests.analytics.report_world import insert
from tests.dashboard.month import NOW, month

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    url = f"chdb://{tmp_path_factory.mktemp('dashboard')}/clickhouse"
    with connect(url) as connection:
        migrate(connection.client, connection.database)
        insert(connection.client, connection.database, month())
        with closing(Dashboard(url, title="Library", clock=lambda: NOW)) as shown:
            app = Starlette(routes=[Mount("/analytics", shown)])
            with served(app) as site:
                yield f"{site}/analytics/"


def barriers(page: Page) -> list[str]:
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in Axe().run(page).response["violations"]]


def figure(page: Page, title: str) -> str:
    return page.locator(".tiles li").filter(has_text=title).locator("strong").inner_text()


def test_an_analyst_finds_the_drop_its_source_a_member_and_takes_the_figures_along(
    open_window: OpenBrowser, address: str
) -> None:
    page = open_window().pages[0]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    everybody = figure(page, "Visits")

    # the drop: of the points of the chart, which were low?
    page.get_by_text("The chart as a table").click()
    points = [row.inner_text().split("\t") for row in page.locator("figure tbody tr").all()]
    assert [day for day, visitors, *_ in points if int(visitors) == 4] == [f"{day} Nov" for day in range(11, 16)]

    # those days only, and which source is missing in them
    page.locator("summary", has_text="Last 30 days").click()
    page.get_by_label("From", exact=True).fill("2026-11-11")
    page.get_by_label("to", exact=True).fill("2026-11-15")
    page.get_by_role("button", name="Show").click()
    channels = page.locator("#sources")
    assert channels.get_by_role("row").all_inner_texts()[1:] == ["Organic Search\t20"]

    # a click on a source, with a period that has it, filters everything
    page.goto(address)
    page.locator("#sources").get_by_role("link", name="Email").click()
    assert page.get_by_label("Filters").get_by_text("channel is Email").is_visible()
    assert int(figure(page, "Visits")) < int(everybody)
    page.get_by_role("link", name="Remove the filter channel=Email").click()
    assert figure(page, "Visits") == everybody

    # a member, and what they did
    page.locator("#members").get_by_role("link", name="ada").click()
    assert page.get_by_role("heading", level=1).inner_text() == "ada"
    assert page.locator(".day").count() == 25

    # and the pages as CSV
    page.goto(address)
    page.locator("#pages").get_by_role("link", name="Details and CSV").click()
    with page.expect_download() as started:
        page.get_by_role("link", name="Download CSV").click()
    rows = list(csv.DictReader(io.StringIO(started.value.path().read_text())))
    assert rows[0]["path"] == "/"
    assert {url.split("/")[2] for url in asked} == {address.split("/")[2]}


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (320, "dark"), (1280, "light"), (1280, "dark")])
def test_nothing_bars_anybody_from_a_page(open_window: OpenBrowser, address: str, width: int, scheme: str) -> None:
    page = open_window(viewport={"width": width, "height": 900}, color_scheme=scheme).pages[0]
    for path in ("", "report/pages?where=country%3DDE", "report/retention", "member?id=ada", "realtime", "nowhere"):
        page.goto(address + path)
        assert barriers(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_menus_are_used_by_keyboard_and_closed_with_escape(open_window: OpenBrowser, address: str) -> None:
    page = open_window().pages[0]
    page.goto(address)
    page.locator("summary", has_text="Reports").focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("link", name="Funnel").is_visible()
    assert barriers(page) == []
    page.keyboard.press("Escape")
    assert not page.get_by_role("link", name="Funnel").is_visible()
    assert page.evaluate("document.activeElement.textContent") == "Reports"


def test_without_javascript_every_step_is_a_link(open_window: OpenBrowser, address: str) -> None:
    page = open_window(java_script_enabled=False).pages[0]
    page.goto(address)
    page.locator("#pages").get_by_role("link", name="Exit", exact=True).click()
    page.locator("#places").get_by_role("link", name="DE", exact=True).click()
    assert page.get_by_label("Filters").get_by_text("country is DE").is_visible()
    assert page.locator("#pages [aria-current]").inner_text() == "Exit"
    page.get_by_role("link", name="Realtime").click()
    assert page.get_by_role("heading", level=1).inner_text() == "The last 30 minutes"
