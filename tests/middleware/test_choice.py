"""The choice: asked once, kept, changed, and never to be forged or replayed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from footfall import Cookie, Footfall, Purpose, Settings
from footfall.store import open_store
from tests.middleware.conftest import KEYS, MakeSite, choose, set_cookies

PAGE = "<!doctype html><html><head><title>x</title></head><body><p>Hello</p></body></html>"


async def page(request: Request) -> Response:
    return HTMLResponse(PAGE)


async def facts(request: Request) -> Response:
    visit = request.state.visit
    return JSONResponse(
        {
            "visitor": str(visit.visitor_id) if visit.visitor_id else None,
            "returning": visit.returning,
            "decided": visit.consent.decided,
            "analytics": visit.consent.allows("analytics"),
            "marketing": visit.consent.allows("marketing"),
            "source": visit.consent.source,
            "policy": visit.consent.policy_version,
            "degraded": visit.degraded,
        }
    )


ROUTES = [Route("/", page), Route("/facts", facts)]


def asks(browser: TestClient) -> bool:
    return "footfall-notice" in browser.get("/").text


def known(browser: TestClient) -> dict[str, Any]:
    answer: dict[str, Any] = browser.get("/facts").json()
    return answer


def test_a_first_visit_is_asked_and_gets_no_cookie_of_ours(make_site: MakeSite) -> None:
    response = make_site(ROUTES).browser().get("/")
    assert response.headers.get_list("set-cookie") == []
    for label in ("Accept all", "Reject all", "Choose"):
        assert f">{label}</button>" in response.text
    assert response.text.index("footfall-notice") < response.text.index("</body>")


def test_a_page_that_asks_is_private_and_says_its_true_length(make_site: MakeSite) -> None:
    """RFC 9111: what was made for somebody who is undecided is not for everybody."""
    response = make_site(ROUTES).browser().get("/")
    assert response.headers["cache-control"] == "private, no-cache"
    assert "Cookie" in response.headers["vary"]
    assert int(response.headers["content-length"]) == len(response.content)


def test_once_decided_not_a_byte_is_added(make_site: MakeSite) -> None:
    browser = make_site(ROUTES).browser()
    choose(browser, "reject_all")
    assert browser.get("/").text == PAGE


def test_accepting_grants_every_purpose_and_sets_the_identifier_in_that_response(make_site: MakeSite) -> None:
    browser = make_site(ROUTES).browser()
    answer = choose(browser, "accept_all")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookies = set_cookies(answer)
    assert list(cookies) == ["__Host-footfall-consent", "__Host-footfall-visitor"]
    for line in cookies.values():  # ASVS 3.3.1–3.3.4
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(line.split("; "))
    seen = known(browser)
    assert seen["visitor"]
    assert (seen["decided"], seen["analytics"], seen["marketing"]) == (True, True, True)
    assert (seen["source"], seen["policy"], seen["returning"]) == ("banner", 1, False)


def test_rejecting_grants_nothing_and_says_what_is_lost(make_site: MakeSite) -> None:
    browser = make_site(ROUTES).browser()
    choose(browser, "reject_all")
    seen = known(browser)
    assert (seen["visitor"], seen["decided"], seen["analytics"]) == (None, True, False)
    assert seen["degraded"]
    assert not asks(browser)


def test_a_refusal_cookie_identifies_nobody(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    first, second = (set_cookies(choose(site.browser(), "reject_all")) for _ in range(2))
    assert first == second


def test_choosing_leads_to_the_preferences_and_decides_nothing(make_site: MakeSite) -> None:
    browser = make_site(ROUTES).browser()
    answer = choose(browser, "choose")
    assert answer.headers["location"] == "/privacy?return_to=/#choose"
    assert set_cookies(answer) == {}
    assert '<a href="/">Back' in browser.get(answer.headers["location"]).text


def test_the_preferences_grant_what_was_ticked(make_site: MakeSite) -> None:
    browser = make_site(ROUTES).browser()
    answer = choose(browser, "save", layer="preferences", purpose=["marketing"])
    assert answer.headers["location"] == "/privacy?outcome=saved&return_to=/"
    seen = known(browser)
    assert (seen["analytics"], seen["marketing"], seen["source"]) == (False, True, "preferences")


def test_the_choice_is_kept_182_days_and_asked_again_on_day_183(make_site: MakeSite) -> None:
    """CNIL 2020-092 (good practice): a choice, yes or no, is kept about six months."""
    site = make_site(ROUTES)
    browser = site.browser()
    choose(browser, "reject_all")
    site.clock.pass_days(181)
    assert not asks(browser)
    site.clock.pass_days(2)
    assert asks(browser)


def test_a_new_purpose_asks_again_and_only_for_itself(make_site: MakeSite) -> None:
    """ICO: a new purpose needs a new consent."""
    before = make_site(ROUTES).browser()
    choose(before, "accept_all")
    after = make_site(ROUTES, purposes=[Purpose("video", title="Films")]).browser()
    after.cookies = before.cookies
    notice = after.get("/").text
    assert "Films" in notice
    assert "<li>Marketing" not in notice
    assert known(after)["analytics"] is True
    choose(after, "reject_all")  # of what this notice asked, and of nothing else
    assert known(after)["analytics"] is True
    assert not asks(after)


def test_accepting_one_new_purpose_does_not_accept_what_was_refused(make_site: MakeSite) -> None:
    before = make_site(ROUTES).browser()
    choose(before, "reject_all")
    after = make_site(ROUTES, purposes=[Purpose("video", title="Films")]).browser()
    after.cookies = before.cookies
    choose(after, "accept_all")
    assert known(after)["analytics"] is False


def test_an_answer_to_words_that_have_changed_is_asked_again(make_site: MakeSite) -> None:
    """GDPR 7(1): a record names the words that were shown; a stale tab showed others."""
    browser = make_site(ROUTES).browser()
    answer = choose(browser, "accept_all", shown="0" * 32)
    assert answer.headers["location"].startswith("/privacy?")
    assert set_cookies(answer) == {}
    shown = browser.get("/").text.partition('name="shown" value="')[2].partition('"')[0]
    assert "__Host-footfall-visitor" in set_cookies(choose(browser, "accept_all", shown=shown))


def test_a_script_is_told_that_the_words_have_changed(make_site: MakeSite) -> None:
    """To a script every redirect looks alike, and it would say that the choice was kept."""
    answer = choose(make_site(ROUTES).browser(accept="*/*"), "accept_all", shown="0" * 32)
    assert (answer.status_code, answer.content, set_cookies(answer)) == (409, b"", {})


def test_a_page_kept_by_the_browser_is_asked_for_again_before_it_is_shown(make_site: MakeSite) -> None:
    async def kept(request: Request) -> Response:
        return HTMLResponse(PAGE, headers={"cache-control": "max-age=3600", "etag": '"1"'})

    response = make_site([Route("/", kept)]).browser().get("/")
    assert response.headers["cache-control"] == "private, no-cache"
    assert "etag" not in response.headers


def test_the_identifier_lives_395_days_from_first_issue_and_is_never_renewed(make_site: MakeSite) -> None:
    """CNIL 2020-091 (exempt measurement): 13 months at most."""
    site = make_site(ROUTES)
    browser = site.browser()
    choose(browser, "accept_all")
    first = known(browser)["visitor"]
    for _ in range(3):  # every 130 days the choice is renewed; the identifier is not
        site.clock.pass_days(130)
        choose(browser, "accept_all")
        assert known(browser)["visitor"] == first
    site.clock.pass_days(6)
    assert known(browser)["visitor"] not in (None, first)


def test_a_second_visit_returns_and_the_cookie_changes_at_most_once_a_minute(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    browser = site.browser()
    choose(browser, "accept_all")
    assert set_cookies(browser.get("/facts")) == {}
    site.clock.now += 61
    assert list(set_cookies(browser.get("/facts"))) == ["__Host-footfall-visitor"]
    assert set_cookies(browser.get("/facts")) == {}
    site.clock.pass_days(1)
    assert known(browser)["returning"] is True


def test_no_cookie_of_ours_goes_on_a_response_that_a_shared_cache_may_store(make_site: MakeSite) -> None:
    async def shared(request: Request) -> Response:
        return Response("for all", headers={"cache-control": "public, max-age=60"})

    site = make_site([*ROUTES, Route("/shared", shared)])
    browser = site.browser()
    choose(browser, "accept_all")
    site.clock.pass_days(1)
    response = browser.get("/shared")
    assert set_cookies(response) == {}
    assert response.headers["cache-control"] == "public, max-age=60"


# -- what must not count


def consent_of(browser: TestClient) -> str:
    return browser.cookies["__Host-footfall-consent"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda value: value[:-1] + ("A" if value[-1] != "A" else "B"),
        lambda value: value[:20],
        lambda value: value.replace("-", "analytics", 1),
        lambda value: "1:-:6a:1:banner:analytics+marketing+preferences:",
        lambda value: "\xff\xfe",
        lambda value: "",
    ],
    ids=["forged", "truncated", "edited", "unsigned", "not UTF-8", "empty"],
)
def test_a_consent_cookie_that_is_not_ours_counts_as_undecided(make_site: MakeSite, spoil: Any) -> None:
    site = make_site(ROUTES)
    browser = site.browser()
    choose(browser, "reject_all")
    cookie = f"__Host-footfall-consent={spoil(consent_of(browser))}"
    stranger = site.browser()
    assert "footfall-notice" in stranger.get("/", headers={"cookie": cookie.encode("latin-1")}).text


def test_another_cookie_of_ours_in_its_place_counts_as_undecided(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    browser = site.browser()
    choose(browser, "accept_all")
    swapped = f"__Host-footfall-consent={browser.cookies['__Host-footfall-visitor']}"
    assert "footfall-notice" in site.browser().get("/", headers={"cookie": swapped}).text


def test_a_cookie_tossed_from_a_sibling_domain_does_not_count_over_https(make_site: MakeSite) -> None:
    """A sibling can set a domain cookie of the plain name, never one with the __Host- prefix (RFC 6265bis §4.1.3)."""
    site = make_site(ROUTES)
    browser = site.browser()
    choose(browser, "accept_all")
    tossed = f"footfall-consent={consent_of(browser)}"
    assert "footfall-notice" in site.browser().get("/", headers={"cookie": tossed}).text


def test_a_replay_after_withdrawal_stays_withdrawn_on_every_worker(make_site: MakeSite) -> None:
    site, other_worker = make_site(ROUTES), make_site(ROUTES)
    browser = site.browser()
    choose(browser, "accept_all")
    replayed = {"cookie": f"__Host-footfall-consent={consent_of(browser)}"}
    assert site.browser().get("/facts", headers=replayed).json()["analytics"] is True
    choose(browser, "withdraw", layer="preferences")
    other_worker.clock.now = site.clock.now = site.clock.now + 2
    for worker in (site, other_worker):
        assert worker.browser().get("/facts", headers=replayed).json()["analytics"] is False


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}, {}],
)
def test_a_choice_sent_from_elsewhere_is_refused(make_site: MakeSite, headers: dict[str, str]) -> None:
    """ASVS 3.5.1."""
    answer = make_site(ROUTES).browser().post("/privacy", data={"choice": "accept_all"}, headers=headers)
    assert answer.status_code == 403
    assert set_cookies(answer) == {}


def test_a_browser_that_does_not_say_where_it_comes_from_sends_our_token(make_site: MakeSite) -> None:
    browser = make_site(ROUTES).browser()
    token = browser.get("/").text.partition('name="token" value="')[2].partition('"')[0]
    answer = browser.post("/privacy", data={"choice": "accept_all", "token": token}, follow_redirects=False)
    assert answer.status_code == 303
    assert "__Host-footfall-visitor" in set_cookies(answer)


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"])
def test_the_way_back_stays_on_this_site(make_site: MakeSite, target: str) -> None:
    answer = choose(make_site(ROUTES).browser(), "reject_all", return_to=target)
    assert answer.headers["location"] == "/privacy?outcome=saved"


@pytest.mark.parametrize("body", [b"x" * 20_000, b"choice=%ff%fe", b"&" * 5000, b"\xff\xff"])
def test_an_odd_form_is_answered_in_words(make_site: MakeSite, body: bytes) -> None:
    headers = {"sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded"}
    answer = make_site(ROUTES).browser().post("/privacy", content=body, headers=headers, follow_redirects=False)
    assert answer.status_code in (303, 403)
    assert set_cookies(answer) == {}


# -- proof, and failure


def test_a_grant_has_a_record_of_what_was_shown_and_chosen(make_site: MakeSite, tmp_path: Any) -> None:
    """GDPR 7(1): the controller shall be able to demonstrate consent."""
    site = make_site(ROUTES)
    browser = site.browser()
    choose(browser, "save", purpose=["analytics"])
    visitor = known(browser)["visitor"]
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    (record,) = asyncio.run(store.consent_records(visitor_id=visitor))
    store.close()
    assert (record.method, record.purposes, record.layer, record.language) == ("custom", ("analytics",), "notice", "en")
    assert (record.at, record.policy_version) == (site.clock.now, 1)
    assert len(record.text_fingerprint) == 32


def test_a_grant_that_cannot_be_recorded_is_not_given_and_a_refusal_holds(make_site: MakeSite, tmp_path: Any) -> None:
    """Failure is closed."""
    (tmp_path / "store.db").write_bytes(b"this is no database" * 100)
    site = make_site(ROUTES)
    browser = site.browser()
    answer = choose(browser, "accept_all")
    assert answer.status_code == 503
    assert set_cookies(answer) == {}  # nothing was decided: neither granted nor refused for six months
    assert known(browser)["analytics"] is False
    assert asks(browser)
    refusing = site.browser()
    assert choose(refusing, "reject_all").status_code == 303
    assert not asks(refusing)


def test_before_the_store_has_answered_no_grant_counts_for_it_may_be_withdrawn(
    make_site: MakeSite, tmp_path: Any
) -> None:
    browser = make_site(ROUTES).browser()
    choose(browser, "accept_all")
    (tmp_path / "broken.db").write_bytes(b"this is no database" * 100)
    fresh = make_site(ROUTES, store=f"sqlite:///{tmp_path}/broken.db").browser()
    fresh.cookies = browser.cookies
    assert known(fresh)["analytics"] is False


def test_gpc_refuses_what_is_sold_or_shared_and_the_first_page_says_so(make_site: MakeSite) -> None:
    """11 CCR 7025(c)(6); w3c/gpc: the signal is honoured, and shown as honoured."""
    browser = make_site(ROUTES).browser(**{"sec-gpc": "1"})
    assert "Global Privacy Control" in browser.get("/").text
    choose(browser, "accept_all")
    seen = known(browser)
    assert (seen["analytics"], seen["marketing"]) == (True, False)


def test_what_a_signal_refuses_is_not_granted_when_the_signal_goes(make_site: MakeSite) -> None:
    """11 CCR 7025(c)(1): the notice said that it is off."""
    site = make_site(ROUTES)
    browser = site.browser()
    choose(browser, "accept_all")
    browser.cookies.clear()
    browser.post("/privacy", data={"choice": "accept_all"}, headers={"sec-gpc": "1", "sec-fetch-site": "same-origin"})
    assert (known(browser)["analytics"], known(browser)["marketing"]) == (True, False)


def test_the_gpc_file_says_that_the_signal_is_honoured(make_site: MakeSite) -> None:
    """w3c/gpc §4: application/json, a boolean, and lastUpdate by RFC 3339."""
    response = make_site(ROUTES).browser().get("/.well-known/gpc.json")
    assert response.headers["content-type"] == "application/json"
    assert response.json()["gpc"] is True
    assert response.json()["lastUpdate"].endswith("Z")


def test_a_misspelt_purpose_fails_loudly(make_site: MakeSite) -> None:
    async def typo(request: Request) -> Response:
        return JSONResponse(request.state.visit.consent.allows("analitycs"))

    assert make_site([Route("/", typo)]).browser().get("/").status_code == 500


def test_words_can_be_the_sites_own(make_site: MakeSite) -> None:
    site = make_site(ROUTES, texts={"en": {"notice_title": "May we?"}})
    assert "May we?" in site.browser().get("/").text


def test_a_file_that_the_server_sends_by_itself_is_not_held_up(make_site: MakeSite) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"text/html"), (b"content-length", b"7")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.pathsend", "path": "/dev/null"})

    site = make_site([])
    footfall = Footfall(app, settings=Settings(secret_keys=KEYS, store="sqlite://:memory:"), sink=site.sink)
    heard: list[str] = []

    async def send(message: Message) -> None:
        heard.append(message["type"])

    scope: Scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [], "scheme": "https"}
    asyncio.run(footfall(scope, receive_nothing, send))
    assert heard == ["http.response.start", "http.response.pathsend"]
    assert site.events()[-1].bytes == 7


async def receive_nothing() -> Message:
    return {"type": "http.disconnect"}


def test_without_the_notice_setting_a_template_places_it(make_site: MakeSite) -> None:
    async def own(request: Request) -> Response:
        return HTMLResponse(f"<body><main>x</main>{request.state.visit.notice()}</body>")

    browser = make_site([Route("/", own)], notice=False).browser()
    assert browser.get("/").text.count("footfall-notice-title") == 2
    choose(browser, "reject_all")
    assert browser.get("/").text == "<body><main>x</main></body>"


def test_when_a_choice_counts_no_more_what_was_stored_under_it_goes(make_site: MakeSite) -> None:
    site = make_site(ROUTES, cookies=[Cookie("theme", purpose="preferences")])
    browser = site.browser()
    choose(browser, "accept_all")
    old = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    choose(browser, "withdraw", layer="preferences")
    gone = set_cookies(site.browser().get("/facts", headers={"cookie": f"{old}; theme=dark"}))
    assert sorted(gone) == ["__Host-footfall-consent", "__Host-footfall-visitor", "theme"]
    assert all("Max-Age=0" in line for line in gone.values())
