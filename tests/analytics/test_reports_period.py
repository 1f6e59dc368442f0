"""What --since and --until mean."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from footfall_analytics.reports import QuestionError
from footfall_analytics.reports.period import Period, When, period_of, start_of_day, zone_named

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)  # 10:30 in Berlin
FIRST, LAST = datetime(2015, 5, 17, 10, 5, tzinfo=UTC), datetime(2015, 5, 20, 21, 5, tzinfo=UTC)


def period(since: When | None = None, until: When | None = None, zone: ZoneInfo = BERLIN) -> tuple[str, str]:
    found = period_of(since, until, zone=zone, now=NOW, first=FIRST, last=LAST)
    return found.since.isoformat(), found.until.isoformat()


def test_a_bare_date_begins_at_midnight_in_the_zone() -> None:
    assert period(since="2026-11-01")[0] == "2026-11-01T00:00:00+01:00"


def test_a_bare_date_as_the_end_is_the_whole_day() -> None:
    assert period("2026-11-01", "2026-11-01") == ("2026-11-01T00:00:00+01:00", "2026-11-02T00:00:00+01:00")


def test_a_date_time_as_the_end_is_exclusive() -> None:
    assert period("2026-11-01", "2026-11-01T06:00:00Z")[1] == "2026-11-01T07:00:00+01:00"


def test_a_date_time_without_an_offset_is_in_the_zone() -> None:
    assert period("2026-07-01T10:00")[0] == "2026-07-01T10:00:00+02:00"


@pytest.mark.parametrize(
    ("ago", "since"),
    [("30m", "2026-11-24T10:00:00+01:00"), ("24h", "2026-11-23T10:30:00+01:00"), ("7d", "2026-11-17T10:30:00+01:00")],
)
def test_a_span_is_so_long_ago(ago: str, since: str) -> None:
    assert period(ago) == (since, "2026-11-24T10:30:00+01:00")


def test_a_day_ago_is_24_hours_ago_over_a_change_of_the_clocks() -> None:
    now = datetime(2026, 10, 25, 11, 0, tzinfo=UTC)
    assert period_of("1d", None, zone=BERLIN, now=now).since.isoformat() == "2026-10-24T13:00:00+02:00"


def test_today_and_yesterday_are_days_in_the_zone() -> None:
    auckland = ZoneInfo("Pacific/Auckland")  # 22:30 there
    assert period("today", zone=auckland)[0] == "2026-11-24T00:00:00+13:00"
    assert period("yesterday", "yesterday", zone=auckland) == ("2026-11-23T00:00:00+13:00", "2026-11-24T00:00:00+13:00")


def test_a_day_on_which_the_clocks_change_has_23_or_25_hours() -> None:
    spring = period_of("2026-03-29", "2026-03-29", zone=BERLIN, now=NOW)
    autumn = period_of("2026-10-25", "2026-10-25", zone=BERLIN, now=NOW)
    assert (spring.until.astimezone(UTC) - spring.since.astimezone(UTC)) == timedelta(hours=23)
    assert (autumn.until.astimezone(UTC) - autumn.since.astimezone(UTC)) == timedelta(hours=25)


def test_a_day_without_midnight_begins_with_its_first_hour() -> None:
    assert start_of_day(date(2018, 11, 4), ZoneInfo("America/Sao_Paulo")).isoformat() == "2018-11-04T01:00:00-02:00"


def test_without_a_period_it_is_everything_from_the_first_row_to_the_last() -> None:
    assert period(zone=ZoneInfo("UTC")) == ("2015-05-17T10:05:00+00:00", "2015-05-20T21:05:00.001000+00:00")


def test_with_since_alone_the_end_is_now() -> None:
    assert period("2015-05-18", zone=ZoneInfo("UTC"))[1] == "2026-11-24T09:30:00+00:00"


def test_with_since_alone_rows_of_a_clock_that_ran_ahead_are_in() -> None:
    ahead = NOW + timedelta(hours=1)
    assert period_of("1d", None, zone=BERLIN, now=NOW, first=FIRST, last=ahead).until > ahead


def test_everything_before_a_moment_that_is_before_everything_is_an_empty_period_and_no_error() -> None:
    assert period(until="2015-01-01T00:00Z", zone=ZoneInfo("UTC"))[1] == "2015-01-01T00:00:00+00:00"


def test_moments_may_be_given_in_python() -> None:
    utc = ZoneInfo("UTC")
    assert period(date(2026, 11, 1), date(2026, 11, 2), utc) == (
        "2026-11-01T00:00:00+00:00",
        "2026-11-03T00:00:00+00:00",
    )
    assert period(timedelta(hours=1), zone=utc)[0] == "2026-11-24T08:30:00+00:00"
    assert period(datetime(2026, 11, 1, 5, tzinfo=BERLIN), zone=utc)[0] == "2026-11-01T04:00:00+00:00"


@pytest.mark.parametrize(
    "bad",
    ["", "soon", "7", "7w", "-7d", "2026-13-01", "2026-02-30", "2026-11", "24.11.2026", "1e3d", "999999d", "²d"],
)
def test_what_is_no_moment_is_refused_with_what_would_be_one(bad: str) -> None:
    with pytest.raises(QuestionError, match=r"^since .*give a date"):
        period(bad)


@pytest.mark.parametrize("far", ["1969-12-31", "2200-01-01", "0001-01-01", "9999-12-31T00:00"])
def test_a_moment_that_the_table_cannot_hold_is_refused(far: str) -> None:
    with pytest.raises(QuestionError, match="since"):
        period(far)


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(QuestionError, match="does not come after since"):
        period("2026-11-02", "2026-11-01")


def test_a_start_after_everything_is_refused() -> None:
    with pytest.raises(QuestionError, match="comes after now"):
        period("2027-01-01")


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "/etc/passwd", "Europe/Berlin\0", "a" * 300])
def test_what_is_no_time_zone_is_refused(name: str) -> None:
    with pytest.raises(QuestionError, match="timezone"):
        zone_named(name)


@pytest.mark.parametrize(
    ("since", "until", "shown"),
    [
        ("2026-11-01", "2026-11-30", "2026-11-01 – 2026-11-30 (Europe/Berlin)"),
        ("2026-10-25", "2026-10-25", "2026-10-25 (Europe/Berlin)"),
        ("2026-11-01", "2026-11-01T06:00", "2026-11-01 00:00 – 2026-11-01 06:00 (Europe/Berlin)"),
    ],
)
def test_a_period_is_shown_in_days_where_it_is_of_days(since: str, until: str, shown: str) -> None:
    assert str(period_of(since, until, zone=BERLIN, now=NOW)) == shown


def test_a_period_names_its_two_moments() -> None:
    found = Period(datetime(2026, 11, 1, tzinfo=BERLIN), datetime(2026, 11, 2, tzinfo=BERLIN))
    assert found.between == "2026-11-01 00:00 and 2026-11-02 00:00 (Europe/Berlin)"
