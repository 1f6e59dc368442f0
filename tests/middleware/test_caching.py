"""What responses say of caches once they were made for one person (RFC 9111, ASVS 14.3.2)."""

from __future__ import annotations

import pytest

from footfall.caching import may_be_shared, personal, with_vary_cookie


@pytest.mark.parametrize(
    ("cache_control", "shared"),
    [
        (b"", False),
        (b"public", True),
        (b"Public, max-age=60", True),
        (b"s-maxage=60", True),
        (b"max-age=60", False),
        (b"private, max-age=60", False),
        (b"public, no-store", False),
    ],
)
def test_a_response_is_shared_only_where_the_app_says_so(cache_control: bytes, shared: bool) -> None:
    assert may_be_shared(cache_control) is shared


@pytest.mark.parametrize(
    ("stated", "becomes"),
    [
        (b"", b"private"),
        (b"max-age=60", b"max-age=60, private"),
        (b"public, max-age=60", b"max-age=60, private"),
        (b"no-store", b"no-store"),
        (b"private", b"private"),
    ],
)
def test_an_answer_made_for_a_person_is_private(stated: bytes, becomes: bytes) -> None:
    headers = [(b"Cache-Control", stated)] if stated else []
    assert [value for name, value in personal(headers, stated) if name.lower() == b"cache-control"] == [becomes]


def test_a_protected_answer_is_kept_nowhere() -> None:
    assert personal([(b"cache-control", b"max-age=9")], b"max-age=9", keep_nowhere=True) == [
        (b"cache-control", b"max-age=9, no-store")
    ]


def test_other_headers_stay_as_they_are() -> None:
    headers = [(b"X-One", b"1"), (b"content-type", b"text/html")]
    assert personal(headers, b"")[:2] == headers


@pytest.mark.parametrize(
    ("stated", "becomes"),
    [([], b"Cookie"), ([b"Accept"], b"Accept, Cookie"), ([b"cookie"], b"cookie"), ([b"*"], b"*")],
)
def test_vary_names_cookie_once(stated: list[bytes], becomes: bytes) -> None:
    headers = with_vary_cookie([(b"Vary", value) for value in stated])
    assert [value for name, value in headers if name.lower() == b"vary"] == [becomes]
