"""The main job, in a real browser against four workers, and then row by row in ClickHouse."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page
from reading_room_browser import (
    OpenBrowser,
    answer,
    choose_on_the_privacy_page,
    cookie_names,
    download,
    is_asked,
    search,
    sign_in,
)
from running_site import RunningSite

pytestmark = pytest.mark.browser

ROWS = """
SELECT kind, path, name, visitor_id, visit_number, member_id, member_how, linked_member_id, ip
FROM footfall.member_events WHERE kind IN ('page_view', 'document', 'database') ORDER BY time, kind DESC
"""  # a page view has the time of its arrival, and what was used on it comes after
NOBODYS = "SELECT * FROM footfall.events WHERE visitor_id = toUUID('00000000-0000-0000-0000-000000000000')"
NOBODY = "00000000-0000-0000-0000-000000000000"
#: What a page that asked says of its notice: the site's words, in one of its languages; nothing of who looked.
NOTICE_FACTS = {"asked": "analytics marketing preferences", "layer": "notice", "language": "en", "regime": "opt-in"}

Used = tuple[str, str, str]  # kind, path, name


@dataclass
class Journey:
    """A visitor on their way, and what the tables ought to hold of it."""

    site: RunningSite
    page: Page
    scripts: bool
    unknown: list[Used] = field(default_factory=list)  # what nobody in particular looked at
    known: list[Used] = field(default_factory=list)  # what this visitor used, in order
    members: list[str] = field(default_factory=list)  # how they were signed in at each of these

    def goes_to(self, path: str, *, how: str | None = None, lands_on: str = "") -> None:
        """Look at a page; ``how`` is "", "login" or "remembered" once the visitor agreed."""
        self.page.goto(self.site.url + path)
        self.saw(lands_on or path, how=how)

    def saw(self, path: str, *, how: str | None = None) -> None:
        self.used("page_view", path, "", how=how)

    def used(self, kind: str, path: str, name: str, *, how: str | None = None) -> None:
        row = (kind, path.partition("?")[0], name)
        if how is None:
            self.unknown.append(row)
        else:
            self.known.append(row)
            self.members.append(how)

    def cookies(self) -> set[str]:
        return cookie_names(self.page.context)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_main_job_end_to_end(site: RunningSite, open_browser: OpenBrowser, scripts: bool) -> None:
    """Asked, refuses, agrees, uses, signs in, is remembered, forgets; each view is one row of the right person."""
    browser = open_browser(java_script_enabled=scripts)
    journey = Journey(site, browser.pages[0], scripts)
    arrives_and_refuses(journey)
    agrees_after_all(journey)
    uses_the_library_and_signs_in(journey)
    browser.close()
    journey.page = open_browser(java_script_enabled=scripts).pages[0]
    is_recognised_after_the_restart(journey)
    deletes_all_cookies(journey)

    expected = len(journey.known) + len(journey.unknown)
    has_the_right_rows(journey, site.wait_for(ROWS, expected))
    site.stop()
    has_the_right_rows(journey, site.ask(ROWS))
    says_nothing_of_anybody(site.ask(NOBODYS))
    assert addresses_in(site) == []


def arrives_and_refuses(journey: Journey) -> None:
    for path in ("/", "/articles"):
        journey.goes_to(path)
        assert is_asked(journey.page)
        assert journey.cookies() == set()
    answer(journey.page, "Reject all")
    if not journey.scripts:
        journey.saw("/articles")  # the form leads back to it
    for path in ("/articles/the-quiet-hour", "/documents"):
        journey.goes_to(path)
        assert not is_asked(journey.page)
        assert journey.cookies() == {"footfall-consent"}


def agrees_after_all(journey: Journey) -> None:
    journey.saw("/privacy")
    choose_on_the_privacy_page(journey.page, "Accept all")
    journey.saw("/privacy", how="")
    assert journey.cookies() == {"footfall-consent", "footfall-visitor"}


def uses_the_library_and_signs_in(journey: Journey) -> None:
    page = journey.page
    journey.goes_to("/articles/in-the-margin", how="")
    journey.goes_to("/documents", how="")
    assert download(page, "The reader’s guide").startswith(b"%PDF-")
    journey.used("document", "/documents/readers-guide.pdf", "readers-guide.pdf", how="")
    journey.goes_to("/databases/periodicals-index", lands_on="/sign-in", how="")
    sign_in(page, remember=True)
    journey.saw("/databases/periodicals-index", how="login")
    search(page, "1931")
    assert page.get_by_role("status").inner_text().startswith("2 entries")
    journey.saw("/databases/periodicals-index", how="login")
    journey.used("database", "/databases/periodicals-index", "periodicals-index", how="login")
    assert {"footfall-session", "footfall-remember"} <= journey.cookies()


def is_recognised_after_the_restart(journey: Journey) -> None:
    assert "footfall-session" not in journey.cookies()
    journey.goes_to("/members", how="remembered")
    assert "We knew you at the door" in journey.page.locator("main").inner_text()
    journey.goes_to("/", how="remembered")
    assert not is_asked(journey.page)
    journey.goes_to("/account/password", lands_on="/sign-in", how="remembered")
    assert "Sign in again" in journey.page.locator("h1").inner_text()


def deletes_all_cookies(journey: Journey) -> None:
    journey.page.context.clear_cookies()
    journey.goes_to("/articles/the-quiet-hour")
    assert is_asked(journey.page)
    journey.goes_to("/without-cookies")
    assert "You are not recognised when you come back." in journey.page.locator("main").inner_text()
    journey.goes_to("/members", lands_on="/sign-in")
    assert journey.cookies() == set()


def has_the_right_rows(journey: Journey, rows: list[dict[str, Any]]) -> None:
    unknown = [row for row in rows if row["visitor_id"] == NOBODY]
    known = [row for row in rows if row["visitor_id"] != NOBODY]
    assert [used(row) for row in known] == journey.known
    assert [row["member_how"] for row in known] == journey.members
    assert {row["linked_member_id"] for row in known} == {"ada"}
    assert {row["visit_number"] for row in known} == {1}
    assert len({row["visitor_id"] for row in known}) == 1
    assert {row["ip"] for row in known} == {"127.0.0.0"}
    assert Counter(used(row) for row in unknown) == Counter(journey.unknown)


def used(row: dict[str, Any]) -> Used:
    return row["kind"], row["path"], row["name"]


def says_nothing_of_anybody(rows: list[dict[str, Any]]) -> None:
    """What is kept without consent is a count: nobody, from nowhere, at some time in that minute."""
    assert rows
    for row in rows:
        told = [row[name] for name in ("member_id", "member_how", "ip", "query", "language", "user_agent")]
        assert not any(told), row
        assert row["kind"] in ("consent", "cookie") or row["props"] in ({}, NOTICE_FACTS), row
        assert (row["visit_number"], row["time"][17:19]) == (0, "00")
        assert row["referrer"].removeprefix("http://").count("/") <= 1  # the site that linked here, not the page


def addresses_in(site: RunningSite) -> list[str]:
    """Where the visitor's whole address is: in no text of any table, in no file but the server's own log."""
    tables = site.ask("SELECT name FROM system.tables WHERE database = 'footfall' AND engine LIKE '%MergeTree%'")
    found = [one["name"] for one in tables if "127.0.0.1" in str(site.ask(f"SELECT * FROM footfall.{one['name']}"))]
    assert "events" in {one["name"] for one in tables}
    files = [path for path in (site.directory / "data").rglob("*") if path.is_file()]
    return found + [str(path) for path in files if b"127.0.0.1" in path.read_bytes()]
