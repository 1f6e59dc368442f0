"""What an analyst is looking at stands in the address, whole and checked."""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import parse_qsl

import pytest

from footfall_analytics.dashboard.view import View
from footfall_analytics.reports.report import QuestionError

NOW = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)


def read(address: str) -> View:
    return View.read(parse_qsl(address))


@pytest.mark.parametrize(
    "view",
    [
        View(),
        View(period="7d", site="main", compare=False, bots=True, metric="visits"),
        View(period="custom", since="2026-11-01", until="2026-11-03", filters=("country=DE", "path!=/a&b=c")),
        View(tabs=(("pages", "exit"),)),
    ],
)
def test_an_address_is_read_as_the_view_that_wrote_it(view: View) -> None:
    assert read(view.url().removeprefix("?")) == view


def test_the_usual_view_has_the_plainest_address() -> None:
    assert View().url("/analytics/") == "/analytics/"


def test_a_click_filters_by_exactly_that_value() -> None:
    """A path with a star in it is no pattern."""
    assert View().filtered("path", "/a*b\\c").filters == ("path=/a\\*b\\\\c",)
    assert View(filters=("country=DE",)).filtered("country", "DE").filters == ("country=DE",)
    assert View(filters=("country=DE", "path=/x")).unfiltered("country=DE").filters == ("path=/x",)


def test_a_form_adds_its_filter_to_those_that_hold() -> None:
    assert read("where=country=DE&dimension=path&is=not&value=/docs/*").filters == ("country=DE", "path!=/docs/*")


@pytest.mark.parametrize(
    ("period", "since", "until"),
    [
        ("today", date(2026, 11, 25), date(2026, 11, 25)),  # in Berlin it is past midnight
        ("yesterday", date(2026, 11, 24), date(2026, 11, 24)),
        ("7d", date(2026, 11, 19), date(2026, 11, 25)),
        ("12mo", date(2025, 11, 26), date(2026, 11, 25)),
    ],
)
def test_days_are_those_of_the_time_zone(period: str, since: date, until: date) -> None:
    asked = View(period=period).asked(NOW, "Europe/Berlin")
    assert (asked["since"], asked["until"]) == (since, until)


@pytest.mark.parametrize(
    ("period", "by"), [("today", "hour"), ("30d", "day"), ("90d", "day"), ("12mo", "week"), ("all", "month")]
)
def test_the_chart_has_points_that_can_be_told_apart(period: str, by: str) -> None:
    assert View(period=period).by(NOW, "UTC", date(2024, 1, 1)) == by


@pytest.mark.parametrize(
    ("address", "complaint"),
    [
        ("period=fortnight", "period 'fortnight' is none"),
        ("period=custom&since=yesterday&until=2026-11-24", "since 'yesterday' is no date"),
        ("where=planet=Mars", "'planet' is no dimension"),
        ("where=nonsense", "is no filter"),
        ("&".join(f"where=path=/{number}" for number in range(21)), "more than 20 filters"),
        ("where=path=" + "x" * 9000, "longer than any view needs"),
    ],
)
def test_an_address_that_is_none_says_why(address: str, complaint: str) -> None:
    with pytest.raises(QuestionError, match=complaint):
        read(address)
