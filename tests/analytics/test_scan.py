"""``footfall scan``: recorded lines and HAR files in, places of billing data out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from footfall_analytics.scan import MOST_LINES, as_json, scan_har, scan_lines

VISA = "4111111111111111"
CHECKOUT = "checkout=eyJjYXJkIjoiNDExMTExMTExMTExMTExMSJ9; Path=/"
HAR = Path(__file__).parents[1] / "fixtures" / "recorded.har"


def test_a_line_with_a_finding_is_printed_with_its_number_cookie_kind_and_path() -> None:
    (result,) = scan_lines(["theme=dark\n", CHECKOUT + "\n"])
    assert as_json(result) == {
        "line": 2,
        "cookie": "checkout",
        "findings": [{"kind": "card_number", "path": "value>base64>json>card"}],
    }


@pytest.mark.parametrize("prefix", ["", "Set-Cookie: ", "set-cookie:", "SET-COOKIE :  "])
def test_the_header_name_may_stand_in_front(prefix: str) -> None:
    (result,) = scan_lines([f"{prefix}uid={VISA}; Path=/\r\n"])
    assert (result.line, result.cookie) == (1, "uid")


def test_consecutive_lines_are_one_response_and_a_blank_line_ends_it() -> None:
    chunks = ["s.0=NDExMTExMTEx", "s.1=MTExMTExMQ=="]
    assert [result.line for result in scan_lines(chunks)] == [1, 2]
    assert list(scan_lines([chunks[0], "", chunks[1]])) == []


def test_blank_lines_count() -> None:
    assert [result.line for result in scan_lines(["", "a=1", "  ", "", f"b={VISA}"])] == [5]


def test_a_recording_without_blank_lines_is_read_in_pieces() -> None:
    lines = [f"a={VISA}"] * (2 * MOST_LINES + 1)
    assert [result.line for result in scan_lines(lines)] == list(range(1, len(lines) + 1))


def test_nothing_found_prints_nothing() -> None:
    assert list(scan_lines([])) == []
    assert list(scan_lines(["theme=dark; Path=/", "_ga=GA1.2.1234567890.1700000000"])) == []


def test_the_responses_of_a_har_file_are_read_with_their_entries_and_scrubbed_urls() -> None:
    results = [as_json(result) for result in scan_har(json.loads(HAR.read_text()))]
    assert results == [
        {
            "line": 2,
            "cookie": "checkout",
            "findings": [{"kind": "card_number", "path": "value>base64>json>card"}],
            "url": "https://shop.example/pay?token=[secret]&step=2",
        },
        {
            "line": 3,
            "cookie": "last",
            "findings": [{"kind": "security_code", "path": "value>pairs>cvv"}],
            "url": "https://shop.example/done",
        },
    ]


@pytest.mark.parametrize("document", [None, [], {}, {"log": {}}, {"log": {"entries": {}}}])
def test_what_is_no_har_file_is_refused_with_what_to_do(document: object) -> None:
    with pytest.raises(ValueError, match="export one"):
        list(scan_har(document))


def test_a_broken_entry_of_a_har_file_is_passed_over() -> None:
    entries: list[object] = [
        None,
        {"response": []},
        {"response": {"headers": [3, {"name": "Set-Cookie", "value": f"a={VISA}"}]}},
    ]
    assert [result.line for result in scan_har({"log": {"entries": entries}})] == [3]
