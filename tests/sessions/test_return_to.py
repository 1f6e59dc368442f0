"""The way back after signing in: to this site or nowhere (CWE-601)."""

from __future__ import annotations

from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.sessions.return_to import safe_return, sign_in_location


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/account",
        "/account/",
        "/a/b?c=d&e=%2F%2Fx#f",
        "/search?q=a%0Ab%5C",
        "/b%C3%BCcher",
        "/a:b@c",
        "/~ada",
        "/a?next=//b",
    ],
)
def test_a_path_of_this_site_is_a_way_back(target: str) -> None:
    assert safe_return(target) == target


@pytest.mark.parametrize(
    "target",
    [
        "",
        "account",
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/a\\..\\evil",
        "/\tevil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/ /evil.example",
        "/\x00",
        "/%2F/evil.example",
        "/%2Fevil.example",
        "/%5Cevil.example",
        "/%5cevil.example",
        "/%255Cevil.example",
        "/%09/evil.example",
        "/%0d%0aSet-Cookie:a=b",
        "/\r\nSet-Cookie: a=b",
        "/a?b=c\r\nSet-Cookie: a=b",
        "/..//evil.example",
        "/.//evil.example",
        "/./evil",
        "/a/../../evil",
        "/%2e%2e//evil.example",
        "/%2e/%2fevil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "?a=b",
        "#a",
        "/é",
        "／／evil.example",
        "/\u2028evil",
        "/a\u202eb",
        "/" + "a" * 2048,
    ],
)
def test_anything_else_is_none(target: str) -> None:
    assert safe_return(target) is None


@given(
    st.lists(
        st.sampled_from([*"/\\.%?#@:&;=a2fFcC5 \t\r\n\0", "//", "..", "evil.example", "%2f", "%5c", "http:"]),
        max_size=12,
    ).map("".join)
)
def test_a_way_back_never_leaves_the_site(target: str) -> None:
    back = safe_return(target)
    if back is not None:
        there = urlsplit(urljoin("https://own.example/sign-in", back))
        assert (there.scheme, there.netloc) == ("https", "own.example")
        assert "\\" not in back
        assert back.isascii()
        assert back.isprintable()


@pytest.mark.parametrize(
    ("path", "query", "back"),
    [
        ("/account", "", "/account"),
        ("/search", "q=a+b&page=2", "/search?q=a+b&page=2"),
        ("/bücher/ä b", "x=%C3%A4", "/b%C3%BCcher/%C3%A4%20b?x=%C3%A4"),
        ("/a?b", "", "/a%3Fb"),
        ("/long", "q=" + "a" * 3000, "/long"),
    ],
)
def test_the_sign_in_page_is_told_the_way_back(path: str, query: str, back: str) -> None:
    location = sign_in_location("/sign-in", path, query)
    assert parse_qs(urlsplit(location).query) == {"next": [back]}
    assert safe_return(back) == back
    assert location.isascii()


@pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "/\r\nx", "/a/../b", "/" + "a" * 3000])
def test_a_doubtful_path_is_no_way_back(path: str) -> None:
    assert sign_in_location("/sign-in", path, "") == "/sign-in"


@given(st.text(), st.text())
def test_any_path_and_query_give_a_location_that_a_header_may_hold(path: str, query: str) -> None:
    location = sign_in_location("/sign-in", "/" + path, query)
    assert location.isascii()
    assert location.isprintable()
