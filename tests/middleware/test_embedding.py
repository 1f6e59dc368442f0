"""What comes from others is sent to a browser only where its visitor allows it."""

from __future__ import annotations

import html as html_module
import re
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from footfall import Service, Settings
from footfall.consent.texts import catalogue
from tests.middleware.conftest import MakeSite, Site, choose

FRAME = '<iframe src="https://video.example/1" title="A film"></iframe>'
SERVICES = (
    Service(
        "video", "marketing", title="Films", provider="Video Ltd", description="Plays films.", hosts=("video.example",)
    ),
    Service("ads", "marketing"),
)


async def film(request: Request) -> HTMLResponse:
    visit = request.state.visit
    body = visit.embed("video", FRAME, width=640, height=360)
    stats = f'<script {visit.held_back("analytics")} src="/stats.js"></script>'
    ads = f'<script {visit.held_back("ads")} src="https://ads.example/a.js"></script>'
    return HTMLResponse(f"<body><main>{body}</main>{stats}{ads}<footer>{visit.privacy_link()}</footer></body>")


async def two_films(request: Request) -> HTMLResponse:
    visit = request.state.visit
    return HTMLResponse(visit.embed("video", FRAME) + visit.embed("video", FRAME))


async def tagged(request: Request) -> HTMLResponse:
    return HTMLResponse(f"<head>{request.state.visit.consent_mode(nonce='abc')}</head><body></body>")


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    routes = [Route("/film", film), Route("/films", two_films), Route("/tagged", tagged)]
    return make_site(routes, services=SERVICES, consent_mode=True)


def sent(html: str) -> str:
    """What a browser loads: nothing of what is in a template, and nothing of our own forms."""
    return re.sub(r"<template>.*?</template>", "", html, flags=re.DOTALL)


def once(html: str) -> str:
    [link] = re.findall(r'<a class="footfall-button" href="([^"#]*)', html)
    return html_module.unescape(link)


def placeholder_form(html: str) -> dict[str, Any]:
    [form] = re.findall(r'<div class="footfall-held.*?</form>', html, re.DOTALL)
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))


def test_nothing_of_a_service_is_sent_before_it_is_allowed(site: Site) -> None:
    html = site.browser().get("/film").text
    assert FRAME not in sent(html)
    assert "Films is not loaded" in html
    assert "Loading it sends data to Video Ltd." in html
    assert '<script type="text/plain" data-purpose="analytics" src="/stats.js">' in html
    assert 'type="text/plain" data-purpose="marketing" data-service="ads"' in html


def test_two_films_on_a_page_are_told_apart(site: Site) -> None:
    """WCAG 4.1.2: a name is taken from an id, and an id is there once."""
    html = site.browser().get("/films").text
    ids = re.findall(r' id="(footfall-held[^"]*)"', html)
    assert len(ids) == len(set(ids)) == 4
    assert re.findall(r'aria-labelledby="([^"]*)"', html)[:2] == ids[1::2]


def test_it_is_there_where_its_purpose_is_granted_and_nothing_of_ours_is(site: Site) -> None:
    browser = site.browser()
    choose(browser, "accept_all")
    html = browser.get("/film").text
    assert f"<main>{FRAME}</main>" in html
    assert '<script  src="/stats.js">' in html
    assert "footfall-held" not in html


def test_a_service_that_is_refused_is_held_back_though_its_purpose_is_granted(site: Site) -> None:
    browser = site.browser()
    choose(browser, "save", layer="preferences", purpose=["marketing"], offered=["video", "ads"], service=["ads"])
    html = browser.get("/film").text
    assert FRAME not in sent(html)
    assert '<script  src="https://ads.example/a.js">' in html


