"""The notice, the preferences and ``/privacy`` under every condition that people look at them in, by axe and measure.

One page with the strictest policy there is, served in this process. Zoom is what it is to a page: fewer CSS pixels,
and more of the screen's to each of them (WCAG 1.4.10: 1280 pixels at 400 % are 320).
"""

from __future__ import annotations

import asyncio
import re
import tomllib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page
from reading_room_browser import NOTICE, OpenBrowser, cookie_names
from served_app import served
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, StreamingResponse
from starlette.routing import Route

from footfall import Footfall, Service, Settings

pytestmark = pytest.mark.browser

_POLICY = (
    "default-src 'none'; script-src 'nonce-n0nce'; style-src 'nonce-n0nce'; connect-src 'self'; img-src data:; "
    "form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
)

_ARABIC = Path(__file__).parents[1] / "consent" / "pages" / "arabic.toml"

CONDITIONS: dict[str, dict[str, Any]] = {
    "320 px": {"viewport": {"width": 320, "height": 640}},
    "200 % zoom": {"viewport": {"width": 640, "height": 360}, "device_scale_factor": 2},
    "400 % zoom": {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4},
    "dark": {"color_scheme": "dark"},
    "dark on a telephone": {"color_scheme": "dark", "viewport": {"width": 380, "height": 800}},
    "forced colours": {"forced_colors": "active"},
    "right to left": {"locale": "ar", "viewport": {"width": 380, "height": 800}},
    "reduced motion": {"reduced_motion": "reduce"},
}

_WATCH = """
window.violated = [];
window.shift = 0;
document.addEventListener("securitypolicyviolation", (event) => violated.push(event.violatedDirective));
new PerformanceObserver((list) => list.getEntries().forEach((one) => { if (!one.hadRecentInput) shift += one.value; }))
    .observe({ type: "layout-shift", buffered: true });
"""

_STORES_THROW = """
for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"])
    Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });
Object.defineProperty(Document.prototype, "cookie", {
    get() { throw new DOMException("denied", "SecurityError"); },
    set() { throw new DOMException("denied", "SecurityError"); },
});
"""

_LOOK = """(all) => all.map((one) => {
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    return {
        size: [box.width, box.height],
        look: [one.tagName, style.color, style.backgroundColor, style.borderColor, style.borderWidth, style.fontWeight,
               style.fontSize, style.textDecorationLine, style.opacity, style.boxShadow].join(" "),
    };
})"""

#: WCAG 2.5.8, with its exception: a link in a sentence is as high as the sentence's lines.
_SMALL = """(root) => [...root.querySelectorAll("a, button, input:not([type=hidden]), summary")]
    .filter((one) => one.checkVisibility() && !one.matches("p:not([class]) a"))
    .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
    .filter(([, box]) => box.width < 24 || box.height < 23.9)
    .map(([html, box]) => `${box.width} × ${box.height} ${html}`)"""

_WIDER = "(root) => root.scrollWidth - root.clientWidth"


async def home(request: Request) -> HTMLResponse:
    text = "".join(f"<p>Paragraph {n} of a page that is longer than any screen.</p>" for n in range(60))
    head = (
        '<!doctype html><html lang="en"><title>Home</title><meta name="viewport" content="width=device-width">'
        '<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">'
    )
    links = '<p><a id="first" href="/next">Next page</a></p>'
    foot = '<p><a id="last" href="/privacy">Privacy choices</a></p>'
    body = f"<body><main><h1>Home</h1>{links}{text}{foot}</main></body></html>"
    return HTMLResponse(head + body, headers={"content-security-policy": _POLICY})


