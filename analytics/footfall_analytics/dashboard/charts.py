"""Charts as plain SVG, drawn by pygal and dressed by our own style sheet: no script and no colour of its own.

So they follow light and dark, need no permission of a Content-Security-Policy, and are there without JavaScript.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from footfall_analytics.dashboard.figures import short

_SVG = "http://www.w3.org/2000/svg"

#: A wide screen and a telephone get a drawing each, so that the words on it can be read: width, height, labels.
_SIZES = {"wide": (960, 260, 8), "narrow": (400, 230, 4)}


class ChartsMissing(ImportError):  # noqa: N818  (a name that says what is wrong)
    """pygal, which draws the charts, is not installed."""

    def __init__(self) -> None:
        super().__init__("the dashboard draws with pygal, which is not installed; pip install 'footfall[dashboard]'")


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its name, and a value for each point; ``None`` is a gap."""

    name: str
    values: Sequence[float | None]


def require_charts() -> None:
    """Raises ChartsMissing where nothing can be drawn: when the app is made, and not when somebody looks."""
    _pygal()


def _pygal() -> Any:
    """The library, without the import hook for its plugins, which newer Pythons warn of at every import."""
    try:
        import pygal
    except ImportError:
        raise ChartsMissing from None
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]
    return pygal


def line(title: str, labels: Sequence[str], now: Series, before: Series | None = None) -> str:
    """A line over time, with the period before it dashed. ``title`` says it to who cannot see it."""

    def draw(size: str) -> Any:
        chart = _pygal().Line(show_dots=True, dots_size=2.5, **_plain(size, labels))
        chart.add("before", list(before.values) if before else [None] * len(labels))
        chart.add("area", list(now.values), fill=True, show_dots=False)
        chart.add("now", list(now.values))
        return chart

    return _drawn(draw, title, labels, [now, before] if before else [now])


def bars(title: str, labels: Sequence[str], now: Series) -> str:
    """Bars over time."""

    def draw(size: str) -> Any:
        chart = _pygal().Bar(rounded_bars=2, spacing=2, **_plain(size, labels))
        chart.add("now", list(now.values))
        return chart

    return _drawn(draw, title, labels, [now])


def _plain(size: str, labels: Sequence[str]) -> dict[str, Any]:
    width, height, most = _SIZES[size]
    every = -(-len(labels) // most)
    return {
        "width": width,
        "height": height,
        "margin": 6,
        "css": [],
        "js": [],
        "show_legend": False,
        "disable_xml_declaration": True,
        "max_scale": 5,
        "include_x_axis": True,
        "show_x_guides": False,
        "truncate_label": -1,
        "x_labels": list(labels),
        "x_labels_major": list(labels)[::every] or None,
        "show_minor_x_labels": False,
        "value_formatter": short,
    }


def _drawn(draw: Callable[[str], Any], title: str, labels: Sequence[str], series: Sequence[Series]) -> str:
    return "".join(_finished(draw(size), f"chart {size}", title, labels, series) for size in _SIZES)


def _finished(chart: Any, kind: str, title: str, labels: Sequence[str], series: Sequence[Series]) -> str:
    drawn = ElementTree.fromstring(chart.render(is_unicode=True))  # noqa: S314  (pygal's own)
    for parent in list(drawn.iter()):
        for child in list(parent):
            if child.tag in (f"{{{_SVG}}}defs", f"{{{_SVG}}}title", f"{{{_SVG}}}desc") or _is_overlay(child):
                parent.remove(child)
        parent.attrib.pop("style", None)
    drawn.attrib.pop("id", None)
    drawn.attrib |= {"class": kind, "role": "img", "aria-label": title}
    _add_readings(drawn, labels, series)
    ElementTree.register_namespace("", _SVG)
    return ElementTree.tostring(drawn, encoding="unicode")


def _is_overlay(element: ElementTree.Element) -> bool:
    """What only pygal's own script would fill."""
    return element.get("class", "").startswith(("plot text-overlay", "plot tooltip-overlay", "titles"))


def _add_readings(drawn: ElementTree.Element, labels: Sequence[str], series: Sequence[Series]) -> None:
    """Over each point a strip as high as the chart, whose title says the figures: there is no need to aim."""
    plot = next((one for one in drawn.iter(f"{{{_SVG}}}g") if one.get("class") == "plot"), None)
    if plot is None or not labels:
        return
    ground = next(one for one in plot if one.get("class") == "background")
    width, height = float(ground.get("width", "0")), float(ground.get("height", "0"))
    step = width / len(labels)
    for index, label in enumerate(labels):
        strip = ElementTree.SubElement(
            plot,
            f"{{{_SVG}}}rect",
            {
                "class": "reading",
                "x": f"{index * step:.1f}",
                "y": "0",
                "width": f"{step:.1f}",
                "height": f"{height:.0f}",
            },
        )
        ElementTree.SubElement(strip, f"{{{_SVG}}}title").text = _reading(label, index, series)


def _reading(label: str, index: int, series: Sequence[Series]) -> str:
    values = [(one.name, one.values[index] if index < len(one.values) else None) for one in series]
    said = ", ".join(f"{name} {value:,g}" for name, value in values if value is not None)
    return f"{label}: {said}" if said else label
