"""Others' players and scripts in a real browser: nothing is asked of them before the visitor says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from reading_room_browser import NOTICE, OpenBrowser, answer
from served_app import served
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route

from footfall import Footfall, Service, Settings

pytestmark = pytest.mark.browser

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'nonce-n' 'self' {other}; frame-src {other}; connect-src 'self'; "
    "img-src 'self'; form-action 'self'; require-trusted-types-for 'script'"
)


@dataclass
class Place:
    """The site, and the other host with what was asked of it."""

    site: str = ""
    other: str = ""
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    place = Place()

    async def others(request: Request) -> PlainTextResponse:
        place.asked.append(request.url.path)
        if request.url.path == "/film":
            return HTMLResponse("<p>A film</p>")  # type: ignore[return-value]
        return PlainTextResponse("document.title = 'counted'", media_type="text/javascript")

    with served(Starlette(routes=[Route("/{path:path}", others)])) as other:
        place.other = other.replace("localhost", "127.0.0.1")  # another host
        with served(_site(place, tmp_path_factory.mktemp("services"))) as site:
            place.site = site
            yield place


def _site(place: Place, directory: Path) -> Starlette:
    async def film(request: Request) -> HTMLResponse:
        visit = request.state.visit
        frame = f'<iframe src="{place.other}/film" width="320" height="180" title="A film"></iframe>'
        held = visit.embed("video", frame, width=320, height=180, title="The film", nonce="n")
        stats = f'<script {visit.held_back("analytics")} src="{place.other}/stats.js"></script>'
        html = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Films</title>'
            f"{visit.consent_mode(nonce='n')}</head>"
            f"<body><main><h1>Films</h1>{held}<p>After it</p></main>{stats}</body></html>"
        )
        return HTMLResponse(html, headers={"content-security-policy": _POLICY.format(other=place.other)})

    settings = Settings(
        secret_keys=["0123456789abcdefghijklmnopqrstuvwxyz"],
        store=f"sqlite:///{directory}/store.db",
        services=[Service("video", "marketing", title="Films", provider="Video Ltd", description="Plays films.")],
        consent_mode=True,
    )
    return Starlette(routes=[Route("/", film)], middleware=[Middleware(Footfall, settings=settings)])


@pytest.fixture
def page(open_window: OpenBrowser, place: Place) -> Page:
    place.asked.clear()
    page = open_window().pages[0]
    page.add_init_script(
        "window.violations = [];"
        "addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective))"
    )
    page.goto(place.site)
    return page


def film_is_shown(page: Page) -> bool:
    return page.locator("iframe[title='A film']").count() == 1


def test_before_the_choice_nobody_else_is_asked_for_anything(page: Page, place: Place) -> None:
    page.wait_for_load_state("networkidle")
    assert place.asked == []
    assert not film_is_shown(page)
    assert Axe().run(page).response["violations"] == []


def test_accepting_puts_everything_in_place_without_a_reload_or_a_violation(page: Page, place: Place) -> None:
    page.evaluate("window.stayed = true; addEventListener('footfall:consent', e => window.detail = e.detail)")
    held = page.locator(".footfall-held").bounding_box()
    before = page.locator("main p", has_text="After it").bounding_box()
    answer(page, "Accept all")
    expect(page).to_have_title("counted")
    page.frame_locator("iframe[title='A film']").get_by_text("A film").wait_for()
    assert sorted(place.asked) == ["/film", "/stats.js"]
    assert page.evaluate("window.stayed")
    assert page.evaluate("window.violations") == []
    assert page.evaluate("footfall.consent.granted") == ["preferences", "analytics", "marketing"]
    assert page.evaluate("dataLayer.map((one) => [...one].slice(0, 2).join(' '))") == [
        "consent default",
        "consent update",
    ]
    assert page.evaluate("dataLayer[1][2].ad_storage") == "granted"
    after = page.locator("main p", has_text="After it").bounding_box()
    assert held is not None
    assert (held["width"], held["height"]) == (320, 180)  # as large as the film, without its border
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) <= 4  # the frame's own border


def test_always_load_lets_in_the_film_and_nothing_else(page: Page, place: Place) -> None:
    page.get_by_role("button", name="Always load").click()
    page.frame_locator("iframe[title='A film']").get_by_text("A film").wait_for()
    assert place.asked == ["/film"]
    assert page.locator(NOTICE).is_visible()  # the rest is still asked
    page.reload()
    assert film_is_shown(page)


def test_load_once_is_gone_with_the_next_page(page: Page, place: Place) -> None:
    page.get_by_role("link", name="Load once").click()
    page.frame_locator("iframe[title='A film']").get_by_text("A film").wait_for()
    page.goto(place.site)
    assert not film_is_shown(page)
    assert place.asked == ["/film"]


def test_refusing_lets_nothing_in(page: Page, place: Place) -> None:
    answer(page, "Reject all")
    page.wait_for_load_state("networkidle")
    assert place.asked == []
    assert not film_is_shown(page)


def test_in_the_preferences_a_purpose_takes_its_services_along_and_one_can_be_left_out(
    page: Page, place: Place
) -> None:
    page.locator(NOTICE).get_by_role("button", name="Choose").click()
    dialog = page.get_by_role("dialog")
    films = dialog.get_by_label("Films")
    assert not films.is_checked()
    dialog.get_by_label("Marketing").check()
    assert films.is_checked()
    films.uncheck()
    dialog.get_by_role("button", name="Save choice").click()
    dialog.wait_for(state="detached")
    assert not film_is_shown(page)
    page.reload()
    assert not film_is_shown(page)
    assert place.asked == []


def test_without_javascript_the_placeholder_works_as_a_form(open_window: OpenBrowser, place: Place) -> None:
    page = open_window(java_script_enabled=False).pages[0]
    page.goto(place.site)
    page.get_by_role("button", name="Always load").click()
    assert page.url.rstrip("/") == place.site
    page.frame_locator("iframe[title='A film']").get_by_text("A film").wait_for()
