"""README and developers' guide: their code runs, and what they point at is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
KEY = "0123456789abcdefghijklmnopqrstuvwxyz"


def code(path: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("guide", ["README.md", "docs/developers.md"])
def test_the_python_code_of_the_guide_runs_as_it_is_written(guide: str, tmp_path: Path) -> None:
    program = "\n".join(code(ROOT / guide, "python"))
    environment = {**os.environ, "FOOTFALL_SECRET_KEYS": KEY}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_app_of_the_readme_answers_and_asks(tmp_path: Path) -> None:
    program = (
        "\n".join(code(ROOT / "README.md", "python"))
        + """
from starlette.testclient import TestClient
with TestClient(app, base_url="https://site.example") as browser:
    page = browser.get("/").text
    assert "<h1>Welcome</h1>" in page and ">Reject all</button>" in page
"""
    )
    environment = {**os.environ, "FOOTFALL_SECRET_KEYS": KEY}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert list((tmp_path / "footfall-data" / "journal").glob("*"))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_every_link_into_the_project_leads_somewhere(guide: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", guide.read_text(encoding="utf-8"))
    missing = [link for link in links if not (guide.parent / link).exists()]
    assert missing == []


def test_the_make_targets_that_the_readme_names_exist() -> None:
    named = set(re.findall(r"^make (\w+)", "\n".join(code(ROOT / "README.md", "sh")), re.MULTILINE))
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert named == {"demo", "test"}
    assert named <= targets


def test_the_changelog_speaks_of_the_version_that_this_is() -> None:
    import footfall

    versions = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert versions[0] == footfall.__version__
