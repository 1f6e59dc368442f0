"""What a request's headers say, read once and believed only so far."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.arrival import Arrivals, first_language, is_loopback, truncated, without_cookies

read = Arrivals().read


def scope(*headers: tuple[bytes, bytes], scheme: str = "https") -> dict[str, object]:
    return {"type": "http", "scheme": scheme, "headers": list(headers)}


def test_cookies_split_over_several_headers_are_one_jar() -> None:
    """RFC 9113 §8.2.3: HTTP/2 may send each cookie in a header of its own."""
    assert read(scope((b"cookie", b"a=1"), (b"cookie", b"b=2"))).jar == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    ("values", "signalled"),
    [([b"1"], True), ([b"0"], False), ([b"true"], False), ([b"1 "], False), ([b"1", b"0"], True), ([], False)],
)
def test_the_gpc_signal_is_exactly_1_and_of_duplicates_one_valid_suffices(values: list[bytes], signalled: bool) -> None:
    """w3c/gpc §3.2."""
    assert read(scope(*((b"sec-gpc", value) for value in values))).gpc is signalled


@pytest.mark.parametrize(
    ("scheme", "host", "secure"),
    [
        ("https", b"example.org", True),
        ("https", b"localhost", True),
        ("http", b"localhost:8000", False),
        ("http", b"127.0.0.1:8000", False),
        ("http", b"[::1]:8000", False),
        ("http", b"app.localhost", False),
        ("http", b"example.org", True),
        ("http", b"127.evil.example", True),
        ("http", b"localhost.evil.example", True),
        ("http", b"", True),
    ],
)
def test_only_this_very_machine_gets_cookies_without_secure(scheme: str, host: bytes, secure: bool) -> None:
    assert read(scope((b"host", host), scheme=scheme)).secure is secure


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("203.0.113.77", "203.0.113.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
        ("::ffff:203.0.113.77", "203.0.113.0"),
        ("fe80::1%eth0", "fe80::"),
        ("testclient", ""),
        ("", ""),
    ],
)
def test_an_address_is_truncated_before_anything_is_written(address: str, kept: str) -> None:
    assert truncated(address) == kept


@pytest.mark.parametrize(("header", "tag"), [("de-CH,de;q=0.9", "de-ch"), ("*", ""), ("", ""), ("x" * 40, "")])
def test_the_first_language_is_kept_and_nothing_odd(header: str, tag: str) -> None:
    assert first_language(header) == tag


@given(st.lists(st.tuples(st.sampled_from([b"cookie", b"host", b"sec-gpc", b"x"]), st.binary(max_size=40))))
def test_any_headers_are_read_without_an_exception(headers: list[tuple[bytes, bytes]]) -> None:
    arrival = read(scope(*headers, scheme="http"))
    assert arrival.secure in (True, False)
    assert is_loopback(arrival.headers.get(b"host", b"")) is not arrival.secure


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"host", b"a")],
        [(b"host", b"a"), (b"cookie", b"a=1")],
        [(b"cookie", b"a=1"), (b"host", b"a"), (b"cookie", b"b=2")],
        [(b"accept", b"1"), (b"host", b"a"), (b"accept", b"2"), (b"cookie", b"a=1")],
        [[b"cookie", b"a=1"], [b"host", b"a"]],  # some servers give lists
    ],
)
def test_without_cookies_all_other_headers_stay_as_they_came(headers: list[tuple[bytes, bytes]]) -> None:
    before = list(headers)
    assert without_cookies(headers) == [header for header in headers if header[0] != b"cookie"]
    assert headers == before
