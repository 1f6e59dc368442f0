"""The clock of the CPNI rules, day by day."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.consent.approval import Answer, ServedNotice, Standing, standing

DAY = 86_400.0
NOTICE = ServedNotice(0.0, frozenset(("marketing",)))
MAILED = ServedNotice(0.0, frozenset(("marketing",)), by="mail")


def on_day(day: float, *answers: Answer, notices: tuple[ServedNotice, ...] = (NOTICE,)) -> Standing:
    return standing("marketing", notices, answers, day * DAY)


def no(day: float) -> Answer:
    return Answer("marketing", False, day * DAY)


def yes(day: float) -> Answer:
    return Answer("marketing", True, day * DAY)


def served(day: float) -> ServedNotice:
    return ServedNotice(day * DAY, frozenset(("marketing",)))


@pytest.mark.parametrize(("day", "allowed"), [(0, False), (29.99, False), (30, True), (729.99, True)])
def test_silence_counts_as_approval_thirty_days_after_the_notice(day: float, allowed: bool) -> None:
    """47 CFR 64.2008(d)(1)?: wait 30 days after the notice."""
    assert on_day(day).allowed is allowed


@pytest.mark.parametrize(("day", "allowed"), [(30, False), (32.99, False), (33, True)])
def test_a_notice_in_the_mail_counts_from_the_third_day_after_sending(day: float, allowed: bool) -> None:
    """47 CFR 64.2008(d)(1)?: mail counts from the third day after sending."""
    assert on_day(day, notices=(MAILED,)).allowed is allowed


def test_an_opt_out_on_day_thirty_wins() -> None:
    """47 CFR 64.2008(d)(1)?: whoever says no in time has said no."""
    assert on_day(30, no(30)) == Standing(False, "refused")


def test_a_no_and_a_yes_of_the_same_moment_are_a_no() -> None:
    assert not on_day(31, yes(1), no(1)).allowed
    assert not on_day(31, no(1), yes(1)).allowed


@pytest.mark.parametrize("day", [730, 731, 3000])
def test_silence_lapses_after_two_years(day: float) -> None:
    """47 CFR 64.2008(d)(2)?: the notice is repeated every two years, or its approval ends."""
    assert on_day(day) == Standing(False, "lapsed")


def test_a_notice_repeated_in_time_goes_on_without_a_new_wait() -> None:
    """47 CFR 64.2008(d)(2)?"""
    assert on_day(735, notices=(NOTICE, served(725))) == Standing(True, "silence", (725 + 730) * DAY)


@pytest.mark.parametrize(("day", "allowed"), [(760, False), (829.99, False), (830, True)])
def test_a_notice_after_the_lapse_waits_thirty_days_again(day: float, allowed: bool) -> None:
    """47 CFR 64.2008(d)(2)?: lapsed to no until noticed again."""
    assert on_day(day, notices=(NOTICE, served(800))).allowed is allowed


def test_a_notice_shown_every_day_does_not_put_off_the_end_of_the_wait() -> None:
    assert on_day(30, notices=tuple(served(day) for day in range(30))).allowed


@pytest.mark.parametrize("answers", [(), (yes(1),)])
def test_no_approval_without_a_notice_before_it(answers: tuple[Answer, ...]) -> None:
    """47 CFR 64.2008(b): individual notice when soliciting approval."""
    assert on_day(1000, *answers, notices=()) == Standing(False, "no_notice")


def test_a_yes_that_came_before_its_notice_is_none() -> None:
    """47 CFR 64.2008(b)."""
    assert on_day(29, yes(-1)).reason == "waiting"


def test_an_explicit_yes_needs_no_wait() -> None:
    assert on_day(1, yes(1)) == Standing(True, "approved")


@pytest.mark.parametrize(("answer", "allowed"), [(yes(1), True), (no(1), False)])
def test_what_the_customer_said_lasts_until_the_customer_changes_it(answer: Answer, allowed: bool) -> None:
    """47 CFR 64.2007(a)(2): three years change nothing."""
    assert on_day(3 * 365, answer).allowed is allowed
    changed = Answer("marketing", not allowed, 1000 * DAY)
    assert on_day(3 * 365, answer, changed).allowed is not allowed


def test_a_notice_of_other_purposes_is_none() -> None:
    """47 CFR 64.2008(c)(2): the notice describes the purposes."""
    assert standing("research", [NOTICE], [], 100 * DAY).reason == "no_notice"


def test_what_is_dated_in_the_future_makes_no_yes_and_may_make_a_no() -> None:
    """A clock that was wrong must not approve."""
    assert on_day(1, notices=(served(2),)).reason == "no_notice"
    assert on_day(1, yes(2)).reason == "waiting"
    assert on_day(31, no(40)).reason == "refused"


days = st.floats(0, 3000)
some_notices = st.lists(days.map(served), max_size=5)
some_answers = st.lists(st.builds(Answer, st.just("marketing"), st.booleans(), days.map(DAY.__mul__)), max_size=5)


@given(some_notices, some_answers, days)
def test_whatever_happened_a_last_no_is_a_no_and_a_yes_has_a_notice(
    notices: list[ServedNotice], answers: list[Answer], day: float
) -> None:
    found = standing("marketing", notices, answers, day * DAY)
    if found.allowed:
        assert any(notice.at <= day * DAY for notice in notices)
        assert not answers or max(answers, key=lambda answer: answer.at).approved


@given(some_notices, some_answers, days)
def test_a_no_of_now_is_always_the_last_word(notices: list[ServedNotice], answers: list[Answer], day: float) -> None:
    before = [answer for answer in answers if answer.at <= day * DAY]
    assert not standing("marketing", notices, [*before, no(day)], day * DAY).allowed
