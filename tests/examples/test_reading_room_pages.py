"""Every page of the Reading Room: it opens, it is well made, and it asks nobody else for anything."""

from __future__ import annotations

import re
from html import unescape

import pytest
from page_checks import Page, complaints
from reading_room_visitors import Visitor, accept, reject, sign_in
from starlette.testclient import TestClient

from examples.reading_room.desk import read_tables
from footfall.sink import MemorySink

PUBLIC = (
    "/",
    "/articles",
    "/articles?q=lamp",
    "/articles?q=xyzzy",
    "/articles/in-the-margin",
    "/documents",
    "/databases",
    "/sign-in",
    "/sign-in?next=/members",
    "/sign-up",
    "/sign-out",
    "/signed-out",
    "/order",
    "/theme",
    "/without-cookies",
)
MEMBERS = ("/members", "/members/letter", "/databases/periodicals-index?q=1931", "/account", "/account/password")


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_opens_for_everybody_and_is_well_made(visitor: Visitor, path: str) -> None:
    answer = visitor().get(path)
    assert answer.status_code == 200
    assert complaints(answer.text) == []


@pytest.mark.parametrize("path", MEMBERS)
def test_a_members_page_is_well_made_for_a_member(visitor: Visitor, path: str) -> None:
    client = visitor()
    sign_in(client)
    answer = client.get(path)
    assert answer.status_code == 200
    assert complaints(answer.text) == []


@pytest.mark.parametrize("path", [*MEMBERS, "/desk"])
def test_a_members_page_sends_a_stranger_to_the_sign_in_and_back(visitor: Visitor, path: str) -> None:
    answer = visitor().get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=/")
    assert path.split("?")[0] in answer.headers["location"]


def test_the_desk_is_for_librarians_only(visitor: Visitor) -> None:
    client = visitor()
    sign_in(client)
    assert client.get("/desk").status_code == 403
    assert client.get("/desk/analytics/").status_code == 403


def test_every_page_links_to_the_privacy_choices_and_the_cookies(visitor: Visitor) -> None:
    """Withdrawing is always reachable."""
    client = visitor()
    for path in PUBLIC:
        links = [one.get("href") for one in Page(client.get(path).text).every("a")]
        assert "/privacy" in links, path
        assert "/privacy/cookies" in links, path


def test_no_page_asks_another_host_for_anything(visitor: Visitor) -> None:
    """Nothing is shared: no third-party request leaves any page."""
    client = visitor()
    sign_in(client)
    for path in (*PUBLIC, *MEMBERS, "/privacy", "/privacy/cookies", "/static/style.css", "/static/pieces.css"):
        text = client.get(path).text.replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert not re.search(r"""(?:src|href|action|url)\s*[=(]\s*["']?(?:https?:)?//""", text), path


def test_every_link_on_the_public_pages_leads_somewhere(visitor: Visitor) -> None:
    client = visitor()
    links = {str(one["href"]) for path in PUBLIC for one in Page(client.get(path).text).every("a") if "href" in one}
    ours = {link.split("#")[0] for link in links} - {""}
    assert {link: client.get(link).status_code for link in ours if client.get(link).status_code not in (200, 303)} == {}


def test_a_page_that_is_not_there_says_so_in_words(visitor: Visitor) -> None:
    for path in ("/nothing", "/articles/nothing", "/documents/nothing.pdf"):
        answer = visitor().get(path)
        assert answer.status_code == 404
        assert "Nothing on this shelf" in answer.text
        assert complaints(answer.text) == []


def test_what_a_visitor_types_is_text_and_never_markup(visitor: Visitor) -> None:
    """CWE-79."""
    typed = '"><script>alert(1)</script>'
    answer = visitor().get("/articles", params={"q": typed})
    assert "<script>alert" not in answer.text
    assert Page(answer.text).value_of("q") == typed


def test_every_response_has_a_policy_without_inline_code(visitor: Visitor) -> None:
    client = visitor()
    for path in ("/", "/privacy", "/nothing", "/static/style.css", "/documents/readers-guide.pdf"):
        policy = client.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/sign-in", "/order", "/theme", "/sign-out", "/sign-up"])
def test_a_form_of_another_site_is_refused_in_words(visitor: Visitor, path: str) -> None:
    """ASVS 3.5.1."""
    client = visitor()
    foreign = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    answer = client.post(path, data={"theme": "dark"}, headers=foreign)
    assert answer.status_code == 403
    assert re.search("not sent from one of our own pages|did not come from our pages", answer.text)


