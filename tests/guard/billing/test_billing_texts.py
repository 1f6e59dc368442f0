"""Sessions, responses of several cookies, and texts that are kept."""

from __future__ import annotations

import pytest

from footfall.guard.billing import find_in_mapping, find_in_response, find_in_text, scrub
from tests.guard.billing.wrappings import b64, chunked

VISA = "4111111111111111"


def test_a_session_is_read_with_its_keys() -> None:
    """What is encrypted on its way out is seen before it is stored."""
    findings = find_in_mapping({"user": 7, "checkout": {"card": {"number": VISA, "cvc": 123}}})
    assert {(finding.kind, finding.path) for finding in findings} == {
        ("card_number", "session>checkout>card>number"),
        ("security_code", "session>checkout>card>cvc"),
    }


def test_a_session_may_hold_bytes_tuples_and_objects() -> None:
    data = {"a": (1, VISA.encode()), "b": object(), "c": 1.5, "d": {1: 2}, "e": None}
    assert [finding.kind for finding in find_in_mapping(data)] == ["card_number"]
    assert find_in_mapping({"ids": [1, 2, 3], "name": "Jane"}) == []


@pytest.mark.parametrize("style", ["s.{}", "s_{}", "s-{}", "sC{}", "s{}", "s[{}]", "s.0{}"])
def test_chunks_of_one_value_are_read_joined(style: str) -> None:
    pieces = chunked(b64(f'{{"a":"{"w" * 30}","card":"{VISA}"}}'), 25)
    cookies = [f"{style.format(number)}={piece}; Path=/" for number, piece in enumerate(pieces, 1)]
    found = find_in_response([*reversed(cookies), "theme=dark"])
    assert [[finding.path for finding in findings] for findings in found] == [
        *[["chunks>base64>json>card"]] * len(pieces),
        [],
    ]


def test_the_first_chunk_may_go_without_a_number() -> None:
    value = b64(VISA)
    assert all(find_in_response([f"s={value[:8]}", f"s.1={value[8:]}"]))


def test_what_one_cookie_holds_is_no_finding_of_its_numbered_neighbours() -> None:
    found = find_in_response(["a_1=blue", f"a_2={VISA}", "a_3=green"])
    assert [bool(findings) for findings in found] == [False, True, False]


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("hello world, this is 2024", "hello world, this is 2024"),
        ("my card is 4111 1111 1111 1111, thanks", "my card is [billing], thanks"),
        (f"{VISA} and 5555555555554444", "[billing] and [billing]"),
        ("IBAN DE89 3704 0044 0532 0130 00 please", "IBAN [billing] please"),
        ("４１１１１１１１１１１１１１１１!", "[billing]!"),
        (f"see {b64(VISA)} there", "see [billing] there"),
        ("plan=pro, cvv=123", "[billing]"),
        ("order 112-1234567-1234567 at 1700000000000", "order 112-1234567-1234567 at 1700000000000"),
        ("", ""),
    ],
)
def test_billing_data_is_cut_out_of_a_text_and_the_rest_stays(text: str, scrubbed: str) -> None:
    assert scrub(text) == scrubbed
    assert find_in_text(scrubbed) == []
