"""Signing in, out and up at the Reading Room."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from page_checks import complaints
from reading_room_visitors import Visitor, accept, sign_in

from examples.reading_room.throttle import FOR_BOTH
from footfall.sink import MemorySink


def test_signing_in_leads_to_the_page_that_was_asked_for(visitor: Visitor) -> None:
    client = visitor()
    asked = client.get("/databases/maps-and-atlases?q=harbour")
    assert 'name="next" value="/databases/maps-and-atlases?q=harbour"' in client.get(asked.headers["location"]).text
    answer = sign_in(client, next="/databases/maps-and-atlases?q=harbour")
    assert answer.headers["location"] == "/databases/maps-and-atlases?q=harbour"
    assert client.get(answer.headers["location"]).status_code == 200


@pytest.mark.parametrize("after", ["//evil.example", "https://evil.example/", "/\\evil.example", ""])
def test_signing_in_never_leads_to_another_site(visitor: Visitor, after: str) -> None:
    """CWE-601."""
    assert sign_in(visitor(), next=after).headers["location"] == "/"


def test_an_unknown_name_and_a_wrong_password_are_told_the_same(visitor: Visitor) -> None:
    """ASVS 6.3.8: the answer does not say whether a reader exists."""
    wrong = [sign_in(visitor(), name, "not the password") for name in ("ada", "bob")]
    assert [answer.status_code for answer in wrong] == [422, 422]
    pages = [re.sub(r'value="[^"]*"', "", answer.text) for answer in wrong]
    assert pages[0] == pages[1]
    assert complaints(wrong[0].text) == []
    assert "do not belong together" in wrong[0].text


def test_the_page_after_a_refusal_never_holds_the_password(visitor: Visitor) -> None:
    assert "not the password" not in sign_in(visitor(), "ada", "not the password").text


def test_the_sixth_guess_is_not_even_looked_at(visitor: Visitor) -> None:
    client = visitor()
    for _ in range(FOR_BOTH):
        assert sign_in(client, password="wrong").status_code == 422
    answer = sign_in(client)  # with the right password
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert "Try again in 15 minutes" in answer.text


def test_a_browser_that_keeps_no_cookie_is_told_why_nothing_happened(visitor: Visitor) -> None:
    client = visitor()
    client.headers["sec-fetch-mode"] = "navigate"
    answer = sign_in(client)
    client.cookies.clear()
    assert "Your browser kept no cookie" in client.get(answer.headers["location"]).text


def test_signing_out_ends_it_here_and_the_old_cookie_opens_nothing(visitor: Visitor) -> None:
    """ASVS 7.4.1."""
    client, thief = visitor(), visitor()
    sign_in(client)
    thief.cookies.update(client.cookies)
    assert client.post("/sign-out").headers["location"] == "/signed-out"
    assert [one.get("/members").status_code for one in (client, thief)] == [303, 303]


def test_signing_out_everywhere_ends_it_there_too(visitor: Visitor) -> None:
    """ASVS 7.4.1: ended is ended, and what was remembered as well."""
    here, there = visitor(), visitor()
    sign_in(here)
    sign_in(there, remember="yes")
    here.post("/sign-out", data={"everywhere": "yes"})
    assert there.get("/members").status_code == 303


def test_a_remembered_browser_needs_no_password_until_the_page_is_sensitive(visitor: Visitor) -> None:
    """ASVS 7.5.3: remembered is never recent."""
    client = visitor()
    sign_in(client, remember="yes")
    del client.cookies["footfall-session"]  # as a browser that was closed
    assert "We knew you at the door" in client.get("/members").text
    answer = client.get("/account/password")
    assert answer.headers["location"] == "/sign-in?next=/account/password"
    asked = client.get(answer.headers["location"]).text
    assert "Sign in again" in asked
    assert 'value="ada"' in asked


def test_a_new_password_ends_all_other_sessions_and_keeps_this_one(visitor: Visitor) -> None:
    """ASVS 7.4.3: after a change of the password the other sessions can be ended; here they always are."""
    here, there = visitor(), visitor()
    words = {"full_name": "Mary S", "password": "old old old old", "again": "old old old old"}
    joined = here.post("/sign-up", data=words)
    name = _name_on_the_card(joined.text)
    sign_in(there, name, "old old old old", remember="yes")
    new = {"current": "old old old old", "password": "new new new new", "again": "new new new new"}
    answer = here.post("/account/password", data=new)
    assert answer.headers["location"] == "/account?changed=password"
    assert "Your password is changed" in here.get("/account?changed=password").text
    assert there.get("/members").status_code == 303
    assert sign_in(there, name, "old old old old").status_code == 422


def test_a_new_password_needs_the_current_one(visitor: Visitor) -> None:
    """ASVS 6.2.3."""
    client = visitor()
    sign_in(client)
    new = {"current": "wrong", "password": "new new new new", "again": "new new new new"}
    answer = client.post("/account/password", data=new)
    assert answer.status_code == 422
    assert "That is not your current password." in answer.text
    assert complaints(answer.text) == []


def test_joining_signs_in_and_shows_the_readers_name(visitor: Visitor, sink: MemorySink) -> None:
    client = visitor()
    accept(client)
    words = {"full_name": "Grace Hopper", "password": "a moth in the relay", "again": "a moth in the relay"}
    joined = client.post("/sign-up", data=words)
    assert complaints(joined.text) == []
    assert re.fullmatch(r"grace-\d{4}", _name_on_the_card(joined.text))
    assert client.get("/members").status_code == 200


def test_joining_twice_under_one_name_reveals_nothing(visitor: Visitor) -> None:
    """ASVS 6.3.8: a sign-up does not say who is a member already."""
    words = {"full_name": "Ada Lovelace", "password": "a dozen letters", "again": "a dozen letters"}
    assert visitor().post("/sign-up", data=words).status_code == 200


def test_what_is_wrong_with_a_sign_up_is_said_at_its_field(visitor: Visitor) -> None:
    """WCAG 3.3.1."""
    answer = visitor().post("/sign-up", data={"full_name": " ", "password": "short", "again": "short"})
    assert answer.status_code == 422
    assert complaints(answer.text) == []
    for words in ("at least 12 characters", "Enter the name"):
        assert answer.text.count(words) == 2  # in the summary, and at the field
    assert "short" not in re.sub(r"<[^>]*>", "", answer.text)


def test_no_session_cookie_without_a_sign_in(visitor: Visitor) -> None:
    """ASVS 7.6.2."""
    client = visitor()
    accept(client)
    for path in ("/", "/articles", "/order", "/sign-in"):
        client.get(path)
    assert not {"footfall-session", "footfall-remember"} & set(client.cookies)


def _name_on_the_card(html: str) -> str:
    found = re.search(r'class="card-name">([^<]+)<', html)
    assert found is not None
    return found[1]


def test_a_member_whose_sign_in_was_copied_is_told_until_they_have_seen_it(visitor: Visitor, data_dir: Path) -> None:
    client = visitor()
    client.get("/")  # the store is there
    with closing(sqlite3.connect(data_dir / "store.db")) as store, store:
        store.execute("INSERT INTO member_notices (member_id, notice, at) VALUES ('ada', 'theft', 1)")
    sign_in(client)
    assert "Somebody used a copy of your sign-in" in client.get("/").text
    assert "Somebody used a copy" in client.get("/articles").text
    client.post("/account/notices")
    assert "Somebody used a copy" not in client.get("/articles").text
