"""``footfall doctor --app``: the access rules in their order."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from footfall_analytics.cli.doctor.access import check_access
from footfall_analytics.cli.doctor.check import Check
from tests.analytics.cli_runner import Run, runner

_APP = """
from datetime import timedelta
from starlette.applications import Starlette
from starlette.middleware import Middleware
from footfall import Access, Footfall, Settings

def vips(member):
    return member.id == "ada"

settings = Settings(
    secret_keys=["0123456789abcdefghijklmnopqrstuvwxyz"],
    access=[
        Access("/members/help"),
        Access("/members/*", member=True),
        Access("/desk", role="librarian", fresh=timedelta(minutes=10)),
        Access("/vip/*", check=vips),
        Access("/members/secret", role="admin"),
    ],
)
app = Starlette(middleware=[Middleware(Footfall, settings=settings)])
wrapped = Footfall(Starlette(), settings=settings)
bare = Starlette()
"""


@pytest.fixture(autouse=True)
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "an_app_to_look_at.py").write_text(_APP)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield
    sys.modules.pop("an_app_to_look_at", None)


def checks(name: str) -> list[Check]:
    return list(check_access(f"an_app_to_look_at:{name}"))


@pytest.mark.parametrize("name", ["app", "wrapped", "settings"])
def test_the_rules_are_told_in_their_order(name: str) -> None:
    assert [check.said.partition(", but")[0] for check in checks(name)] == [
        "1. /members/help: open to all",
        "2. /members/*: members",
        "3. /desk: members, with the role librarian, who signed in within 10 minutes",
        "4. /vip/*: members, whom vips lets in",
        "5. /members/secret: members, with the role admin",
        "6. everything else: open to all",
    ]


def test_a_rule_that_no_path_comes_to_is_a_fault() -> None:
    wrong = [check for check in checks("app") if check.ok is False]
    assert [(check.said[:2], check.todo) for check in wrong] == [("5.", "put it before /members/*, or take it out")]


@pytest.mark.parametrize("name", ["bare", "nothing", "app.state.nothing"])
def test_what_is_no_app_is_told_in_a_line(name: str) -> None:
    [check] = checks(name)
    assert (check.ok, check.todo) == (False, "name the app as the server does: module:app")


@pytest.mark.parametrize("name", ["no_such_module:app", "app", ""])
def test_a_name_that_is_none_is_told_in_a_line(name: str) -> None:
    [check] = check_access(name)
    assert check.ok is False


def test_doctor_prints_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run: Run = runner(capsys, monkeypatch)
    place = ("--analytics", f"chdb://{tmp_path}/data", "--store", f"sqlite:///{tmp_path}/store.db")
    ran = run("doctor", *place, "--app", "an_app_to_look_at:app")
    assert (ran.code, "✓ access      2. /members/*: members" in ran.lines) == (1, True)