def test_a_client_that_does_not_say_where_a_form_comes_from_is_refused(visitor: Visitor) -> None:
    """ASVS 3.5.1: no page of ours carries a token, and no browser since 2023 needs one."""
    client = visitor()
    del client.headers["sec-fetch-site"]
    assert client.post("/theme", data={"theme": "dark"}).status_code == 403


def test_a_form_that_is_too_long_is_refused(visitor: Visitor) -> None:
    answer = visitor().post("/order", data={"card_name": "x" * 20_000})
    assert answer.status_code == 413


def test_a_document_is_noted_once_for_each_download(visitor: Visitor, sink: MemorySink) -> None:
    client = visitor()
    accept(client)
    client.head("/documents/readers-guide.pdf")
    answer = client.get("/documents/readers-guide.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert [event.name for event in sink.events if event.kind == "document"] == ["readers-guide.pdf"]


def test_a_search_of_a_database_is_noted_and_looking_at_it_is_not(visitor: Visitor, sink: MemorySink) -> None:
    client = visitor()
    accept(client)
    sign_in(client)
    client.get("/databases/maps-and-atlases")
    client.get("/databases/maps-and-atlases?q=harbour")
    used = [(event.name, event.member_id) for event in sink.events if event.kind == "database"]
    assert used == [("maps-and-atlases", "ada")]


def test_without_agreement_the_page_says_what_is_lost(visitor: Visitor) -> None:
    client = visitor()
    reject(client)
    told = unescape(client.get("/without-cookies").text)
    assert told.count("<li>") >= 2
    assert "Nothing is lost" not in told


def test_with_agreement_nothing_is_said_to_be_lost(visitor: Visitor) -> None:
    client = visitor()
    accept(client)
    assert "Nothing is lost" in client.get("/without-cookies").text


def cookie_names(client: TestClient) -> set[str]:
    return set(client.cookies.keys())


def test_recently_viewed_is_kept_with_agreement_the_latest_first(visitor: Visitor) -> None:
    client = visitor()
    accept(client)
    for slug in ("in-the-margin", "the-quiet-hour", "in-the-margin"):
        client.get(f"/articles/{slug}")
    shown = re.search(r'id="recent".*?</section>', client.get("/").text, re.DOTALL)
    assert shown is not None
    assert re.findall(r"/articles/([a-z-]+)", shown[0]) == ["in-the-margin", "the-quiet-hour"]


def test_recently_viewed_is_not_even_tried_without_agreement(visitor: Visitor, sink: MemorySink) -> None:
    client = visitor()
    reject(client)
    client.get("/articles/in-the-margin")
    assert "recently-viewed" not in cookie_names(client)
    assert "You were reading" not in client.get("/").text
    assert not [event for event in sink.events if event.kind == "cookie"]


def test_a_theme_is_remembered_with_agreement(visitor: Visitor) -> None:
    client = visitor()
    accept(client)
    answer = client.post("/theme", data={"theme": "dark", "back": "/articles"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/articles")
    assert 'data-theme="dark"' in client.get("/").text
    client.post("/theme", data={"theme": "device", "back": "/"})
    assert "data-theme" not in client.get("/").text


def test_a_theme_is_held_back_without_agreement_and_that_is_said(visitor: Visitor, sink: MemorySink) -> None:
    """No cookie leaves the app unless the visitor agreed to its purpose: the app does set it here."""
    client = visitor()
    reject(client)
    answer = client.post("/theme", data={"theme": "dark", "back": "/"})
    assert answer.status_code == 200
    assert "Your choice was not kept" in answer.text
    assert "theme" not in cookie_names(client)
    assert "data-theme" not in client.get("/").text
    assert [event.name for event in sink.events if event.kind == "cookie"] == ["theme"]


def test_a_theme_leads_back_to_this_site_only(visitor: Visitor) -> None:
    """CWE-601."""
    client = visitor()
    accept(client)
    answer = client.post("/theme", data={"theme": "dark", "back": "//evil.example"})
    assert answer.headers["location"] == "/"


def test_the_desk_has_no_numbers_while_clickhouse_is_away() -> None:
    assert read_tables("clickhouse://nobody:nothing@127.0.0.1:9/footfall") is None
