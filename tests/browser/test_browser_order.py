"""A card in the browser's form: it reaches the server, and nothing that stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page
from reading_room_browser import OpenBrowser, answer, sign_in
from running_site import RunningSite, start

pytestmark = pytest.mark.browser

CARD = "4111111111111111"
WRITTEN = "4111 1111 1111 1111"


def order(page: Page, site: RunningSite) -> None:
    page.goto(f"{site.url}/order")
    for label, typed in (("Name on the card", "Ada L"), ("Card number", WRITTEN), ("Expires", "04/39")):
        page.get_by_label(label).fill(typed)
    page.get_by_label("Security code").fill("987")
    with page.expect_navigation():
        page.get_by_role("button", name="Place the order").click()


def holding_the_card(text: str) -> list[str]:
    return [form for form in (CARD, WRITTEN, "4111+1111", "4111%20", "04/39", "04%2F39") if form in text]


def test_an_order_leaves_the_card_in_no_cookie_row_file_or_log(site: RunningSite, open_browser: OpenBrowser) -> None:
    browser = open_browser()
    page = browser.pages[0]
    page.goto(site.url)
    answer(page, "Accept all")
    page.goto(f"{site.url}/sign-in")
    sign_in(page, remember=True)
    order(page, site)
    assert "•••• 1111" in page.locator("main").inner_text()
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0

    rows = site.wait_for("SELECT * FROM footfall.events WHERE kind = 'event' AND name = 'order'", 1)
    assert rows[0]["props"] == {"item": "facsimile"}
    all_rows = site.ask("SELECT * FROM footfall.events")
    cookies = str(browser.cookies())
    site.stop()
    files = [path for path in (site.directory / "data").rglob("*") if path.is_file()]
    kept = "".join(path.read_bytes().decode("latin-1") for path in files)
    assert "POST /order" in site.log
    assert holding_the_card(cookies + str(all_rows) + site.log + kept) == []


def test_the_journal_holds_no_card_and_no_whole_address_while_clickhouse_is_away(
    chromium: str, open_browser: OpenBrowser, tmp_path: Path
) -> None:
    """The app runs on and the journal keeps: here it can be read as it was written."""
    site = start(tmp_path, workers=1, analytics="clickhouse://nobody:nothing@127.0.0.1:9/footfall")
    try:
        page = open_browser().pages[0]
        page.goto(site.url)
        answer(page, "Accept all")
        order(page, site)
    finally:
        site.stop()
    journal = "".join(path.read_text() for path in tmp_path.rglob("journal/*") if path.is_file())
    assert '"/order"' in journal
    assert "127.0.0.0" in journal
    assert "127.0.0.1" not in journal
    assert holding_the_card(journal) == []
