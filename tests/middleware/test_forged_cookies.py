"""Mutated cookies through the whole middleware, briefly; ``make soak`` does it at length (ASVS 7.2.1)."""

from __future__ import annotations

import asyncio
import logging
import random

import pytest

from soak import cookies


def test_forged_cookies_are_never_a_server_error_and_open_no_session(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "footfall")
    seen = asyncio.run(cookies.run(1_500, random.Random(7)))
    assert set(seen) == {("/", 200), ("/members", 303)}


def test_a_cookie_that_opened_something_would_be_noticed() -> None:
    with pytest.raises(AssertionError):
        cookies.check("/members", 200, b'{"member":"ada","session":{}}', [])
    with pytest.raises(AssertionError):
        cookies.check("/", 200, cookies.NOBODY, ["__Host-footfall-session=x; Path=/"])
