"""URLs as they may be kept (ASVS 14.2.1, 16.2.5): no billing data, no secret, no address of a person."""

from __future__ import annotations

import random
import uuid

import pytest

from footfall.guard.secrets import scrub_path, scrub_query, scrub_url
from tests.guard.billing.wrappings import RECORD, b64url

RNG = random.Random(4)
TOKEN = b64url(RNG.randbytes(32))
VISA = "4111111111111111"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/products/blue-shoes",
        "/books/7",
        "/2024/05/12/post",
        f"/orders/{uuid.UUID(int=RNG.getrandbits(128))}",
        "/blog/the-very-long-slug-of-a-post-about-2024-and-other-things-10",
        "/files/Report-2024-05-12.final.v2.1-for-the-board.pdf",
        "/static/app.3f2a1b9c.js",
        "/fonts/xjAJXh38I15wypJXxuGMBp0EAVxt0G0biEntp43Qt6E.ttf",
        "/wiki/Donaudampfschifffahrtsgesellschaftskapitaen",
        "/seite/über-uns",
        "/%D0%BE-%D0%BD%D0%B0%D1%81",
        "/IMG_20240512_101530_Holiday_In_Rome.jpeg",
        "/tel/+49-30-1234567",
        "/products/4006381333931",
    ],
)
def test_a_path_that_names_a_page_stays(path: str) -> None:
    assert scrub_path(path) == path


@pytest.mark.parametrize(
    ("path", "scrubbed"),
    [
        (f"/reset/{TOKEN}", "/reset/[secret]"),
        (f"/confirm/{RNG.randbytes(16).hex()}/done", "/confirm/[secret]/done"),
        ("/u/jane@example.org/posts", "/u/[secret]/posts"),
        ("/u/jane%40example.org", "/u/[secret]"),
        (f"/auth/{RECORD['jwt']({'uid': 7})}", "/auth/[secret]"),
        (f"/pay/{VISA}", "/pay/[billing]"),
        ("/pay/4111-1111-1111-1111/x", "/pay/[billing]/x"),
        ("/pay/4111/1111/1111/1111", "/pay/[billing]"),
        ("/iban/DE89370400440532013000", "/iban/[billing]"),
        ("/cvv/123", "/cvv/[billing]"),
        (f"/pay/{b64url(VISA)}", "/pay/[billing]"),
        (f"/pay/%34{VISA[1:]}", "/pay/[billing]"),
    ],
)
def test_secrets_and_billing_data_leave_a_path(path: str, scrubbed: str) -> None:
    assert scrub_path(path) == scrubbed
    assert scrub_path(scrubbed) == scrubbed


@pytest.mark.parametrize(
    "query",
    [
        "",
        "page=2&sort=price",
        "q=red+shoes&utm_source=news",
        f"gclid={TOKEN}",
        "a&b=&=c",
        "lang=de&v=1.2.3",
        "ids=1,2,3",
    ],
)
def test_a_query_that_says_what_was_looked_at_stays(query: str) -> None:
    assert scrub_query(query) == query


@pytest.mark.parametrize(
    "key",
    [
        "password",
        "PASSWD",
        "token",
        "access_token",
        "refresh-token",
        "idToken",
        "secret",
        "client_secret",
        "api_key",
        "apikey",
        "key",
        "sig",
        "signature",
        "code",
        "state",
        "session",
        "sid",
        "auth",
        "jwt",
        "email",
        "otp",
        "X-Amz-Signature",
        "SAMLResponse",
        "phone",
        "username",
        "reset_token",
        "nonce",
    ],
)
def test_the_value_of_a_secret_key_goes_however_the_key_is_written(key: str) -> None:
    assert scrub_query(f"page=2&{key}=abc&x=1") == f"page=2&{key}=[secret]&x=1"


@pytest.mark.parametrize(
    ("query", "scrubbed"),
    [
        (f"card={VISA}&page=2", "card=[billing]&page=2"),
        ("n=4111+1111+1111+1111", "n=[billing]"),
        ("cvv=123", "cvv=[billing]"),
        ("account=12345678&routing=021000021", "account=[billing]&routing=[billing]"),
        ("billing%5Bcity%5D=Leeds", "billing%5Bcity%5D=[billing]"),
        (VISA, "[billing]"),
        (f"{VISA}=1", "[billing]"),
        (f"x=%34{VISA[1:]}", "x=[billing]"),
        (f"x={b64url(VISA)}", "x=[billing]"),
        (f"x={TOKEN}", "x=[secret]"),
        ("who=jane%40example.org", "who=[secret]"),
        ("x=eyJhbGciOiJub25lIn0.eyJ1IjoxfQ.", "x=[secret]"),
        ("pass%77ord=x", "pass%77ord=[secret]"),
        ("token=", "token="),
    ],
)
def test_secrets_and_billing_data_leave_a_query(query: str, scrubbed: str) -> None:
    assert scrub_query(query) == scrubbed
    assert scrub_query(scrubbed) == scrubbed


def test_a_query_with_more_than_can_be_read_goes_as_a_whole() -> None:
    query = "&".join(f"cvv{number}={100 + number}" for number in range(10, 99))
    assert scrub_query(query) == "[billing]"


@pytest.mark.parametrize(
    ("url", "scrubbed"),
    [
        ("https://shop.example/a?x=1", "https://shop.example/a?x=1"),
        ("https://jane:pw@shop.example/", "https://[secret]@shop.example/"),
        ("https://shop.example/reset?token=abc", "https://shop.example/reset?token=[secret]"),
        ("https://app.example/cb#access_token=abc&x=1", "https://app.example/cb#access_token=[secret]&x=1"),
        (f"https://shop.example/pay/{VISA}?n={VISA}", "https://shop.example/pay/[billing]?n=[billing]"),
        ("/relative/path?code=1", "/relative/path?code=[secret]"),
        ("android-app://com.example.news/", "android-app://com.example.news/"),
        ("", ""),
    ],
)
def test_a_referrer_is_scrubbed_in_all_its_parts(url: str, scrubbed: str) -> None:
    assert scrub_url(url) == scrubbed
    assert scrub_url(scrubbed) == scrubbed
