"""Where a form comes from (ASVS 3.5.1–3.5.3)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.sessions.origin import FORM_LIFETIME, FormToken, same_origin
from footfall.signing import Keyring

KEYS = ["a key for tests that is long enough, and no other use", "an older key for tests, of the same length and use"]
NOW = 1_700_000_000.0


@pytest.mark.parametrize(
    ("site", "verdict"),
    [
        (b"same-origin", True),
        (b"none", True),
        (b"same-site", False),
        (b"cross-site", False),
        (b"", False),
        (b"x", False),
    ],
)
def test_v3_5_1_sec_fetch_site_decides_where_it_is_sent(site: bytes, verdict: bool) -> None:
    """ASVS 3.5.1, 3.5.3: a sibling subdomain is another site too."""
    for origin in ({}, {b"origin": b"https://own.example"}, {b"origin": b"null"}, {b"origin": b"https://evil.example"}):
        assert same_origin({b"sec-fetch-site": site, **origin}, "https", "own.example") is verdict


@pytest.mark.parametrize(
    ("origin", "scheme", "host", "verdict"),
    [
        (b"https://own.example", "https", "own.example", True),
        (b"https://OWN.example", "https", "Own.Example", True),
        (b"https://own.example", "https", "own.example:443", True),
        (b"https://own.example:443", "https", "own.example", True),
        (b"http://localhost:8000", "http", "localhost:8000", True),
        (b"http://[::1]:8000", "http", "[::1]:8000", True),
        (b"https://own.example", "http", "own.example", True),
        (b"https://own.example", "wss", "own.example", True),
        (b"http://localhost:8000", "ws", "localhost:8000", True),
        (b"http://own.example", "https", "own.example", False),
        (b"http://own.example", "wss", "own.example", False),
        (b"https://own.example:8443", "https", "own.example", False),
        (b"https://own.example", "https", "own.example:8443", False),
        (b"https://own.example:80", "https", "own.example", False),
        (b"https://evil.example", "https", "own.example", False),
        (b"https://own.example.evil.example", "https", "own.example", False),
        (b"https://sub.own.example", "https", "own.example", False),
        (b"https://", "https", "", False),
        (b"own.example", "https", "own.example", False),
        (b"file://", "https", "own.example", False),
        (b"chrome-extension://own.example", "https", "own.example", False),
        (b"\xff\xfe", "https", "own.example", False),
    ],
)
def test_v3_5_1_otherwise_origin_decides(origin: bytes, scheme: str, host: str, verdict: bool) -> None:
    """ASVS 3.5.1, 4.4.2."""
    assert same_origin({b"origin": origin}, scheme, host) is verdict


@pytest.mark.parametrize("headers", [{}, {b"origin": b"null"}])
def test_v3_5_2_a_browser_that_says_nothing_is_asked_for_a_token(headers: dict[bytes, bytes]) -> None:
    """ASVS 3.5.2. A sandboxed page of somebody else sends ``null`` as well, so it cannot count as ours."""
    assert same_origin(headers, "https", "own.example") is None


def test_a_form_of_this_host_is_ours_for_its_time() -> None:
    token = FormToken(Keyring(KEYS))
    made = token.make("own.example", NOW)
    assert token.check(made, "OWN.example", NOW + FORM_LIFETIME.total_seconds())
    assert not token.check(made, "own.example", NOW + FORM_LIFETIME.total_seconds() + 1)
    assert not token.check(made, "evil.example", NOW)
    assert not token.check(made, "own.example", NOW - 61)


def test_a_bound_form_is_ours_for_the_one_who_got_it() -> None:
    token = FormToken(Keyring(KEYS))
    made = token.make("own.example", NOW, binding="session-1")
    assert token.check(made, "own.example", NOW, binding="session-1")
    assert not token.check(made, "own.example", NOW, binding="session-2")
    assert not token.check(made, "own.example", NOW)
    assert not token.check(token.make("own.example", NOW), "own.example", NOW, binding="session-1")
    assert not token.check(token.make("a", NOW, binding="bc"), "ab", NOW, binding="c")


def test_a_form_made_before_the_key_was_changed_is_still_ours() -> None:
    made = FormToken(Keyring(KEYS[1:])).make("own.example", NOW)
    assert FormToken(Keyring(KEYS)).check(made, "own.example", NOW)
    assert not FormToken(Keyring(KEYS[:1])).check(made, "own.example", NOW)


def test_v9_2_2_what_was_signed_for_something_else_is_no_form_token() -> None:
    """ASVS 9.2.2: the purpose is in the salt."""
    token = FormToken(Keyring(KEYS))
    content = token.make("own.example", NOW).rpartition(".")[0]
    other = Keyring(KEYS).signer("visitor", str).sign(content)
    assert not token.check(other, "own.example", NOW)


@given(st.text())
def test_whatever_comes_as_a_token_is_no_error(text: str) -> None:
    assert not FormToken(Keyring(KEYS)).check(text, "own.example", NOW)
