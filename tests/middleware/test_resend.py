"""A form whose session ended while it was filled in is not lost: it is offered again, and safely."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from footfall import Access
from footfall.resend import is_private
from tests.middleware.conftest import MakeSite

OURS = {"sec-fetch-site": "same-origin", "referer": "https://site.example/letters/new"}


async def sign_in(request: Request) -> Response:
    await request.state.visit.login("ada")
    return RedirectResponse("/", 303)


async def letter(request: Request) -> Response:
    return JSONResponse({"path": request.url.path, "body": (await request.body()).decode()})


ROUTES = [
    Route("/sign-in", sign_in, methods=["POST"]),
    Route("/letters/{name}", letter, methods=["POST"]),
    Route("/account/name", letter, methods=["POST"]),
]
ACCESS = [Access("/letters/*", member=True), Access("/account/*", fresh=timedelta(minutes=10))]


@pytest.fixture
def browser(make_site: MakeSite) -> TestClient:
    return make_site(ROUTES, access=ACCESS).browser()


def offered(page: str) -> tuple[str, list[tuple[str, str]]] | None:
    """The form on the page: where it goes, and what it sends."""
    form = re.search(r'<form method="post" action="([^"]*)" autocomplete="off">(.*?)</form>', page, re.DOTALL)
    if form is None:
        return None
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form[2], re.DOTALL)
    return html.unescape(form[1]), [(html.unescape(name), html.unescape(value)) for name, value in fields]


def send(browser: TestClient, data: Any, path: str = "/letters/new?draft=1", **headers: str) -> Any:
    return browser.post(path, data=data, headers=OURS | headers, follow_redirects=False)


def test_what_was_written_comes_back_and_arrives_after_the_sign_in(browser: TestClient) -> None:
    written = {"to": ["Grace", "Alan"], "text": 'Dear "all" & <everybody>,\nžluťoučký', "empty": ""}
    refused = send(browser, written)
    assert refused.status_code == 401
    form = offered(refused.text)
    assert form is not None
    action, fields = form
    assert action == "/letters/new?draft=1"
    assert fields == [("to", "Grace"), ("to", "Alan"), ("text", written["text"]), ("empty", "")]
    browser.post("/sign-in")
    assert send(browser, written, action).json()["path"] == "/letters/new"


def test_the_sign_in_opens_beside_the_form_and_says_when_it_is_done(browser: TestClient) -> None:
    page = send(browser, {"text": "x"}).text
    assert '<a class="footfall-button" href="/sign-in?next=/privacy/signed-in" target="_blank" rel="noopener">' in page
    browser.post("/sign-in")
    assert "You can close this tab" in browser.get("/privacy/signed-in").text


def test_a_member_whose_sign_in_is_too_old_is_offered_the_form_too(make_site: MakeSite) -> None:
    site = make_site(ROUTES, access=ACCESS)
    browser = site.browser()
    browser.post("/sign-in")
    site.clock.now += 11 * 60
    refused = send(browser, {"name": "Ada"}, "/account/name")
    assert "Please sign in again" in refused.text
    assert offered(refused.text) == ("/account/name", [("name", "Ada")])


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "", "origin": "https://evil.example"},
    ],
)
def test_what_another_site_sent_is_never_offered(browser: TestClient, headers: dict[str, str]) -> None:
    """Or it would have the member send its words, from a page of ours (ASVS 3.5.1)."""
    refused = send(browser, {"text": "transfer everything"}, **headers)
    assert offered(refused.text) is None
    assert "transfer" not in refused.text
    assert "Nothing of it was kept here" in refused.text


def test_a_browser_that_says_nothing_of_where_it_comes_from_is_offered_nothing(browser: TestClient) -> None:
    assert offered(browser.post("/letters/new", data={"text": "x"}).text) is None


@pytest.mark.parametrize("path", ["//evil.example/letters/x", "/letters/..%2f..%2fx", "/letters/%5cevil"])
def test_a_form_is_offered_for_a_path_of_this_site_alone(browser: TestClient, path: str) -> None:
    form = offered(send(browser, {"text": "x"}, f"https://site.example{path}").text)
    assert form is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("password", "x"),
        ("new_password", "x"),
        ("passwordAgain", "x"),
        ("pin", "1234"),
        ("otp", "123456"),
        ("kennwort2", "x"),
        ("cardNumber", "1"),
        ("cc-exp", "12/29"),
        ("cvc", "123"),
        ("iban", "x"),
        ("note", "my card is 4111 1111 1111 1111"),
        ("x", "DE89370400440532013000"),
    ],
)
def test_no_password_and_no_billing_data_is_shown_again(browser: TestClient, field: str, value: str) -> None:
    """ASVS 14.2.1."""
    page = send(browser, {"text": "Dear Grace", field: value}).text
    assert offered(page) == ("/letters/new?draft=1", [("text", "Dear Grace")])
    assert "Passwords and payment details are not among it" in page


@pytest.mark.parametrize("field", ["passenger", "passport", "opinion", "shipping", "title", "street", "compass"])
def test_an_ordinary_field_is_no_secret(field: str) -> None:
    assert not is_private(field, "Dear Grace")


def test_where_only_secrets_were_sent_nothing_is_offered(browser: TestClient) -> None:
    assert offered(send(browser, {"password": "x"}).text) is None


def test_files_and_long_texts_are_not_offered(browser: TestClient) -> None:
    long = send(browser, {"text": "x" * 70_000})
    files = browser.post("/letters/new", files={"file": b"x"}, headers=OURS)
    broken = browser.post(
        "/letters/new", content=b"text=%ff", headers=OURS | {"content-type": "application/x-www-form-urlencoded"}
    )
    for refused in (long, files, broken):
        assert (refused.status_code, offered(refused.text)) == (401, None)
        assert "Nothing of it was kept here" in refused.text


def test_the_page_is_kept_by_nobody(browser: TestClient) -> None:
    """ASVS 14.3.2."""
    assert "no-store" in send(browser, {"text": "x"}).headers["cache-control"]


def test_the_refusal_speaks_the_visitors_language(browser: TestClient) -> None:
    page = send(browser, {"text": "x"}, **{"accept-language": "de"}).text
    assert "Bitte melden Sie sich zuerst an" in page
    assert "Noch einmal senden" in page
