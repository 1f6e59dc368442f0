"""The identifier: issued once, never slid, visits counted the same on every worker."""

from __future__ import annotations

import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.visitor import Visitor, arrive, first_visit, from_content, remaining, to_content

HALF_HOUR = 1800.0
NOW = 1_790_000_000.0
DAY = 86_400

visitors = st.builds(
    Visitor,
    id=st.uuids().map(str),
    issued_at=st.integers(1, 2**40),
    visit_number=st.integers(1, 10**6),
    seen_at=st.integers(1, 2**40),
    started_at=st.integers(1, 2**40),
)


def test_a_first_visit_is_number_one_and_not_returning() -> None:
    visitor = first_visit(NOW)
    assert (visitor.visit_number, visitor.returning, visitor.issued_at) == (1, False, int(NOW))
    assert uuid.UUID(visitor.id).version == 4


def test_two_visitors_never_share_an_identifier() -> None:
    assert len({first_visit(NOW).id for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    ("away", "number", "seen_again"),
    [(0, 1, False), (60, 1, False), (61, 1, True), (HALF_HOUR, 1, True), (HALF_HOUR + 1, 2, True)],
)
def test_a_visit_ends_after_half_an_hour_and_the_cookie_changes_once_a_minute(
    away: float, number: int, seen_again: bool
) -> None:
    visitor = first_visit(NOW)
    now_seen = arrive(visitor, NOW + away, HALF_HOUR)
    assert now_seen.visit_number == number
    assert (now_seen is not visitor) == seen_again
    assert now_seen.issued_at == visitor.issued_at


def test_parallel_requests_with_one_cookie_begin_the_same_visit() -> None:
    visitor = first_visit(NOW)
    began = {arrive(visitor, NOW + 7200 + late, HALF_HOUR).visit_number for late in (0, 0.1, 2.5)}
    assert began == {2}


def test_a_visit_keeps_the_time_it_began_however_long_it_goes_on() -> None:
    visitor = first_visit(NOW)
    for minute in range(0, 180, 20):
        visitor = arrive(visitor, NOW + minute * 60, HALF_HOUR)
        assert visitor.started_at == int(NOW)
    assert arrive(visitor, NOW + DAY, HALF_HOUR).started_at == int(NOW + DAY)


def test_a_cookie_of_release_0_1_still_says_the_visitor_and_begins_the_visit_where_it_was_last_seen() -> None:
    visitor = Visitor(str(uuid.uuid4()), 1_700_000_000, 3, 1_700_000_600, 1_700_000_600)
    old = to_content(visitor).rpartition("-")[0]
    assert from_content(old) == visitor


def test_the_identifier_never_slides_past_395_days_from_its_first_issue() -> None:
    """CNIL 2020-091: audience cookies live 13 months at most, from first issue, never renewed."""
    lifetime = 395 * DAY
    visitor = first_visit(NOW)
    for day in range(394):
        visitor = arrive(visitor, NOW + day * DAY, HALF_HOUR)
        assert remaining(visitor, NOW + day * DAY, lifetime) == lifetime - day * DAY
    assert remaining(visitor, NOW + 395 * DAY, lifetime) <= 0


@given(visitors)
def test_content_says_the_same_visitor_again(visitor: Visitor) -> None:
    assert from_content(to_content(visitor)) == visitor


@given(visitors)
def test_content_holds_no_digit_so_no_card_number_can_appear_in_it(visitor: Visitor) -> None:
    assert re.fullmatch(r"[a-p-]+", to_content(visitor))


@given(st.text())
def test_any_other_content_is_nobody_and_never_an_exception(text: str) -> None:
    visitor = from_content(text)
    assert visitor is None or uuid.UUID(visitor.id)