async def slowly(request: Request) -> StreamingResponse:
    """The notice in the template's own place, and its bytes on a slow line."""
    notice = str(request.state.visit.notice())
    middle = notice.index("footfall-buttons")

    async def pieces() -> AsyncIterator[str]:
        yield f'<!doctype html><html lang="en"><title>Slow</title><body><h1>Slow</h1>{notice[:middle]}'
        await asyncio.sleep(0.5)
        yield f"{notice[middle:]}</body></html>"

    return StreamingResponse(pieces(), media_type="text/html")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = Settings(
        secret_keys=["0123456789abcdefghijklmnopqrstuvwxyz"],
        store=f"sqlite:///{tmp_path_factory.mktemp('matrix')}/store.db",
        services=[Service("video", "marketing", title="Films", provider="Video Ltd", description="Plays films.")],
        texts={"ar": tomllib.loads(_ARABIC.read_text("utf-8"))},
    )
    routes = [Route("/", home), Route("/next", home), Route("/slowly", slowly)]
    with served(Starlette(routes=routes, middleware=[Middleware(Footfall, settings=settings)])) as address:
        yield address


@pytest.fixture(params=CONDITIONS.values(), ids=CONDITIONS.keys())
def page(request: pytest.FixtureRequest, open_window: OpenBrowser, url: str) -> Page:
    return arrive(open_window(**{"locale": "en", **request.param}), url)


def arrive(context: BrowserContext, url: str) -> Page:
    context.add_init_script(_WATCH)
    page = context.pages[0]
    page.goto(url)
    return page


def barriers(page: Page, root: str) -> list[str]:
    found = Axe().run(page, context=root).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def is_sound(page: Page, root: str) -> None:
    """What holds for each of the three, whatever the condition."""
    page.mouse.move(0, 0)  # a button that it rests on looks another way
    part = page.locator(root)
    assert part.evaluate(_WIDER) == page.evaluate(f"({_WIDER})(document.documentElement)") == 0
    assert part.evaluate(_SMALL) == []
    looks = part.locator(
        ".footfall-choices .footfall-buttons button, .footfall-ask .footfall-buttons button"
    ).evaluate_all(_LOOK)
    assert len(looks) == 3
    assert len({one["look"] for one in looks}) == 1, looks
    for side in (0, 1):
        assert max(one["size"][side] for one in looks) - min(one["size"][side] for one in looks) <= 1, looks
    assert barriers(page, "html" if root == "main" else root) == []


def focused(page: Page) -> str:
    value: str = page.evaluate("document.activeElement.value || document.activeElement.tagName")
    return value


def press(page: Page, value: str, within: str = NOTICE) -> None:
    page.locator(f'{within} button[value="{value}"]').first.click()


def accepting_and_refusing_are_neighbours(page: Page, within: str) -> None:
    page.locator(f'{within} button[value="accept_all"]').focus()
    page.keyboard.press("Tab")
    assert focused(page) == "reject_all"


def test_a_notice_that_arrives_in_pieces_moves_nothing(open_window: OpenBrowser, url: str) -> None:
    """It stands at the foot of the screen: what grows there would push up what is seen already."""
    page = arrive(open_window(viewport={"width": 320, "height": 640}), f"{url}/slowly")
    assert page.locator(NOTICE).get_by_role("button", name="Accept all").is_visible()
    page.wait_for_timeout(300)  # the observer hears of a shift a frame later
    assert page.evaluate("shift") == 0


def test_notice_preferences_and_page_have_no_barriers(page: Page, url: str) -> None:
    """WCAG 2.2 AA by axe; EDPB cookie banner taskforce 2023 §8 by computed style; W3C CSP 3 and Trusted Types."""
    assert page.evaluate("[document.activeElement.tagName, shift]") == ["BODY", 0]
    is_sound(page, NOTICE)
    accepting_and_refusing_are_neighbours(page, NOTICE)

    press(page, "choose")
    page.locator("dialog").wait_for()
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    assert page.locator("dialog input[type=checkbox]:checked:not(:disabled)").count() == 0
    is_sound(page, "dialog")
    accepting_and_refusing_are_neighbours(page, "dialog")
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    assert (focused(page), cookie_names(page.context)) == ("choose", set())
    assert page.evaluate("[shift, violated]") == [0, []]

    page.goto(f"{url}/privacy")
    assert page.evaluate("shift") == 0
    is_sound(page, "main")
    accepting_and_refusing_are_neighbours(page, "main")


