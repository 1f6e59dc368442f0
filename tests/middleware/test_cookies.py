"""The reader and writer of cookies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.cookies import Attributes, expire, parse, write


def test_pairs_are_read_and_spaces_do_not_matter() -> None:
    assert parse("a=1; b=2;c = 3 ") == {"a": "1", "b": "2", "c": "3"}


def test_of_one_name_sent_twice_the_first_counts() -> None:
    """RFC 6265 §5.4: the most specific path comes first; a cookie tossed from a sibling domain comes later."""
    assert parse("a=mine; a=tossed") == {"a": "mine"}


@given(st.text(max_size=300))
def test_any_header_is_read_without_an_exception(header: str) -> None:
    assert all(name and ";" not in value for name, value in parse(header).items())


def test_the_work_for_one_header_is_bounded() -> None:
    assert len(parse(";".join(f"c{number}=1" for number in range(10_000)))) == 256


def test_the_defaults_are_the_strictest_that_work() -> None:
    """ASVS 3.3.1–3.3.4."""
    assert write("__Host-a", "1", Attributes()) == "__Host-a=1; Path=/; SameSite=Lax; Secure; HttpOnly"


def test_every_attribute_is_written() -> None:
    attributes = Attributes(
        max_age=timedelta(hours=1), path="/x", domain="example.org", http_only=False, same_site="None", partitioned=True
    )
    assert write("a", "1", attributes) == (
        "a=1; Path=/x; Domain=example.org; Max-Age=3600; SameSite=None; Secure; Partitioned"
    )


def test_a_removal_agrees_in_all_but_the_age() -> None:
    assert expire("a", Attributes(path="/x", domain="example.org")) == (
        "a=; Path=/x; Domain=example.org; Max-Age=0; SameSite=Lax; Secure; HttpOnly; "
        "Expires=Thu, 01 Jan 1970 00:00:00 GMT"
    )


@pytest.mark.parametrize(
    ("name", "value", "attributes", "says"),
    [
        ("a b", "1", Attributes(), "not a token"),
        ("a", "1;2", Attributes(), "no cookie may hold"),
        ("a", "ü", Attributes(), "no cookie may hold"),
        ("a", "1\r\nSet-Cookie: b=2", Attributes(), "no cookie may hold"),
        ("big", "x" * 4094, Attributes(), "'big' has 4097 bytes"),
        ("a", "1", Attributes(max_age=timedelta(days=401)), "400 at most"),
        ("a", "1", Attributes(path="/; Domain=evil.example"), "no attribute may hold"),
        ("__Host-a", "1", Attributes(domain="example.org"), "__Host- wants"),
        ("__Host-a", "1", Attributes(secure=False), "__Host- wants"),
        ("a", "1", Attributes(same_site="None", secure=False), "wants Secure"),
    ],
)
def test_what_no_browser_would_keep_is_refused_with_the_name(
    name: str, value: str, attributes: Attributes, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        write(name, value, attributes)


def test_4096_bytes_of_name_and_value_are_the_most() -> None:
    """RFC 6265bis, ASVS 3.3.5."""
    assert write("a", "x" * 4095, Attributes()).startswith("a=xxx")
