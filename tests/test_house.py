"""The house: imports run one way, nothing of ours is private that others need, and the types are shipped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import footfall
import footfall_analytics

ROOT = Path(__file__).parents[1]
SOURCES = sorted([*(ROOT / "middleware").rglob("*.py"), *(ROOT / "analytics").rglob("*.py")])


def test_footfall_never_imports_the_analysts_half() -> None:
    wrong = [path for path in (ROOT / "middleware").rglob("*.py") if "footfall_analytics" in _imports(path)]
    assert wrong == []


@pytest.mark.parametrize("name", ["Footfall", "Settings", "Cookie", "Purpose", "Policy", "Access"])
def test_the_fixed_names_are_exported(name: str) -> None:
    assert name in footfall.__all__
    assert hasattr(footfall, name)


def test_everything_exported_exists() -> None:
    for module in (footfall, footfall_analytics):
        assert [name for name in module.__all__ if not hasattr(module, name)] == []
    assert "ClickHouse" in footfall_analytics.__all__


def test_both_packages_ship_their_types() -> None:
    assert (ROOT / "middleware/footfall/py.typed").exists()
    assert (ROOT / "analytics/footfall_analytics/py.typed").exists()


def test_no_file_of_the_packages_is_longer_than_300_lines() -> None:
    long = {path.name: lines for path in SOURCES if (lines := len(path.read_text().splitlines())) > 300}
    assert long == {}


@pytest.mark.parametrize("name", ["utils", "helpers", "manager", "misc"])
def test_no_module_is_a_drawer(name: str) -> None:
    assert [path for path in SOURCES if path.stem == name] == []


def test_no_page_of_ours_asks_another_host_for_anything() -> None:
    """Promise 10: no third-party request leaves any page of ours."""
    pages = [path for kind in ("html", "css", "js") for path in (ROOT / "middleware").rglob(f"*.{kind}")]
    assert pages
    assert [
        path.name for path in pages if re.search(r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//""", path.read_text())
    ] == []


def _imports(path: Path) -> str:
    return "\n".join(re.findall(r"^\s*(?:from|import) .*", path.read_text(), re.MULTILINE))
