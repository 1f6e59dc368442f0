"""Settings are checked when they load: what cannot hold is named, with its fix."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from footfall.consent.purposes import Cookie, Policy, Purpose
from footfall.sessions.access import Access
from footfall.settings import Settings

KEYS = ["0123456789abcdefghijklmnopqrstuvwxyz"]


def test_keys_are_all_that_must_be_given() -> None:
    settings = Settings(secret_keys=KEYS)
    assert settings.undeclared == "deny"
    assert settings.on_billing == "drop"
    assert settings.consent_lifetime == timedelta(days=182)
    assert settings.visitor_lifetime == timedelta(days=395)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"secret_keys": []}, "secret_keys is empty"),
        ({"site": ""}, "site ''"),
        ({"cookie_prefix": "a b"}, "cookie_prefix 'a b'"),
        ({"undeclared": "maybe"}, "undeclared='maybe'"),
        ({"on_billing": "keep"}, "on_billing='keep'"),
        ({"prefix": "privacy"}, "prefix='privacy'"),
        ({"sign_in_path": "//evil.example"}, "sign_in_path="),
        ({"static": ["static"]}, "static: 'static' is no path"),
        ({"consent_lifetime": timedelta(0)}, "consent_lifetime="),
        ({"remember_lifetime": timedelta(days=401)}, "remember_lifetime="),
        ({"visitor_lifetime": timedelta(days=396)}, "395 days"),
        ({"consent_records_kept": timedelta(days=365)}, "a year"),
        ({"session_idle": timedelta(days=2)}, "session_idle is longer"),
        ({"sessions_per_member": 0}, "sessions_per_member=0"),
        ({"cookies": [Cookie("x", purpose="fun")]}, r"add Purpose\('fun'\)"),
        ({"cookies": [Cookie("footfall-x")]}, "are ours"),
    ],
)
def test_a_setting_that_cannot_hold_is_refused_and_named(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Settings(**{"secret_keys": KEYS, **wrong})


def test_a_misspelt_setting_names_the_nearest_one() -> None:
    with pytest.raises(TypeError, match=r"no setting 'polcy'; did you mean 'policy'\?"):
        Settings(secret_keys=KEYS, polcy=Policy())  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Cookie("a b"), "not a cookie name"),
        (lambda: Cookie("a", lifetime=timedelta(days=401)), "0 to 400 days"),
        (lambda: Purpose("Fun Stuff"), "lower-case word"),
        (lambda: Policy(version=0), "policy version 0"),
        (lambda: Access("account"), "begins with /"),
        (lambda: Access("/a/*/b"), "only at the end"),
        (lambda: Access("/a", fresh=timedelta(0)), "lets nobody in"),
    ],
)
def test_a_declaration_that_cannot_hold_is_refused_where_it_is_written(make: Any, says: str) -> None:
    """RFC 6265bis: refused when settings load, not in production."""
    with pytest.raises(ValueError, match=says):
        make()


def test_from_env_reads_keys_and_store_and_code_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTFALL_SECRET_KEYS", f"{KEYS[0]}, another-key-0123456789-abcdefghij")
    monkeypatch.setenv("FOOTFALL_STORE", "sqlite:///elsewhere.db")
    settings = Settings.from_env(site="shop")
    assert list(settings.secret_keys) == [KEYS[0], "another-key-0123456789-abcdefghij"]
    assert settings.store == "sqlite:///elsewhere.db"
    assert Settings.from_env(store="sqlite:///mine.db").store == "sqlite:///mine.db"


def test_from_env_without_keys_says_how_to_make_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FOOTFALL_SECRET_KEYS", raising=False)
    with pytest.raises(ValueError, match=r"secrets\.token_urlsafe"):
        Settings.from_env()
