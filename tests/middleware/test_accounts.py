"""Account and device: a member's choice follows, a signal binds the account, and the most restrictive counts."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from footfall import Cookie
from footfall.consent.records import ConsentRecord
from footfall.store import open_store
from tests.middleware.conftest import MakeSite, Site, choose, set_cookies


async def sign_in(request: Request) -> Response:
    await request.state.visit.login(request.path_params["who"], remember="remember" in request.query_params)
    return JSONResponse(request.state.visit.consent.allows("marketing"))


async def sign_out(request: Request) -> Response:
    await request.state.visit.logout()
    return JSONResponse(request.state.visit.consent.source)


async def facts(request: Request) -> Response:
    consent = request.state.visit.consent
    seen = {name: consent.allows(name) for name in ("analytics", "marketing")}
    return JSONResponse({**seen, "source": consent.source, "decided": consent.decided})


ROUTES = [
    Route("/in/{who}", sign_in, methods=["POST"]),
    Route("/out", sign_out, methods=["POST"]),
    Route("/facts", facts),
]


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    return make_site(ROUTES, cookies=[Cookie("ads", purpose="marketing")])


def device(site: Site, who: str = "", **headers: str) -> TestClient:
    browser = site.browser(**headers)
    if who:
        browser.post(f"/in/{who}")
    return browser


def known(browser: TestClient) -> dict[str, Any]:
    answer: dict[str, Any] = browser.get("/facts").json()
    return answer


def records(folder: Path, who: str = "ada") -> list[ConsentRecord]:
    store = open_store(f"sqlite:///{folder}/store.db")
    found = asyncio.run(store.consent_records(member_id=who))
    store.close()
    return found


def test_a_choice_made_while_signed_in_follows_to_a_new_device(site: Site, tmp_path: Path) -> None:
    choose(device(site, "ada"), "accept_all")
    fresh = device(site)
    assert known(fresh)["marketing"] is False
    assert fresh.post("/in/ada").json() is True
    assert known(fresh) == {"analytics": True, "marketing": True, "source": "account", "decided": True}
    first, followed = records(tmp_path)
    assert (first.method, first.layer) == ("accept_all", "notice")
    assert (followed.method, followed.layer, followed.purposes) == ("account", "account", first.purposes)


def test_another_member_does_not_inherit_it(site: Site) -> None:
    choose(device(site, "ada"), "accept_all")
    assert known(device(site, "grace"))["analytics"] is False


def test_signing_out_leaves_the_devices_own_choice(site: Site) -> None:
    choose(device(site, "ada"), "accept_all")
    shared = device(site)
    choose(shared, "reject_all")
    shared.post("/in/ada")
    assert shared.post("/out").json() == "banner"
    assert known(shared) == {"analytics": False, "marketing": False, "source": "banner", "decided": True}
    undecided = device(site, "ada")
    undecided.post("/out")
    assert known(undecided)["decided"] is False


def test_what_the_device_refused_stays_refused_until_the_member_says_otherwise_there(site: Site) -> None:
    choose(device(site, "ada"), "accept_all")
    shared = device(site)
    choose(shared, "reject_all")
    assert shared.post("/in/ada").json() is False
    choose(shared, "accept_all", layer="preferences")
    assert known(shared)["marketing"] is True


def test_what_the_account_refused_is_taken_from_the_device_with_the_sign_in(site: Site) -> None:
    choose(device(site, "ada"), "reject_all")
    granting = device(site)
    choose(granting, "accept_all")
    granting.cookies.set("ads", "1", domain="site.example", path="/")
    removed = set_cookies(granting.post("/in/ada"))
    assert "Max-Age=0" in removed["ads"]
    assert "Max-Age=0" in removed["__Host-footfall-visitor"]
    assert known(granting) == {"analytics": False, "marketing": False, "source": "account", "decided": True}


def test_what_a_member_says_on_one_device_holds_on_the_other_that_said_otherwise_before(site: Site) -> None:
    first, second = device(site, "ada"), device(site, "ada")
    choose(first, "accept_all")
    site.clock.now += 10
    choose(second, "reject_all", layer="preferences")
    site.clock.now += 10
    assert known(first)["marketing"] is False
    choose(second, "accept_all", layer="preferences")
    site.clock.now += 10
    assert known(first)["marketing"] is True
    choose(first, "reject_all", layer="preferences")
    site.clock.now += 10
    choose(second, "accept_all", layer="preferences")
    site.clock.now += 10
    assert known(first)["marketing"] is True


def test_a_withdrawal_where_the_device_had_a_choice_of_its_own_is_the_accounts_too(site: Site) -> None:
    first, second = device(site, "ada"), device(site)
    choose(first, "accept_all")
    choose(second, "accept_all")
    site.clock.now += 10
    second.post("/in/ada")
    choose(second, "withdraw", layer="preferences")
    site.clock.now += 10
    first.post("/out")
    assert known(first)["marketing"] is False


def test_what_was_withdrawn_on_a_device_after_signing_out_does_not_come_back_with_the_account(site: Site) -> None:
    """A replay after withdrawal stays withdrawn."""
    browser = device(site, "ada")
    choose(browser, "accept_all")
    browser.post("/out")
    choose(browser, "withdraw", layer="preferences")
    site.clock.now += 10
    assert known(device(site, "ada"))["marketing"] is False


def test_a_withdrawal_on_one_device_is_one_on_all_even_signed_out(site: Site) -> None:
    """A replay after withdrawal stays withdrawn."""
    first, second = device(site, "ada"), device(site, "ada")
    choose(first, "accept_all")
    site.clock.now += 10
    choose(second, "withdraw", layer="preferences")
    site.clock.now += 10
    first.post("/out")
    assert known(first)["marketing"] is False


def test_a_remembered_member_finds_the_accounts_choice_too(site: Site, tmp_path: Path) -> None:
    choose(device(site, "ada"), "accept_all")
    browser = device(site)
    browser.post("/in/ada?remember=1")
    browser.cookies.delete("__Host-footfall-session")
    site.clock.now += 120
    assert known(browser)["source"] == "account"
    assert [record.method for record in records(tmp_path)] == ["accept_all", "account", "account"]


def test_an_accounts_grant_is_asked_again_after_its_time_and_its_refusal_holds(site: Site) -> None:
    """CNIL 2020-092 (good practice): about six months."""
    choose(device(site, "ada"), "save", layer="preferences", purpose=["analytics"])
    site.clock.pass_days(183)
    late = device(site, "ada")
    assert known(late) == {"analytics": False, "marketing": False, "source": "account", "decided": False}


# -- the signal


def test_a_signal_while_signed_in_binds_the_account_and_so_every_device(site: Site, tmp_path: Path) -> None:
    """11 CCR 7025(c)(1): the browser and the known consumer."""
    other = device(site, "ada")
    choose(other, "accept_all")
    site.clock.now += 10
    device(site, "ada", **{"sec-gpc": "1"})
    site.clock.now += 10
    assert known(other) == {"analytics": True, "marketing": False, "source": "gpc", "decided": True}
    assert [record.method for record in records(tmp_path)][1] == "gpc"


def test_a_signal_is_noted_once(site: Site, tmp_path: Path) -> None:
    browser = device(site, "ada", **{"sec-gpc": "1"})
    for _ in range(3):
        site.clock.now += 10
        browser.get("/facts")
    assert [record.method for record in records(tmp_path)].count("gpc") == 1


def test_without_the_signal_nobody_is_flagged(site: Site, tmp_path: Path) -> None:
    device(site, "ada", **{"sec-gpc": "0"}).get("/facts")
    assert records(tmp_path) == []


def test_after_a_signal_the_member_may_say_otherwise_where_none_is_sent(site: Site) -> None:
    device(site, "ada", **{"sec-gpc": "1"})
    other = device(site, "ada")
    choose(other, "accept_all")  # in the notice, which does not ask again what the signal has answered
    assert known(other)["marketing"] is False
    choose(other, "accept_all", layer="preferences")
    assert known(other)["marketing"] is True


# -- failure is closed


@contextmanager
def accounts_away(folder: Path) -> Iterator[None]:
    database = sqlite3.connect(folder / "store.db", isolation_level=None)
    database.execute("ALTER TABLE account_choices RENAME TO away")
    yield
    database.execute("ALTER TABLE away RENAME TO account_choices")
    database.close()


def test_while_nobody_knows_what_the_account_refused_nothing_is_granted(site: Site, tmp_path: Path) -> None:
    browser = device(site, "ada")
    choose(browser, "accept_all")
    site.clock.now += 10
    with accounts_away(tmp_path):
        assert known(browser)["analytics"] is False
    site.clock.now += 10
    assert known(browser)["analytics"] is True


def test_a_refusal_that_could_not_be_stored_holds_and_is_stored_later(site: Site, tmp_path: Path) -> None:
    """A refusal is honoured whatever is down."""
    browser, other = device(site, "ada"), device(site, "ada")
    choose(browser, "accept_all")
    site.clock.now += 10
    with accounts_away(tmp_path):
        assert choose(browser, "reject_all", layer="preferences").status_code == 303
        assert known(browser)["analytics"] is False
    site.clock.now += 10
    assert known(other)["analytics"] is False
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    stored = asyncio.run(store.account_choice("ada"))
    store.close()
    assert stored is not None
    assert "analytics" in stored.refused


# -- what the member sees


@pytest.mark.parametrize("path", ["/privacy", "/privacy/cookies", "/privacy/sessions", "/privacy/do-not-sell"])
def test_every_page_of_ours_tells_a_member_where_the_choice_comes_from(site: Site, path: str) -> None:
    choose(device(site, "ada"), "reject_all")
    page = device(site, "ada").get(path)
    assert page.status_code == 200
    assert "Chosen where: In your account" in page.text
    assert "Chosen where:" not in device(site).get("/privacy").text
