"""Figures as people read them. Pure."""

from __future__ import annotations

from datetime import date, datetime

_THOUSANDS = ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k"))
_MINUTE, _HOUR = 60, 3600

#: Columns of shares and of times, by the ends of their names.
_SHARES = ("_share", "_change", "share", "score")
_LARGE_SHARES = 10  # from ten times on it is said so


def short(number: float) -> str:
    """``1234`` → "1.2k": at a glance."""
    for size, letter in _THOUSANDS:
        if abs(number) >= size * 0.99995:
            return f"{number / size:.1f}".removesuffix(".0") + letter
    return f"{number:,.0f}" if number == int(number) else f"{number:,.1f}"


def duration(seconds: float) -> str:
    """``94`` → "1m 34s"."""
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole}s"
    if whole < _HOUR:
        return f"{whole // _MINUTE}m {whole % _MINUTE:02}s"
    return f"{whole // _HOUR}h {whole % _HOUR // _MINUTE:02}m"


def share(part: float) -> str:
    """``0.123`` → "12.3 %"."""
    return f"{part * 100:.1f}".removesuffix(".0") + " %"


def change(part: float | None) -> str:
    """``0.25`` → "+25 %"; "" where there was nothing to compare with."""
    if part is None:
        return ""
    if part >= _LARGE_SHARES:
        return f"×{part + 1:,.0f}"
    return f"{part * 100:+.0f} %".replace("-", "−").replace("+0 %", "±0 %").replace("−0 %", "±0 %")


def cell(column: str, value: object) -> str:
    """A cell of a table."""
    match value:
        case None:
            return "–"
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case bool():
            return "yes" if value else "no"
        case int() | float() if column.endswith(_SHARES) or column.startswith("share_"):
            return change(value) if column.endswith("_change") else share(value)
        case int() | float() if column.endswith("seconds"):
            return duration(value)
        case float():
            return f"{value:,.1f}"
        case int():
            return f"{value:,}"
    return str(value)


def glance(column: str, value: object) -> str:
    """A cell of a panel, where there is little room: of a time only the day."""
    return f"{value.day} {value.strftime('%b')}" if isinstance(value, datetime) else cell(column, value)


def heading(column: str) -> str:
    """``page_views`` → "Page views"; a change stands beside what changed."""
    if column.endswith("_change"):
        return "Change"
    words = column.replace("_", " ")
    words = words.replace(" ms", " (ms)").replace("share ", "after ") if words.startswith("share ") else words
    return words[:1].upper() + words[1:]


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def moment(start: object, by: str) -> str:
    """The label of a point in time on the chart."""
    match start:
        case datetime():
            return start.strftime("%H:%M")
        case date() if by == "month":
            return start.strftime("%b %Y")
        case date():
            return f"{start.day} {start.strftime('%b')}"
    return str(start)
