"""The colours: readable in both themes (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re

import pytest

from examples.reading_room.library import HERE

_TOKEN = re.compile(r"--(\w[\w-]*): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
COLOURS = {name: (light, dark) for name, light, dark in _TOKEN.findall((HERE / "static" / "style.css").read_text())}

TEXT = [
    *((text, ground) for text in ("ink", "faded", "green", "brass", "red") for ground in ("paper", "sheet", "wash")),
    ("on-green", "green"),
]
EDGES = [(edge, ground) for edge in ("field", "red", "brass", "green") for ground in ("paper", "sheet")]


def luminance(colour: str) -> float:
    """WCAG 2.2's relative luminance."""
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lower, upper = sorted((luminance(one), luminance(other)))
    return (upper + 0.05) / (lower + 0.05)


def test_the_measure_of_contrast_is_that_of_the_rule() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read(text: str, ground: str, theme: int) -> None:
    """WCAG 1.4.3: 4.5 to 1."""
    assert contrast(COLOURS[text][theme], COLOURS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_the_edges_of_fields_and_the_focus_can_be_seen(edge: str, ground: str, theme: int) -> None:
    """WCAG 1.4.11 and 2.4.13: 3 to 1."""
    assert contrast(COLOURS[edge][theme], COLOURS[ground][theme]) >= 3
