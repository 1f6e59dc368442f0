"""``footfall member``: an administrator sees and ends sessions (ASVS 7.4.5)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from footfall import Members
from tests.analytics.cli_runner import Run, runner
from tests.sessions.sites import Browser, Site, login, write

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    return runner(capsys, monkeypatch)


@pytest.fixture
def site(store_url: str) -> Iterator[Site]:
    site = Site(store_url)
    yield site
    site.close()


def entered(site: Site, member: str = "ada", *, remember: bool = False) -> Browser:
    browser = Browser()
    site.visit(browser, login(member, remember=remember, user_agent=FIREFOX))
    return browser


def test_sessions_lists_devices_and_no_token(run: Run, site: Site) -> None:
    browser = entered(site, remember=True)
    entered(site, "grace")
    ran = run("member", "sessions", "ada", "--store", site.url, "--format", "json")
    assert ran.code == 0
    assert [(row["device"], row["how"], row["remembered"]) for row in ran.json] == [
        ("Firefox on Windows", "login", True)
    ]
    assert not [value for value in browser.jar.values() if value in ran.out]


def test_v7_4_5_one_session_is_ended_by_its_name(run: Run, site: Site) -> None:
    first, second = entered(site), entered(site)
    rows = run("member", "sessions", "ada", "--store", site.url, "--format", "json").json
    ran = run("member", "end-sessions", "ada", "--session", str(rows[0]["session"]), "--store", site.url)
    assert (ran.code, ran.out) == (0, "ended 1 session\n")
    assert [site.member_of(browser) for browser in (first, second)].count("ada") == 1
    again = run("member", "end-sessions", "ada", "--session", str(rows[0]["session"]), "--store", site.url)
    assert (again.code, again.err.count("\n")) == (1, 1)


@pytest.mark.parametrize("nobody", ["", "\udcff", "a" * 257])
@pytest.mark.parametrize("command", [("sessions",), ("end-sessions", "--all")])
def test_an_id_that_is_no_members_is_misuse_and_ends_nobodys_session(
    run: Run, site: Site, command: tuple[str, ...], nobody: str
) -> None:
    """The sessions of visitors who are not signed in have no member's id: an unset variable must not end them."""
    visitor = Browser()
    site.visit(visitor, write(basket=1))
    ran = run("member", *command, nobody, "--store", site.url)
    assert (ran.code, ran.err.count("\n"), "Traceback" in ran.err) == (2, 1, False)
    assert site.visit(visitor).session == {"basket": 1}


def test_v7_4_5_all_sessions_end_on_every_worker_at_once(run: Run, site: Site) -> None:
    ada, grace = [entered(site), entered(site, remember=True)], entered(site, "grace")
    assert run("member", "end-sessions", "ada", "--all", "--store", site.url).out == "ended 2 sessions\n"
    for worker in (0, 1):
        assert [site.member_of(browser, worker=worker) for browser in (*ada, grace)] == [None, None, "grace"]


@pytest.mark.parametrize("options", [(), ("--all", "--session", "x")])
def test_ending_wants_to_be_told_what(run: Run, site: Site, options: tuple[str, ...]) -> None:
    assert run("member", "end-sessions", "ada", *options, "--store", site.url).code == 2


def test_asking_makes_no_store(run: Run, tmp_path: Path) -> None:
    ran = run("member", "sessions", "ada", "--store", f"sqlite:///{tmp_path}/none.db")
    assert (ran.code, ran.err.count("\n"), list(tmp_path.iterdir())) == (1, 1, [])
    assert run("member", "sessions", "ada", "--store", "oracle://x").code == 2


def test_a_store_that_is_none_is_told_in_a_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "store.db").write_text("no database, but long enough to be looked at as if it were one")
    ran = run("member", "sessions", "ada", "--store", f"sqlite:///{tmp_path}/store.db")
    assert (ran.code, ran.err.count("\n")) == (1, 1)


def test_roles_set_by_a_job_act_at_once(site: Site) -> None:
    """ASVS 8.3.2."""
    browser = entered(site)

    async def job() -> None:
        async with Members(site.url) as members:
            await members.set_roles("ada", ["editor"])

    site.run(job())
    member = site.visit(browser, worker=1).member
    assert member is not None
    assert member.roles == {"editor"}
