"""The opt-out with notice (CPNI): served, thirty days, two years, on the account, and asked in code."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from footfall import AccountNotice, Approvals, Purpose, Settings, StoreUnavailable
from footfall.consent.records import ConsentRecord
from footfall.store import open_store
from tests.middleware.conftest import KEYS, MakeSite, Site, choose

T = TypeVar("T")

TEXT = """
You have a right to the confidentiality of your account information, and federal law gives us the duty to protect it.

We would like to use your call details to offer you other services of ours. Example Long Distance receives them.
You may refuse this use, and you may deny or withdraw access at any time.

To say yes or no, press a button on this page. A refusal does not affect the services that you have.
"""
NOTICE = AccountNotice(
    purposes=["offers"],
    text=TEXT,
    information=["call details"],
    recipients=["Example Long Distance"],
    steps=["press a button on this page"],
)
PURPOSES = [Purpose("offers", title="Offers")]
PATH = "/privacy/account-notice"


async def sign_in(request: Request) -> Response:
    await request.state.visit.login(request.path_params["who"])
    return Response()


async def facts(request: Request) -> Response:
    visit = request.state.visit
    allowed = await visit.account_consent.allows(request.query_params.get("purpose", "offers"))
    return JSONResponse({"account": allowed, "offers": visit.consent.allows("offers"), "source": visit.consent.source})


ROUTES = [Route("/in/{who}", sign_in, methods=["POST"]), Route("/facts", facts)]


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    settings = {"regime": "opt-out-after-notice", "purposes": PURPOSES, "account_notice": NOTICE}
    return make_site(ROUTES, **settings)


def device(site: Site, **headers: str) -> TestClient:
    browser = site.browser(**headers)
    browser.post("/in/ada")
    return browser


def allowed(browser: TestClient) -> bool:
    answer: dict[str, Any] = browser.get("/facts").json()
    assert answer["account"] is answer["offers"]  # the app's question and the wire agree
    return bool(answer["account"])


def press(browser: TestClient, choice: str, origin: str = "same-origin") -> Any:
    return browser.post(PATH, data={"choice": choice}, headers={"sec-fetch-site": origin}, follow_redirects=False)


def later(site: Site, days: float) -> TestClient:
    """A new device of the member's, without a single cookie, so many days later."""
    site.clock.pass_days(days)
    return device(site)


def records(folder: Path) -> list[ConsentRecord]:
    return in_store(folder, lambda store: store.consent_records(member_id="ada"))


def in_store(folder: Path, ask: Any) -> Any:
    async def work() -> Any:
        store = open_store(f"sqlite:///{folder}/store.db")
        try:
            return await ask(store)
        finally:
            store.close()

    return asyncio.run(work())


def test_the_page_serves_the_notice_and_thirty_days_later_silence_counts(site: Site) -> None:
    """47 CFR 64.2008(b), (d)(1)?: on the account, so on a device without any cookie."""
    page = device(site).get(PATH)
    assert page.status_code == 200
    assert "federal law gives us the duty to protect it" in page.text
    assert "Unless you say no, it may be used from 2026-10-21." in page.text
    assert allowed(later(site, 29.99)) is False
    assert allowed(later(site, 0.02)) is True


def test_without_a_notice_silence_never_counts(site: Site) -> None:
    """47 CFR 64.2008(b)."""
    device(site)
    assert allowed(later(site, 365)) is False


def test_an_opt_out_on_day_thirty_wins_on_every_device_and_for_three_years(site: Site) -> None:
    """47 CFR 64.2007(a)(2), 64.2008(d)(1)?"""
    device(site).get(PATH)
    answer = press(later(site, 30), "refuse")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}?outcome=saved")
    for _ in range(3):
        device(site).get(PATH)
        assert allowed(later(site, 365)) is False


def test_an_approval_lasts_three_years_and_needs_no_repeated_notice(site: Site) -> None:
    """47 CFR 64.2007(a)(2): until the customer changes it."""
    browser = device(site)
    browser.get(PATH)
    press(browser, "allow")
    assert allowed(device(site)) is True
    assert allowed(later(site, 3 * 365)) is True
    press(device(site), "refuse")
    assert allowed(later(site, 1)) is False


def test_silence_lapses_at_two_years_until_the_notice_is_served_again(site: Site) -> None:
    """47 CFR 64.2008(d)(2)?"""
    device(site).get(PATH)
    assert allowed(later(site, 729)) is True
    browser = later(site, 1)
    assert allowed(browser) is False
    browser.get(PATH)
    assert allowed(later(site, 29)) is False
    assert allowed(later(site, 1)) is True


