"""Bounded work for any input: no bomb, no blow-up, no recursion limit, never an exception."""

from __future__ import annotations

import sys
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.guard.billing import (
    find_billing_data,
    find_in_mapping,
    find_in_pair,
    find_in_response,
    find_in_text,
    scrub,
)
from footfall.guard.billing.inspection import LONGEST_TEXT, MOST_WORK
from footfall.guard.billing.set_cookie import inspect_set_cookie
from footfall.guard.secrets import scrub_path, scrub_query, scrub_url
from tests.guard.billing.hostile import hostile_values

#: What the look that crosses the limit may still do: one text, and what one stream inflates to.
LAST_LOOK = LONGEST_TEXT + 32_768

soup = st.text(max_size=400) | st.text(alphabet="0123456789 -.=&%;:{}[]\"'\\,abcdefABCDEF+/_|<>", max_size=600)
json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.binary(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize("trick", list(hostile_values()))
def test_a_hostile_value_is_left_after_a_bounded_amount_of_work(trick: str) -> None:
    inspection = inspect_set_cookie(f"x={hostile_values()[trick]}; Path=/")
    assert inspection.work <= MOST_WORK + LAST_LOOK


@pytest.mark.parametrize("trick", [name for name in hostile_values() if "bomb" in name])
def test_a_decompression_bomb_takes_little_memory(trick: str) -> None:
    line = f"x={hostile_values()[trick]}"
    find_billing_data(line)  # what is made once and kept is not the bomb's
    tracemalloc.start()
    try:
        find_billing_data(line)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1_500_000


def test_nesting_does_not_reach_the_recursion_limit() -> None:
    limit = sys.getrecursionlimit()
    deep: dict[str, object] = {}
    inner = deep
    for _ in range(2 * limit):
        inner["a"] = {}
        inner = inner["a"]  # type: ignore[assignment]
    inner["card"] = "4111111111111111"
    assert [finding.kind for finding in find_in_mapping(deep)] in ([], ["card_number"])
    find_billing_data("x=" + '{"a":' * limit + "}" * limit)


def test_a_mapping_that_holds_itself_ends() -> None:
    loop: dict[str, object] = {}
    loop["self"] = loop
    loop["cvv"] = "123"
    assert [finding.kind for finding in find_in_mapping(loop)] == ["security_code"]


def test_findings_of_one_cookie_are_bounded() -> None:
    many = "&".join(f"cvv{n}={100 + n}" for n in range(99))
    assert len(find_billing_data(f"x={many}")) < 50


@settings(max_examples=150, deadline=None)
@given(soup, soup)
def test_any_header_is_read_without_an_exception(name: str, value: str) -> None:
    for finding in find_billing_data(f"{name}={value}") + find_in_pair(name, value):
        assert len(finding.last) <= 2
    find_in_response([f"{name}0={value}", f"{name}1={value}", value])


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.text(max_size=12), json_like, max_size=5))
def test_any_session_is_read_without_an_exception(data: dict[str, object]) -> None:
    find_in_mapping(data)


@settings(max_examples=150, deadline=None)
@given(soup)
def test_any_text_is_scrubbed_without_an_exception_and_scrubbing_again_changes_nothing(text: str) -> None:
    for scrubber in (scrub, scrub_path, scrub_query, scrub_url):
        once = scrubber(text)
        assert scrubber(once) == once
    assert find_in_text(scrub(text)) == []


@pytest.mark.parametrize("trick", list(hostile_values()))
def test_hostile_texts_are_scrubbed_once_and_for_all(trick: str) -> None:
    value = hostile_values()[trick]
    for scrubber in (scrub, scrub_path, scrub_query, scrub_url):
        once = scrubber(value)
        assert scrubber(once) == once
