"""Payment cards in the order form: checked, masked, never echoed."""

from datetime import date

import pytest

from examples.reading_room.cards import complaints, digits_of, masked, passes_luhn

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize("number", ["4111111111111111", "5555555555554444", "378282246310005", "6011111111111117"])
def test_published_test_numbers_pass(number: str) -> None:
    assert passes_luhn(number)


@pytest.mark.parametrize("position", range(16))
def test_one_wrong_digit_never_passes(position: int) -> None:
    """ISO/IEC 7812-1 annex B: the check digit finds every single error."""
    digits = list("4111111111111111")
    for wrong in set("0123456789") - {digits[position]}:
        assert not passes_luhn("".join([*digits[:position], wrong, *digits[position + 1 :]]))


@pytest.mark.parametrize("typed", ["4111 1111 1111 1111", "4111-1111-1111-1111", " 4111111111111111 "])
def test_spaces_and_dashes_do_not_matter(typed: str) -> None:
    assert digits_of(typed) == "4111111111111111"


@pytest.mark.parametrize("typed", ["", "4111", "4" * 20, "４１１１１１１１１１１１１１１１", "4111 1111 1111 111x"])
def test_what_cannot_be_a_card_is_told_so(typed: str) -> None:
    found = complaints(typed, "04/29", "123", TODAY)
    assert found == {"number": "Enter the card number: 12 to 19 digits, with or without spaces."}


def test_a_complaint_never_repeats_the_number() -> None:
    found = complaints("4111 1111 1111 1112", "13/29", "12", TODAY)
    assert set(found) == {"number", "expiry", "code"}
    assert not any(digit in words for words in found.values() for digit in ("4111", "1112"))


@pytest.mark.parametrize(("expiry", "fine"), [("11/26", True), ("10/26", False), ("01/2027", True), ("1/27", False)])
def test_a_card_is_good_until_the_end_of_its_month(expiry: str, fine: bool) -> None:
    assert ("expiry" not in complaints("4111111111111111", expiry, "123", TODAY)) is fine


def test_four_digits_are_shown_and_no_more() -> None:
    assert masked("4111111111111111") == "•••• 1111"