def test_a_yes_before_any_notice_is_none(site: Site) -> None:
    """47 CFR 64.2008(b): notice before asking."""
    browser = device(site)
    press(browser, "allow")
    assert allowed(later(site, 1)) is False


def test_served_and_answered_are_on_record_with_the_words_that_were_shown(site: Site, tmp_path: Path) -> None:
    """47 CFR 64.2007(a)(3), 64.2008(a)."""
    browser = device(site)
    for _ in range(2):  # a page that is looked at again is the same notice
        browser.get(PATH)
    press(browser, "allow")
    served, answered = records(tmp_path)
    assert (served.method, served.layer, served.purposes) == ("notice_served", "account_notice", ("offers",))
    assert (answered.method, answered.purposes, answered.at) == ("account", ("offers",), site.clock.now)
    shown = in_store(tmp_path, lambda store: store.shown_text(served.text_fingerprint))
    assert "federal law gives us the duty to protect it" in shown.text
    early = site.clock.now - 365 * 86_400
    with pytest.raises(ValueError, match="a year at least"):
        in_store(tmp_path, lambda store: store.delete_consent_records(early, now=site.clock.now))


def test_a_signal_says_no_for_what_is_sold(make_site: MakeSite) -> None:
    """11 CCR 7025(c)(1): the known consumer, so on the other device too."""
    purposes = [Purpose("offers", title="Offers", sale_or_share=True)]
    site = make_site(ROUTES, regime="opt-out-after-notice", purposes=purposes, account_notice=NOTICE)
    device(site).get(PATH)
    assert allowed(later(site, 31)) is True
    assert allowed(device(site, **{"sec-gpc": "1"})) is False
    site.clock.now += 10
    assert allowed(device(site)) is False


def test_who_refuses_the_purpose_on_the_privacy_page_refuses_it_here_too(site: Site) -> None:
    browser = device(site)
    browser.get(PATH)
    site.clock.pass_days(31)
    browser = device(site)
    assert allowed(browser) is True
    choose(browser, "reject_all", layer="preferences")
    assert allowed(browser) is False


def test_another_choice_does_not_undo_what_the_notice_has_had_its_time_for(make_site: MakeSite) -> None:
    notice = AccountNotice(purposes=["analytics"], text=TEXT, information=[], recipients=[], steps=[], lint=False)
    site = make_site(ROUTES, regime="opt-out-after-notice", account_notice=notice)
    device(site).get(PATH)
    browser = later(site, 31)
    before = browser.get("/privacy") and site.events("page_view")[-1].visitor_id
    choose(browser, "refuse_sale", layer="do_not_sell")
    browser.get("/privacy")
    assert site.events("page_view")[-1].visitor_id == before != ""


def test_nobody_signed_in_has_no_account_that_could_approve(site: Site) -> None:
    device(site).get(PATH)
    site.clock.pass_days(31)
    assert allowed(site.browser()) is False
    assert site.browser().get(PATH, follow_redirects=False).headers["location"].startswith("/sign-in?next=")


def test_the_two_buttons_are_of_one_kind_and_another_site_cannot_press_them(site: Site) -> None:
    browser = device(site)
    html = browser.get(PATH).text
    assert html.count('<button class="footfall-button" type="submit" name="choice"') == 2
    assert press(browser, "allow", origin="cross-site").status_code == 403
    assert press(browser, "nonsense").headers["location"] == PATH
    assert allowed(browser) is False


def test_the_frame_speaks_the_visitors_language_and_the_notice_its_own(site: Site) -> None:
    page = device(site, **{"accept-language": "de"}).get(PATH).text
    assert "Nicht erlauben</button>" in page
    assert '<section lang="en" dir="ltr">' in page


# -- failure is closed


def break_store(folder: Path) -> None:
    with sqlite3.connect(folder / "store.db") as database:
        database.execute("ALTER TABLE account_notices RENAME TO away")
    database.close()


def mend_store(folder: Path) -> None:
    with sqlite3.connect(folder / "store.db") as database:
        database.execute("ALTER TABLE away RENAME TO account_notices")
    database.close()


def test_while_the_store_does_not_answer_the_status_is_no(site: Site, tmp_path: Path) -> None:
    """47 CFR 64.2009(a): established before use, and so not established here."""
    device(site).get(PATH)
    browser = later(site, 31)
    assert allowed(browser) is True
    site.clock.now += 10
    break_store(tmp_path)
    assert allowed(browser) is False


