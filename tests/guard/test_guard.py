"""The guard on whole responses: billing data, attributes, sizes, and whatever an app may write."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from footfall import Cookie, Settings
from footfall.consent.choice import Choice
from footfall.consent.consent import ConsentRules
from footfall.consent.purposes import purposes_by_name
from footfall.guard.guard import BillingDataError, Guard
from tests.middleware.conftest import KEYS, MakeSite, choose, make_site, set_cookies

__all__ = ["make_site"]  # the fixture

CARD = "4111111111111111"
COOKIES = [
    Cookie("cart", purpose="necessary", lifetime=timedelta(days=30)),
    Cookie("theme", purpose="preferences"),
    Cookie("token", purpose="necessary", http_only=True),
]


def setting(*lines: str) -> Route:
    async def app(request: Request) -> Response:
        response = JSONResponse({"sees": dict(request.cookies)})
        response.raw_headers += [(b"set-cookie", line.encode("latin-1")) for line in lines]
        return response

    return Route("/", app)


# -- billing data


def test_a_cookie_with_a_card_number_is_dropped_and_the_page_goes_on(make_site: MakeSite, caplog: Any) -> None:
    site = make_site([setting(f"cart={CARD}; Path=/", "cart=books; Path=/")], cookies=COOKIES)
    response = site.browser().get("/")
    assert response.status_code == 200
    assert response.headers.get_list("set-cookie") == ["cart=books; Path=/"]
    (event,) = site.events("cookie")
    facts = {"reason": "billing", "direction": "out", "declared": "yes", "kinds": "card_number"}
    assert (event.name, event.props) == ("cart", facts)
    assert "'cart' holds card_number" in caplog.text
    assert "4111" not in caplog.text + repr(site.events())


def test_where_the_settings_refuse_the_whole_response_goes(make_site: MakeSite) -> None:
    site = make_site([setting(f"cart={CARD}")], cookies=COOKIES, on_billing="refuse")
    response = site.browser().get("/")
    assert response.status_code == 500
    assert "4111" not in response.text
    assert [event.name for event in site.events("cookie")] == ["cart"]


def test_in_development_an_exception_names_handler_cookie_and_kind(make_site: MakeSite) -> None:
    site = make_site([setting(f"cart={CARD}")], cookies=COOKIES, development=True)
    browser = site.browser()
    browser._transport.raise_server_exceptions = True  # type: ignore[attr-defined]
    with pytest.raises(BillingDataError, match=r"/: dropped the cookie 'cart': it holds card_number") as caught:
        browser.get("/")
    assert "4111" not in str(caught.value)


def test_a_cookie_that_arrives_with_billing_data_is_hidden_expired_and_told(make_site: MakeSite) -> None:
    site = make_site([setting()], cookies=COOKIES)
    response = site.browser().get("/", headers={"cookie": f"cart={CARD}; token=abc"})
    assert response.json()["sees"] == {"token": "abc"}
    assert "Max-Age=0" in set_cookies(response)["cart"]
    (event,) = site.events("cookie")
    assert event.props["direction"] == "in"


def test_a_cookie_whose_name_holds_the_data_is_expired_by_its_name_and_told_without_it(make_site: MakeSite) -> None:
    site = make_site([setting()])
    response = site.browser().get("/", headers={"cookie": f"card{CARD}=1"})
    assert "Max-Age=0" in set_cookies(response)[f"card{CARD}"]
    assert CARD not in repr(site.events())


def test_the_session_is_scanned_before_it_is_stored(make_site: MakeSite, tmp_path: Path) -> None:
    async def app(request: Request) -> Response:
        if request.method == "POST":
            request.session.update({"card": CARD, "cart": ["book"]})
        return JSONResponse(dict(request.session))

    browser = make_site([Route("/", app, methods=["GET", "POST"])]).browser()
    browser.post("/")
    assert browser.get("/").json() == {"cart": ["book"]}
    assert CARD.encode() not in b"".join(file.read_bytes() for file in tmp_path.glob("store.db*"))


def test_a_card_in_numbered_pieces_is_put_together(make_site: MakeSite) -> None:
    cookies = [Cookie("s.*")]
    browser = make_site(
        [setting("s.0=%7B%22card%22%3A%2241111111", "s.1=11111111%22%7D", "other=ok")], cookies=cookies
    ).browser()
    assert set_cookies(browser.get("/")) == {}


def test_a_card_that_arrives_in_numbered_pieces_is_hidden_and_expired(make_site: MakeSite) -> None:
    browser = make_site([setting()], cookies=[Cookie("s.*"), Cookie("cart")]).browser()
    pieces = "s.0=%7B%22card%22%3A%2241111111; s.1=11111111%22%7D; cart=books"
    response = browser.get("/", headers={"cookie": pieces})
    assert response.json()["sees"] == {"cart": "books"}
    assert sorted(set_cookies(response)) == ["s.0", "s.1"]


def test_a_trusted_id_passes(make_site: MakeSite) -> None:
    routes, cookies = [setting(f"order={CARD}")], [Cookie("order")]
    assert "order" not in set_cookies(make_site(routes, cookies=cookies).browser().get("/"))
    assert "order" in set_cookies(make_site(routes, cookies=cookies, trusted_ids=["order"]).browser().get("/"))


# -- attributes, lifetime, size


@pytest.mark.parametrize(
    ("line", "repaired"),
    [
        ("theme=1; Path=/; Secure; SameSite=Lax", "theme=1; Path=/; Secure; SameSite=Lax"),
        ("theme=1; Path=/", "theme=1; Path=/; Secure; SameSite=Lax"),
        ("theme=1; SameSite=None", "theme=1; SameSite=None; Secure"),
        ("theme=1; Secure; SameSite=Whatever", "theme=1; Secure; SameSite=Lax"),
        ("token=1; Secure; SameSite=Lax", "token=1; Secure; SameSite=Lax; HttpOnly"),
        ("cart=1; Max-Age=9999999; Secure; SameSite=Lax", "cart=1; Secure; SameSite=Lax; Max-Age=2592000"),
        ("theme=1; Max-Age=99999999; Secure; SameSite=Lax", "theme=1; Secure; SameSite=Lax; Max-Age=34560000"),
    ],
)
def test_attributes_are_repaired_by_setting_and_what_was_right_stays(
    make_site: MakeSite, line: str, repaired: str
) -> None:
    """ASVS 3.3.1–3.3.4; RFC 6265bis §5.5: 400 days at most."""
    browser = make_site([setting(line)], cookies=COOKIES, attributes="repair").browser()
    choose(browser, "accept_all")
    assert browser.get("/").headers.get_list("set-cookie") == [repaired]


def test_a_host_cookie_that_no_browser_would_take_is_repaired(make_site: MakeSite) -> None:
    """RFC 6265bis §4.1.3."""
    routes, cookies = [setting("__Host-a=1; Path=/x; Domain=site.example; SameSite=Lax")], [Cookie("__Host-a")]
    browser = make_site(routes, cookies=cookies, attributes="repair").browser()
    assert browser.get("/").headers.get_list("set-cookie") == ["__Host-a=1; SameSite=Lax; Path=/; Secure"]


def test_attributes_are_refused_by_setting(make_site: MakeSite) -> None:
    site = make_site([setting("cart=1; Path=/")], cookies=COOKIES, attributes="refuse")
    assert set_cookies(site.browser().get("/")) == {}
    assert site.events("cookie")[0].props["reason"] == "attributes"


def test_by_default_a_granted_cookie_passes_byte_for_byte_but_never_outlives_its_declaration(
    make_site: MakeSite,
) -> None:
    browser = make_site([setting("cart=1;  PATH=/", "cart=2; Max-Age=99999999")], cookies=COOKIES).browser()
    assert browser.get("/").headers.get_list("set-cookie") == ["cart=1;  PATH=/", "cart=2; Max-Age=2592000"]


def test_a_cookie_declared_until_the_browser_closes_gets_no_lifetime(make_site: MakeSite) -> None:
    routes = [setting("brief=1; Expires=Fri, 31 Dec 2038 23:59:59 GMT; Path=/")]
    browser = make_site(routes, cookies=[Cookie("brief", lifetime=timedelta(0))]).browser()
    assert browser.get("/").headers.get_list("set-cookie") == ["brief=1; Path=/"]


def test_a_cookie_over_4096_bytes_is_refused_with_its_name(make_site: MakeSite, caplog: Any) -> None:
    """RFC 6265bis §5.6, ASVS 3.3.5."""
    site = make_site([setting("cart=" + "x" * 4093)], cookies=COOKIES, development=True)
    assert set_cookies(site.browser().get("/")) == {}
    assert "'cart': over 4096 bytes" in caplog.text


def test_a_response_that_sets_more_than_proxies_take_is_told(make_site: MakeSite, caplog: Any) -> None:
    lines = [f"c{number}=" + "x " * 1000 for number in range(6)]
    make_site([setting(*lines)], cookies=[Cookie("c?")]).browser().get("/")
    assert "6 cookies in 12018 bytes" in caplog.text


def test_in_development_a_dropped_cookie_says_which_line_lets_it_pass(make_site: MakeSite, caplog: Any) -> None:
    caplog.set_level(logging.WARNING)
    make_site([setting("stranger=1")], development=True).browser().get("/")
    assert 'add to Settings.cookies: Cookie("stranger", purpose="…"' in caplog.text


# -- whatever an app may write

RULES = ConsentRules(purposes_by_name(()))
GUARD = Guard(Settings(secret_keys=KEYS, cookies=COOKIES), frozenset(["__Host-footfall-session"]))
NOW = 1_790_000_000.0

octets = st.text(st.characters(max_codepoint=255), max_size=80)
lines = st.one_of(
    octets,
    st.builds(
        "{}={}; {}".format, st.sampled_from(["cart", "theme", "token", "stranger", "", "__Host-x"]), octets, octets
    ),
)
soups = st.lists(
    st.tuples(st.sampled_from([b"set-cookie", b"Set-Cookie", b"SET-COOKIE", b"x-other"]), lines), max_size=8
)
choices = st.sets(st.sampled_from(["preferences", "analytics", "marketing"])).map(
    lambda granted: RULES.of(Choice(frozenset(granted), frozenset(), int(NOW), 1, "banner"), gpc=False)
)


@settings(max_examples=300, deadline=None)
@given(soups, choices)
def test_any_header_soup_goes_in_and_no_forbidden_cookie_comes_out(soup: Any, consent: Any) -> None:
    headers = [(name, line.encode("latin-1")) for name, line in soup]
    kept, dropped = GUARD.outbound(headers, consent, NOW, secure=True)
    assert [header for header in kept if header[0] == b"x-other"] == [h for h in headers if h[0] == b"x-other"]
    assert len(kept) + len(dropped) == len(headers)
    for name, line in kept:
        if name.lower() == b"set-cookie" and b"max-age" not in line.lower() and b"expires" not in line.lower():
            cookie = line.partition(b";")[0].partition(b"=")[0].strip(b" \t")
            assert cookie in (b"cart", b"token") or (cookie == b"theme" and "preferences" in consent.granted)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.text(max_size=20), octets, max_size=8), choices)
def test_any_jar_goes_in_and_only_granted_cookies_are_visible(jar: dict[str, str], consent: Any) -> None:
    seen, dropped = GUARD.inbound(jar, consent)
    assert set(seen) | set(dropped) == set(jar)
    assert all(name in ("cart", "token", "theme", "__Host-footfall-session") for name in seen)


@given(st.text(st.characters(min_codepoint=97, max_codepoint=122), max_size=40))
def test_necessary_cookies_are_untouched(value: str) -> None:
    header = (b"set-cookie", f"cart={value}; Path=/; HttpOnly".encode())
    assert GUARD.outbound([header], RULES.undecided(gpc=False), NOW, secure=True) == ([header], [])
