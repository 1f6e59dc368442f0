"""Access logs: lines read, files opened, lines made into events."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.event import Drop, Event
from footfall_analytics.filetypes import type_of
from footfall_analytics.logevents import document_of, own_host, to_event
from footfall_analytics.logfile import LONGEST_LINE, LogLine, parse_line
from footfall_analytics.logreader import NotALog, open_log

BOOKS = '192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET /books?q=1 HTTP/1.1" 200 2030 "https://a.example/" "Agent/1.0"'
TIME = 1_431_857_103_000


def line(
    request: str = "GET /books HTTP/1.1", status: int = 200, agent: str = "Agent/1.0", referrer: str = "-"
) -> LogLine:
    text = f'192.0.2.7 - - [17/May/2015:10:05:03 +0000] "{request}" {status} 2030 "{referrer}" "{agent}"'
    found = parse_line(text)
    assert found
    return found


# -- lines


def test_a_line_of_the_combined_format() -> None:
    assert parse_line(BOOKS) == LogLine(TIME, "GET", "/books", "q=1", 200, 2030, "https://a.example/", "Agent/1.0")


def test_a_line_of_the_common_format() -> None:
    text = '192.0.2.7 - ada [17/May/2015:10:05:03 +0000] "GET / HTTP/1.0" 304 -'
    assert parse_line(text) == LogLine(TIME, "GET", "/", "", 304, 0, "", "")


@pytest.mark.parametrize("end", ["\n", "\r\n", ' "203.0.113.9" 0.004', ""])
def test_ends_and_further_fields_are_passed_over(end: str) -> None:
    assert parse_line(BOOKS + end) == parse_line(BOOKS)


@pytest.mark.parametrize(
    "who",
    [
        "2001:db8::1 - -",
        "xn--bcher-kva.example - -",
        "bücher.example - -",
        "192.0.2.7 - Ada King Lovelace",
        "192.0.2.7 an ident [of] some",
        '192.0.2.7 - ""',
        "192.0.2.7 - [17]",
    ],
)
def test_host_ident_and_user_may_be_anything(who: str) -> None:
    assert parse_line(BOOKS.replace("192.0.2.7 - -", who)) == parse_line(BOOKS)


@pytest.mark.parametrize(
    ("written", "time_ms"),
    [
        ("17/May/2015:10:05:03 +0000", TIME),
        ("17/May/2015:12:05:03 +0200", TIME),
        ("17/May/2015:04:35:03 -0530", TIME),
        ("18/May/2015:00:05:03 +1400", TIME),
        ("29/Feb/2016:00:00:00 +0000", 1_456_704_000_000),
        ("31/Dec/2016:23:59:60 +0000", 1_483_228_799_000),  # a leap second
    ],
)
def test_times_in_any_zone(written: str, time_ms: int) -> None:
    found = parse_line(BOOKS.replace("17/May/2015:10:05:03 +0000", written))
    assert found
    assert found.time_ms == time_ms


@pytest.mark.parametrize(
    "written",
    [
        "31/Feb/2015:10:05:03 +0000",
        "17/Mai/2015:10:05:03 +0000",
        "17/May/2015:24:05:03 +0000",
        "17/May/2015:10:60:03 +0000",
        "17/May/2015:10:05:61 +0000",
        "17/May/1905:10:05:03 +0000",
        "17/May/9999:10:05:03 +0000",
        "17/May/2015:10:05:03",
    ],
)
def test_a_time_that_is_none_makes_a_line_malformed(written: str) -> None:
    assert parse_line(BOOKS.replace("17/May/2015:10:05:03 +0000", written)) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "-",
        "hello",
        BOOKS[:-1],
        BOOKS[:40],
        BOOKS.replace(" 200 ", " 2000 "),
        BOOKS.replace(" 2030 ", " many "),
    ],
)
def test_what_is_no_line_of_a_log_is_malformed(text: str) -> None:
    assert parse_line(text) is None


def test_a_line_that_is_too_long_is_malformed() -> None:
    assert parse_line(BOOKS[:-1] + "a" * LONGEST_LINE + '"') is None


def test_escaped_quotes_and_bytes_are_undone() -> None:
    found = line(agent=r"a \"quoted\" \\ agent \xc3\xa9 \t")
    assert found.user_agent == 'a "quoted" \\ agent é \t'


@pytest.mark.parametrize("request_line", ["-", "", r"\x16\x03\x01", r"\x80w\x01\x03", "hello", " / HTTP/1.1", "GET"])
def test_what_is_no_request_was_answered_all_the_same(request_line: str) -> None:
    found = line(request_line, 400)
    assert (found.method, found.path, found.status) == ("", "", 400)


@pytest.mark.parametrize(
    ("request_line", "method", "path"),
    [
        ("GET /a%20b/%C3%A9 HTTP/1.1", "GET", "/a b/é"),
        ("GET /%ff HTTP/1.1", "GET", "/\ufffd"),
        ("GET /a b HTTP/1.1", "GET", "/a b"),
        ("GET /old", "GET", "/old"),
        ("GET http://proxied.example/a?b HTTP/1.1", "GET", "/a"),
        ("GET http://proxied.example HTTP/1.1", "GET", "/"),
        ("GET ?a=b HTTP/1.1", "GET", ""),
        ("CONNECT proxied.example:443 HTTP/1.1", "CONNECT", ""),
        ("OPTIONS * HTTP/1.0", "OPTIONS", ""),
        ("PROPFIND /dav HTTP/1.1", "PROPFIND", "/dav"),
        ("GET /" + "a" * 5000 + " HTTP/1.1", "GET", "/" + "a" * 1023),
    ],
)
def test_method_and_path(request_line: str, method: str, path: str) -> None:
    found = line(request_line)
    assert (found.method, found.path) == (method, path)


@given(st.text())
def test_no_line_raises(text: str) -> None:
    parse_line(text)
    parse_line(BOOKS.replace("GET /books", text.replace('"', "")))


# -- files


def read(path: Path) -> list[bytes]:
    with open_log(str(path)) as reader:
        return list(reader)


def test_lines_come_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(b"one\r\n\xff two\n\nlast")
    assert read(tmp_path / "a.log") == [b"one\r\n", b"\xff two\n", b"\n", b"last"]


def test_gzip_is_known_by_its_first_bytes_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(gzip.compress(b"one\n") + gzip.compress(b"two\n"))
    assert read(tmp_path / "a.log") == [b"one\n", b"two\n"]


def test_standard_input_is_read_and_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(gzip.compress(b"one\ntwo\n")))
    monkeypatch.setattr("sys.stdin", stdin)
    with open_log("-") as reader:
        assert (list(reader), reader.position, reader.size) == ([b"one\n", b"two\n"], 0, 0)
    assert not stdin.buffer.closed


def test_of_a_line_that_is_too_long_the_beginning_comes_and_the_next_line_is_whole(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(b"a" * (LONGEST_LINE * 3) + b"\nnext\n")
    assert [len(one) for one in read(tmp_path / "a.log")] == [LONGEST_LINE + 1, 5]


@pytest.mark.parametrize("damage", ["cut", "changed"])
def test_damaged_gzip_is_refused_with_the_last_good_line(tmp_path: Path, damage: str) -> None:
    data = gzip.compress(b"".join(b"line %d\n" % number for number in range(50_000)))
    middle = len(data) // 2
    (tmp_path / "a.gz").write_bytes(data[:middle] + (b"" if damage == "cut" else b"\xff" * 50 + data[middle + 50 :]))
    with pytest.raises(NotALog, match=r"gzip data is damaged or cut off after line [\d,]+"):
        read(tmp_path / "a.gz")


def test_position_tells_how_much_of_the_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(b"one\ntwo\n")
    with open_log(str(tmp_path / "a.log")) as reader:
        lines = iter(reader)
        next(lines)
        assert (reader.position, reader.size) == (4, 8)


# -- events


def test_a_page_that_was_read_is_an_anonymous_page_view() -> None:
    found = line("GET /books?q=secret HTTP/1.1", referrer="https://a.example/where?from=me")
    assert to_event(found, "main", "library.example") == Event(
        time_ms=TIME - 3000,
        site="main",
        kind="page_view",
        host="library.example",
        method="GET",
        path="/books",
        status=200,
        bytes=2030,
        referrer="https://a.example/",
        user_agent="Agent/1.0",
    )


@pytest.mark.parametrize(
    ("request_line", "status", "kind"),
    [
        ("GET /books HTTP/1.1", 200, "page_view"),
        ("GET /books.html HTTP/1.1", 304, "page_view"),
        ("GET /index.php HTTP/1.1", 206, "request"),
        ("GET /people/john.doe HTTP/1.1", 200, "page_view"),
        ("GET /books HTTP/1.1", 301, "request"),
        ("GET /books HTTP/1.1", 404, "request"),
        ("GET /books HTTP/1.1", 500, "request"),
        ("POST /books HTTP/1.1", 200, "request"),
        ("HEAD /books HTTP/1.1", 200, "request"),
        ("GET /feed.xml HTTP/1.1", 200, "request"),
        ("GET /list.pdf HTTP/1.1", 200, "request"),
        ("-", 408, "request"),
        ("-", 200, "request"),
    ],
)
def test_kind_of_a_request(request_line: str, status: int, kind: str) -> None:
    made = to_event(line(request_line, status), "main")
    assert isinstance(made, Event)
    assert made.kind == kind


@pytest.mark.parametrize(
    ("request_line", "reason"),
    [
        ("GET /style.css HTTP/1.1", "static"),
        ("GET /favicon.ico HTTP/1.1", "static"),
        ("HEAD /Logo.PNG?v=2 HTTP/1.1", "static"),
        ("GET /healthz HTTP/1.1", "health"),
        ("GET /robots.txt HTTP/1.1", "excluded"),
    ],
)
def test_what_is_no_use_of_the_site_is_dropped_with_its_reason(request_line: str, reason: str) -> None:
    assert to_event(line(request_line, 404), "main") == Drop(TIME, "main", reason)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [200, 304])
def test_a_document_that_was_fetched_is_a_second_event_named_by_its_file(status: int) -> None:
    request = to_event(line("GET /files/Price%20list.pdf HTTP/1.1", status), "main")
    assert isinstance(request, Event)
    document = document_of(request)
    assert document
    assert (document.kind, document.name, document.path) == ("document", "Price list.pdf", "/files/Price list.pdf")


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        ("GET /a.pdf HTTP/1.1", 404),
        ("GET /a.pdf HTTP/1.1", 206),  # a piece of it, and there are many
        ("HEAD /a.pdf HTTP/1.1", 200),
        ("GET /a.pdf HTTP/1.1", 302),
        ("GET /a HTTP/1.1", 200),
    ],
)
def test_what_was_not_fetched_is_no_document(request_line: str, status: int) -> None:
    request = to_event(line(request_line, status), "main")
    assert isinstance(request, Event)
    assert document_of(request) is None


def test_no_address_and_no_user_leave_a_line() -> None:
    """ASVS 14.2.1 and the promise of an anonymous row: nobody is in it."""
    found = parse_line(BOOKS.replace("- -", "- ada"))
    assert found
    assert not any(who in repr((found, to_event(found, "main"))) for who in ("192.0.2.7", "ada"))


@pytest.mark.parametrize(
    ("path", "file_type"),
    [
        ("/a.css", "asset"),
        ("/a.WOFF2", "asset"),
        ("/a.pdf", "document"),
        ("/a.tar.gz", "document"),
        ("/a.json", "data"),
        ("/a.html", "page"),
        ("/", "page"),
        ("/css", "page"),
        ("/a.pdf/b", "page"),
        ("/v1.2", "page"),
    ],
)
def test_what_a_path_is_by_its_extension(path: str, file_type: str) -> None:
    assert type_of(path) == file_type


def test_the_sites_own_host_is_where_its_assets_are_asked_from() -> None:
    assets = [line("GET /a.css HTTP/1.1", referrer="https://Library.example/books")] * 10
    elsewhere = [line("GET /a.png HTTP/1.1", referrer="https://hotlinker.example/")] * 9
    pages = [line(referrer="https://search.example/")] * 50
    assert own_host([*assets, *elsewhere, *pages]) == "library.example"
    assert own_host([*assets, *elsewhere, elsewhere[0]]) == ""
    assert own_host(assets[:9]) == ""
    assert own_host(pages) == ""
