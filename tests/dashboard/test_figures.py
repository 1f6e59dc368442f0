"""Figures as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from footfall_analytics.dashboard import figures


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (999, "999"), (1000, "1k"), (1234, "1.2k"), (999_999, "1M"), (8.25, "8.2"), (2e9, "2G")],
)
def test_a_number_at_a_glance(number: float, text: str) -> None:
    assert figures.short(number) == text


@pytest.mark.parametrize(("seconds", "text"), [(0, "0s"), (59.6, "1m 00s"), (94, "1m 34s"), (3700, "1h 01m")])
def test_a_length_of_time(seconds: float, text: str) -> None:
    assert figures.duration(seconds) == text


@pytest.mark.parametrize(
    ("part", "text"), [(None, ""), (0.25, "+25 %"), (-0.5, "−50 %"), (0.001, "±0 %"), (-0.001, "±0 %"), (11.0, "×12")]
)
def test_a_change(part: float | None, text: str) -> None:
    assert figures.change(part) == text


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ("visits", 1234, "1,234"),
        ("bounce_share", 0.123, "12.3 %"),
        ("visits_change", -0.5, "−50 %"),
        ("median_seconds", 94, "1m 34s"),
        ("last_seen", datetime(2026, 11, 24, 9, 5, tzinfo=UTC), "2026-11-24 09:05"),
        ("cohort", date(2026, 11, 23), "2026-11-23"),
        ("declared", True, "yes"),
        ("share_3", None, "–"),
        ("p50_ms", 1.25, "1.2"),
    ],
)
def test_a_cell(column: str, value: object, text: str) -> None:
    assert figures.cell(column, value) == text
