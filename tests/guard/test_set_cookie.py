"""A ``Set-Cookie`` line, taken apart as a browser would (RFC 6265bis §5.6)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.guard.set_cookie import take_apart

NOW = 1_790_000_000.0


def test_name_value_and_attributes_are_found_whatever_their_case_and_spaces() -> None:
    cookie = take_apart(" a = 1 ; PATH = /x ;secure; Max-Age=5")
    assert (cookie.name, cookie.value) == ("a", "1")
    assert cookie.attributes == {"path": "/x", "secure": "", "max-age": "5"}


@pytest.mark.parametrize("line", ["justavalue", "=value", "", ";", "; Path=/"])
def test_a_nameless_cookie_has_the_empty_name(line: str) -> None:
    assert take_apart(line).name == ""


@pytest.mark.parametrize(
    ("line", "removes"),
    [
        ("a=; Max-Age=0", True),
        ("a=; Max-Age=-1", True),
        ("a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", True),
        ("a=; Expires=Thu, 01-Jan-1970 00:00:00 GMT", True),
        ("a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", False),
        ("a=1; Max-Age=0; Expires=Thu, 01 Jan 2099 00:00:00 GMT", True),
        ("a=1", False),
        ("a=1; Max-Age=abc", False),
        ("a=1; Expires=never", False),
    ],
)
def test_a_removal_is_told_from_a_cookie(line: str, removes: bool) -> None:
    assert take_apart(line).removes(NOW) is removes


@given(st.text(max_size=400))
def test_any_text_is_some_cookie_and_never_an_exception(line: str) -> None:
    cookie = take_apart(line)
    assert cookie.removes(NOW) in (True, False)
    assert ";" not in cookie.name + cookie.value