def test_answered_by_keyboard_the_focus_is_where_it_was_and_the_page_stays(page: Page) -> None:
    page.locator("#first").focus()
    page.locator(f'{NOTICE} button[value="reject_all"]').focus()
    page.keyboard.press("Enter")
    close = page.locator(f"{NOTICE} .footfall-done button")
    close.wait_for()
    assert close.evaluate("(one) => one === document.activeElement")
    page.keyboard.press("Enter")
    page.locator(NOTICE).wait_for(state="detached")
    assert page.evaluate("[document.activeElement.id, violated]") == ["first", []]
    assert cookie_names(page.context) == {"footfall-consent"}


def test_scrolling_and_going_on_grant_nothing_and_a_hidden_notice_holds_nothing_up(page: Page) -> None:
    """CJEU C-673/17: consent is an act. A blocker's ``display: none`` leaves a page that scrolls to its end."""
    page.mouse.wheel(0, 900)
    page.wait_for_function("scrollY > 0")
    page.evaluate("scrollTo(0, 0)")
    page.locator("#first").click()
    page.wait_for_url("**/next")
    page.keyboard.press("Escape")
    assert page.locator(f'{NOTICE} button[value="reject_all"]').count() == 1
    page.locator(NOTICE).evaluate("(notice) => notice.style.setProperty('display', 'none', 'important')")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    assert page.evaluate("document.querySelector('#last').getBoundingClientRect().bottom <= innerHeight")
    assert cookie_names(page.context) == set()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_where_cookies_are_blocked_and_storage_throws_the_site_is_usable(
    open_browser: OpenBrowser, url: str, tmp_path: Path, scripts: bool
) -> None:
    """The answer cannot be kept: the page is used all the same, and nothing goes round in circles."""
    settings = tmp_path / "profile-blocked" / "Default" / "Preferences"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"profile": {"default_content_setting_values": {"cookies": 2}}}', "utf-8")
    context = open_browser("blocked", java_script_enabled=scripts)
    context.add_init_script(_STORES_THROW)
    page, asked, errors = context.pages[0], [], []
    page.on("request", lambda request: asked.append((request.method, request.url)))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(url)
    press(page, "accept_all")
    if scripts:
        page.wait_for_url(re.compile(r"/privacy\?outcome=saved"))
        assert "your browser keeps no cookies" in page.locator("main").inner_text()
    page.goto(f"{url}/next")
    assert page.locator("h1").inner_text() == "Home"
    assert page.locator(f'{NOTICE} button[value="reject_all"]').is_visible()
    assert (cookie_names(context), errors) == (set(), [])
    assert len([one for one in asked if one[0] == "POST"]) == 1
    assert len(asked) < 15, asked


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_tab_that_showed_other_words_is_led_to_the_new_ones_and_grants_nothing(
    open_window: OpenBrowser, url: str, scripts: bool
) -> None:
    """GDPR 7(1): what is recorded is what was shown. A tab of an older policy sends the fingerprint of its words."""
    context = open_window(java_script_enabled=scripts, locale="en")
    page = context.pages[0]
    old = "0" * 64
    context.route(
        url + "/", lambda route: route.fulfill(response=(got := route.fetch()), body=_with_old_words(got.text(), old))
    )
    page.goto(url)
    press(page, "accept_all")
    page.wait_for_url(re.compile(r"/privacy\?return_to="))
    assert page.locator("main [role=status]").count() == 0
    assert cookie_names(context) == set()
    press(page, "accept_all", within="main")
    page.locator("main [role=status]").wait_for()
    assert cookie_names(context) == {"footfall-consent", "footfall-visitor"}


def _with_old_words(html: str, old: str) -> str:
    before, field, rest = html.partition('name="shown" value="')
    return before + field + old + '"' + rest.partition('"')[2]