def test_always_load_grants_this_service_alone_and_brings_back_to_the_page(site: Site) -> None:
    browser = site.browser()
    form = placeholder_form(browser.get("/film").text)
    form.pop("choice", None)
    answer = browser.post("/privacy", data={**form, "choice": "allow_service"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/film")
    html = browser.get("/film").text
    assert f"<main>{FRAME}</main>" in html
    assert 'data-service="ads"' in html
    assert "footfall-notice" in html  # the purposes are as open as they were


def test_load_once_loads_this_page_once_and_keeps_nothing(site: Site) -> None:
    browser = site.browser()
    link = once(browser.get("/film?page=2").text)
    assert link.startswith("/film?page=2&footfall-load=video.")
    loaded = browser.get(link, headers={"sec-fetch-site": "same-origin"})
    assert f'<main><div id="footfall-held-1">{FRAME}</div></main>' in loaded.text
    assert "set-cookie" not in loaded.headers
    assert FRAME not in sent(browser.get("/film?page=2").text)
    assert site.sink.events[-1].kind == "page_view"
    assert [event for event in site.sink.events if event.kind == "consent"] == []


@pytest.mark.parametrize("came_from", ["cross-site", "same-site", "none"])
def test_a_link_from_elsewhere_loads_nothing(site: Site, came_from: str) -> None:
    """Somebody who sends a link must not decide for the visitor, not even through a mail program."""
    browser = site.browser()
    link = once(browser.get("/film").text)
    assert FRAME not in sent(browser.get(link, headers={"sec-fetch-site": came_from}).text)


@pytest.mark.parametrize("token", ["", "x", "video", "video.", "video.x.y.z", "ads.{token}"])
def test_a_browser_that_does_not_say_where_it_comes_from_needs_a_token_of_ours(site: Site, token: str) -> None:
    browser = site.browser()
    [good] = re.findall(r"footfall-load=video\.(.*)", once(browser.get("/film").text))
    assert FRAME in sent(browser.get(f"/film?footfall-load=video.{good}").text)
    assert FRAME not in sent(browser.get(f"/film?footfall-load={token.format(token=good)}").text)


def test_the_placeholder_has_the_size_of_what_it_stands_for(site: Site) -> None:
    html = site.browser().get("/film").text
    assert '<svg class="footfall-room" width="640" height="360"' in html
    assert " style=" not in html


def test_a_page_that_depends_on_the_choice_is_kept_by_no_shared_cache(site: Site) -> None:
    browser = site.browser()
    choose(browser, "accept_all")
    headers = browser.get("/film").headers
    assert "Cookie" in headers["vary"]


def test_the_link_to_the_choices_is_in_the_visitors_language(site: Site) -> None:
    german = site.browser(**{"accept-language": "de"})
    assert f'<a href="/privacy" lang="de">{catalogue()["de"].page_title}</a>' in german.get("/film").text


@pytest.mark.parametrize(
    ("choice", "ads", "analytics"), [("accept_all", "granted", "granted"), ("reject_all", "denied", "denied")]
)
def test_googles_tags_are_told_what_holds(site: Site, choice: str, ads: str, analytics: str) -> None:
    browser = site.browser()
    choose(browser, choice)
    html = browser.get("/tagged").text
    assert html.startswith('<head><script nonce="abc">')
    for signal in ("ad_storage", "ad_user_data", "ad_personalization"):
        assert f'"{signal}": "{ads}"' in html
    assert f'"analytics_storage": "{analytics}"' in html
    assert '"security_storage": "granted"' in html


def test_before_the_choice_all_is_denied_and_the_notice_carries_what_a_choice_means(site: Site) -> None:
    html = site.browser().get("/tagged").text
    assert html.count('"denied"') == 6
    assert "data-mode=" in html


def test_a_notice_that_the_template_placed_is_not_put_in_a_second_time(make_site: MakeSite) -> None:
    async def placed(request: Request) -> HTMLResponse:
        return HTMLResponse(f"<body>{request.state.visit.notice()}<main>Home</main></body>")

    browser = make_site([Route("/", placed)]).browser()
    assert browser.get("/").text.count('class="footfall-notice"') == 1


def _asks(client: TestClient) -> int:
    return client.get("/").status_code


def test_a_service_that_nobody_declared_names_its_fix(make_site: MakeSite) -> None:
    async def wrong(request: Request) -> HTMLResponse:
        with pytest.raises(ValueError, match="there is no service 'vidoe'"):
            request.state.visit.embed("vidoe", FRAME)
        with pytest.raises(ValueError, match="there is no purpose 'ads'"):
            request.state.visit.held_back("ads")
        with pytest.raises(ValueError, match=r"Settings\.consent_mode is off"):
            request.state.visit.consent_mode()
        with pytest.raises(ValueError, match="width=-1"):
            request.state.visit.embed("video", FRAME, width=-1)
        return HTMLResponse("seen")

    site = make_site([Route("/", wrong)], services=SERVICES[:1])
    assert _asks(site.browser()) == 200


@pytest.mark.parametrize(
    ("setting", "complaint"),
    [({"ad_stroage": "marketing"}, "there is no signal 'ad_stroage'"), ({"ad_storage": "ads"}, "stands for 'ads'")],
)
def test_signals_that_cannot_be_are_refused_when_settings_load(setting: dict[str, str], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Settings(secret_keys=["0123456789abcdefghijklmnopqrstuvwxyz"], consent_mode=setting)


def test_services_have_toggles_none_of_them_ticked(site: Site) -> None:
    html = site.browser().get("/privacy").text
    assert '<input type="hidden" name="offered" value="video">' in html
    [toggle] = re.findall(r'<input class="footfall-switch"[^>]*value="video"[^>]*>', html)
    assert "checked" not in toggle
    assert "from Video Ltd" in html


def test_the_declaration_lists_who_receives_data(site: Site) -> None:
    """CJEU C-673/17: recipients are told."""
    html = site.browser().get("/privacy/cookies").text
    assert "Video Ltd" in html
    assert "Third party" in html
