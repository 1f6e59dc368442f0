"""Takes the pictures of docs/images that show consent. By hand, when its looks change; it needs Pillow:

PYTHONPATH=.:middleware:analytics python tests/browser/screenshots.py
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright
from running_site import ROOT, start

_IMAGES = ROOT / "docs" / "images"
_MOST_BYTES = 60_000
_PHONE = {"viewport": {"width": 380, "height": 800}}
_DESK = {"viewport": {"width": 1280, "height": 800}}
_DARK = {"color_scheme": "dark"}


class Shot(NamedTuple):
    """One picture: its file, what is looked at, and with what."""

    name: str
    path: str
    options: dict[str, Any]
    presses: bool = False  # whether "Choose" is pressed first


SHOTS = [
    Shot(f"{name}{dark}{width}", path, {**size, **colours}, presses)
    for name, path, presses in (
        ("notice", "/", False),
        ("preferences", "/", True),
        ("privacy", "/privacy", False),
        ("cookies", "/privacy/cookies", False),
    )
    for dark, colours in (("", {}), ("-dark", _DARK))
    for width, size in (("", _DESK), ("-phone", _PHONE))
]


def main() -> None:
    """Take them all, of a run of the site that nobody has been at."""
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        site = start(Path(directory), workers=1)
        try:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            for shot in SHOTS:
                keep(shot.name, take(browser, site.url, shot))
            browser.close()
        finally:
            site.stop()


def take(browser: Browser, url: str, shot: Shot) -> bytes:
    page: Page = browser.new_page(locale="en", **shot.options)
    page.goto(url + shot.path)
    if shot.presses:
        page.get_by_role("button", name="Choose", exact=True).click()
        page.locator("dialog").wait_for()
    picture = page.screenshot()
    page.close()
    return picture


def keep(name: str, picture: bytes) -> None:
    """With a palette, which is enough for pages, and small."""
    from PIL import Image  # type: ignore[import-not-found, unused-ignore]

    path = _IMAGES / f"{name}.png"
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    if (size := path.stat().st_size) > _MOST_BYTES:
        sys.exit(f"{path} has {size} bytes, more than {_MOST_BYTES}: fewer colours, or a smaller part of the page")


if __name__ == "__main__":
    main()
