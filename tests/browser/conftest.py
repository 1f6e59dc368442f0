"""A real Chromium, and the real site. Without a Chromium on this machine these tests skip, and say so."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright
from reading_room_browser import OpenBrowser
from running_site import RunningSite, start

_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

#: A person's browser: by its own words a headless one is a robot, and the reports leave robots out.
_AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


@pytest.fixture(scope="session")
def chromium() -> str:
    found = [path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))]
    if not found:
        pytest.skip("no Chromium on this machine; install it (apt-get install chromium) to run the browser tests")
    return found[0]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture
def open_browser(playwright: Playwright, chromium: str, tmp_path: Path) -> Iterator[OpenBrowser]:
    """Opens browsers. The same ``profile`` again is the same browser restarted: what it keeps, it kept on disk."""
    contexts: list[BrowserContext] = []

    def open_one(profile: str = "first", **options: Any) -> BrowserContext:
        context = playwright.chromium.launch_persistent_context(
            tmp_path / f"profile-{profile}",
            executable_path=chromium,
            args=_ARGUMENTS,
            **{"user_agent": _AGENT, **options},
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        return context

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def one_chromium(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    # With the memory for pages that people have (bfcache), which Playwright switches off.
    switched_off = ["--disable-back-forward-cache"]
    browser = playwright.chromium.launch(executable_path=chromium, args=_ARGUMENTS, ignore_default_args=switched_off)
    yield browser
    browser.close()


@pytest.fixture
def open_window(one_chromium: Browser) -> Iterator[OpenBrowser]:
    """Opens browsers that share nothing and are never restarted, which is much sooner done."""
    contexts: list[BrowserContext] = []

    def open_one(**options: Any) -> BrowserContext:
        context = one_chromium.new_context(**{"user_agent": _AGENT, **options})
        context.set_default_timeout(20_000)
        context.new_page()
        contexts.append(context)
        return context

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def site(chromium: str, tmp_path: Path) -> Iterator[RunningSite]:
    """The site with nobody's data but this test's."""
    running = start(tmp_path)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def shared_site(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """One run for the tests that ask nothing of the rows."""
    running = start(tmp_path_factory.mktemp("shared-site"), workers=2)
    yield running
    running.stop()