def test_a_notice_that_cannot_be_recorded_is_not_shown(site: Site, tmp_path: Path) -> None:
    """47 CFR 64.2008(a): no notice without its record."""
    browser = device(site)
    break_store(tmp_path)
    assert browser.get(PATH).status_code == 503
    mend_store(tmp_path)
    assert records(tmp_path) == []


def test_a_purpose_that_the_notice_does_not_tell_of_fails_loudly(site: Site) -> None:
    assert device(site).get("/facts?purpose=research").status_code == 500


# -- jobs outside of any request


def settings(tmp_path: Path, **more: Any) -> Settings:
    store = f"sqlite:///{tmp_path}/store.db"
    return Settings(secret_keys=KEYS, store=store, purposes=PURPOSES, account_notice=NOTICE, **more)


def test_a_job_notes_the_letters_it_sends_and_asks_before_each_use(tmp_path: Path) -> None:
    """47 CFR 64.2008(d)(1)?: a letter counts from the third day after it was sent."""
    now = 0.0
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    ada = Approvals(settings(tmp_path), store, clock=lambda: now).of("ada")

    async def work() -> list[bool]:
        nonlocal now
        await ada.notice_served("mail", at=0.0)
        answers = []
        for day in (30, 32.99, 33):
            now = day * 86_400
            answers.append(await ada.allows("offers"))
        return answers

    assert asyncio.run(work()) == [False, False, True]
    store.close()


def test_a_refusal_holds_while_it_cannot_be_stored_and_is_stored_later(tmp_path: Path) -> None:
    """A refusal is honoured whatever is down."""
    now = 0.0
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    approvals = Approvals(settings(tmp_path), store, clock=lambda: now)
    ada = approvals.of("ada")

    def run(work: Awaitable[T]) -> T:
        async def awaited() -> T:
            return await work

        return asyncio.run(awaited())

    run(ada.notice_served())
    now = 31 * 86_400.0
    assert run(ada.allows("offers")) is True
    with sqlite3.connect(tmp_path / "store.db") as database:
        database.execute("ALTER TABLE account_answers RENAME TO away")
    run(ada.refuse("offers"))
    assert run(ada.allows("offers")) is False
    with pytest.raises(StoreUnavailable):
        run(ada.approve("offers"))
    database.execute("ALTER TABLE away RENAME TO account_answers")
    database.close()
    assert run(ada.allows("offers")) is False
    elsewhere = Approvals(settings(tmp_path), store, clock=lambda: now).of("ada")
    assert run(elsewhere.allows("offers")) is False
    store.close()


def test_nobody_can_ask_where_there_is_no_notice(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="account_notice is missing"):
        Approvals(Settings(secret_keys=KEYS))


# -- settings


@pytest.mark.parametrize("regime", ["opt-out-after-notice", {"US": "opt-out-after-notice"}])
def test_the_regime_needs_a_notice(regime: Any) -> None:
    with pytest.raises(ValueError, match="needs account_notice"):
        Settings(secret_keys=KEYS, regime=regime, country_header="CF-IPCountry")


@pytest.mark.parametrize("purpose", ["necessary", "offerz"])
def test_the_notice_tells_of_purposes_that_there_are(purpose: str, tmp_path: Path) -> None:
    notice = AccountNotice(purposes=[purpose], text="…", information=[], recipients=[], steps=[], lint=False)
    with pytest.raises(ValueError, match="no optional purpose"):
        Settings(secret_keys=KEYS, account_notice=notice)


def test_a_text_that_lacks_something_is_refused_with_the_paragraph() -> None:
    """47 CFR 64.2008(c)(1)–(4)."""
    with pytest.raises(ValueError, match=r"\(c\)\(1\)"):
        AccountNotice(purposes=["offers"], text="We use it.", information=["it"], recipients=["us"], steps=["no"])


def test_words_given_where_a_list_is_wanted_are_refused() -> None:
    with pytest.raises(ValueError, match=r"purposes=\('offers',\)"):
        AccountNotice(purposes="offers", text=TEXT, information=[], recipients=[], steps=[])


def test_members_find_the_notice_from_our_other_pages(site: Site) -> None:
    assert f'<a href="{PATH}">' in device(site).get("/privacy").text
    assert PATH not in site.browser().get("/privacy").text
