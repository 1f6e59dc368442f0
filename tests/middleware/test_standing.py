"""What is remembered of a browser ends by itself when the clock, a withdrawal or the regime says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.middleware.conftest import MakeSite, choose


async def facts(request: Request) -> Response:
    visit = request.state.visit
    return JSONResponse({"id": str(visit.visitor_id), "granted": visit.consent.allows("analytics")})


ROUTES = [Route("/", facts)]


@pytest.mark.parametrize(("days", "granted"), [(181, True), (183, False)])
def test_a_choice_ends_on_its_day_however_often_the_browser_came(make_site: MakeSite, days: int, granted: bool) -> None:
    site = make_site(ROUTES)
    browser = site.browser()
    choose(browser, "accept_all")
    for _ in range(3):
        assert browser.get("/").json()["granted"]
    site.clock.pass_days(days)
    assert [browser.get("/").json()["granted"] for _ in range(3)] == [granted] * 3


def test_the_clock_set_back_revives_nothing_and_ends_nothing(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    browser = site.browser()
    choose(browser, "accept_all")
    cookies = dict(browser.cookies)  # a browser would lose them when they end

    def granted() -> bool:
        copy = site.browser()
        copy.cookies.update(cookies)
        return bool(copy.get("/").json()["granted"])

    seen = []
    for days in (0, 200, -200, -1):
        site.clock.pass_days(days)
        seen.append(granted())
    assert seen == [True, False, True, True]


def test_a_choice_withdrawn_here_counts_no_more_for_a_copy_of_its_cookie(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    browser = site.browser()
    choose(browser, "accept_all")
    assert browser.get("/").json()["granted"]
    copy = dict(browser.cookies)
    choose(browser, "reject_all")
    thief = site.browser()
    thief.cookies.update(copy)
    assert not thief.get("/").json()["granted"]


def test_a_choice_withdrawn_on_another_worker_counts_no_more_within_a_second(
    make_site: MakeSite, tmp_path: Path
) -> None:
    one, other = make_site(ROUTES), make_site(ROUTES)  # on one store
    browser = one.browser()
    choose(browser, "accept_all")
    copy = other.browser()
    copy.cookies.update(dict(browser.cookies))
    assert copy.get("/").json()["granted"]
    choose(browser, "reject_all")
    other.clock.now += 1.1
    assert not copy.get("/").json()["granted"]


def test_another_regime_is_another_standing(make_site: MakeSite) -> None:
    site = make_site(ROUTES, country_header="x-country", regime={"US": "opt-out"})
    browser = site.browser()
    granted = [browser.get("/", headers={"x-country": country}).json()["granted"] for country in ("US", "DE", "US")]
    assert granted == [True, False, True]
