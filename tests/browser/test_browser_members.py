"""Members who share a browser, and what each one leaves to the next: nothing."""

from __future__ import annotations

import pytest
from reading_room_browser import OpenBrowser, answer, is_asked, sign_in, sign_out
from running_site import RunningSite

pytestmark = pytest.mark.browser

VIEWS = """
SELECT path, linked_member_id FROM footfall.member_events
WHERE kind = 'page_view' AND path LIKE '/articles/%' ORDER BY time
"""


def test_two_members_on_one_browser_never_inherit(site: RunningSite, open_browser: OpenBrowser) -> None:
    """Signing out ends the link; the next member gets no view of the one before, nor of the time between."""
    page = open_browser().pages[0]
    page.goto(site.url)
    answer(page, "Accept all")
    page.goto(f"{site.url}/articles/in-the-margin")  # before ada signs in, in the same visit: hers
    page.goto(f"{site.url}/sign-in")
    sign_in(page, remember=True)
    page.goto(f"{site.url}/articles/the-quiet-hour")
    sign_out(page)
    page.goto(f"{site.url}/articles/the-drawer-that-answered")  # nobody's
    page.goto(f"{site.url}/sign-in")
    sign_in(page, "borges", "Library of Babel 1941")
    page.goto(f"{site.url}/articles/a-lamp-of-ones-own")

    rows = site.wait_for(VIEWS, 4)
    assert [(row["path"].rsplit("/", 1)[1], row["linked_member_id"]) for row in rows] == [
        ("in-the-margin", "ada"),
        ("the-quiet-hour", "ada"),
        ("the-drawer-that-answered", ""),
        ("a-lamp-of-ones-own", "borges"),
    ]
    page.goto(f"{site.url}/desk")
    assert "/articles/in-the-margin" in page.locator("main").inner_text()  # the librarian sees what is used


def test_after_signing_out_the_way_back_shows_no_members_page(
    shared_site: RunningSite, open_browser: OpenBrowser
) -> None:
    """ASVS 14.3.2: what a member saw is kept by no cache, so that the next person's back button finds nothing."""
    page = open_browser().pages[0]
    page.goto(f"{shared_site.url}/members")
    sign_in(page)
    assert page.url.endswith("/members")
    sign_out(page)
    page.go_back()
    page.wait_for_load_state()
    assert "The members’ room" not in page.locator("main").inner_text()


def test_signing_out_on_a_remembered_browser_forgets_it(shared_site: RunningSite, open_browser: OpenBrowser) -> None:
    browser = open_browser()
    page = browser.pages[0]
    page.goto(f"{shared_site.url}/sign-in")
    sign_in(page, remember=True)
    sign_out(page)
    browser.close()
    page = open_browser().pages[0]
    page.goto(f"{shared_site.url}/members")
    assert page.url.endswith("/sign-in?next=/members")
    assert is_asked(page)
