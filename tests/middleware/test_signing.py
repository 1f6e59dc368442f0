"""Signed values: keys rotate, purposes never mix, and nothing that we did not sign says anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.signing import CookieSigner, Keyring

OLD = "old-key-0123456789-abcdefghijklmnop"
NEW = "new-key-0123456789-abcdefghijklmnop"


def signer(*keys: str, purpose: str = "visitor") -> CookieSigner[str]:
    return Keyring(keys).signer(purpose, str)


def test_a_value_says_what_was_signed() -> None:
    assert signer(NEW).verify(signer(NEW).sign("hello")) == "hello"


def test_after_rotation_old_values_verify_and_new_ones_are_signed_with_the_first_key() -> None:
    rotated = signer(NEW, OLD)
    assert rotated.verify(signer(OLD).sign("hello")) == "hello"
    assert signer(NEW).verify(rotated.sign("hello")) == "hello"
    assert signer(OLD).verify(rotated.sign("hello")) is None


def test_a_value_of_one_purpose_is_nothing_for_another() -> None:
    """ASVS 9.2.2: a visitor cookie is never a session cookie."""
    assert signer(NEW, purpose="consent").verify(signer(NEW, purpose="visitor").sign("hello")) is None


@given(st.text(max_size=60), st.integers(0, 80))
def test_forged_and_tampered_values_say_nothing(text: str, position: int) -> None:
    value = signer(NEW).sign("hello")
    tampered = value[:position] + text + value[position + len(text) :]
    if tampered != value:
        assert signer(NEW).verify(tampered) in (None, "hello")
        assert signer(NEW).verify(text) is None


def test_every_changed_character_of_the_content_is_noticed() -> None:
    value = signer(NEW).sign("hello")
    for position in range(5):
        assert signer(NEW).verify(value[:position] + "X" + value[position + 1 :]) is None


def test_the_memory_of_verified_values_is_bounded() -> None:
    one = signer(NEW)
    for number in range(5000):
        one.verify(one.sign(f"value-{number}"))
    assert len(one._verified) == 4096


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ([], "secret_keys is empty"),
        ("a-string-instead-of-a-list-of-strings", "list of strings"),
        (["short"], "has 5 characters"),
        (["a" * 40], "can be guessed"),
        ([NEW, ""], r"secret_keys\[1\]"),
    ],
)
def test_weak_or_missing_keys_are_refused_with_the_command_that_makes_one(keys: list[str], says: str) -> None:
    with pytest.raises(ValueError, match=says) as caught:
        Keyring(keys)
    assert not any(key and key in str(caught.value) for key in keys if len(key) > 8)
