"""The ten-line mount, run as its first line says."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading_room_browser import OpenBrowser, answer, cookie_names, is_asked
from running_site import start

pytestmark = pytest.mark.browser


def test_ten_lines_ask_keep_the_answer_and_recognise(open_browser: OpenBrowser, tmp_path: Path) -> None:
    site = start(tmp_path, workers=1, app="examples.minimal:app")
    try:
        browser = open_browser()
        page = browser.pages[0]
        page.goto(site.url)
        assert page.locator("h1").inner_text() == "Welcome."
        assert is_asked(page)
        answer(page, "Accept all")
        assert cookie_names(browser) == {"footfall-consent", "footfall-visitor"}
        page.reload()
        assert not is_asked(page)
    finally:
        site.stop()
    assert (tmp_path / "footfall-data" / "clickhouse").is_dir()
