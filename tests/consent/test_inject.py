"""The notice on its way into a page: in the right place, whatever the chunks, and only where it belongs."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.consent.inject import (
    LONGEST_TRAILER,
    Injector,
    encoded,
    may_inject,
    nonce_of,
    without_validators,
)

Header = tuple[bytes, bytes]

HTML: list[Header] = [(b"content-type", b"text/html; charset=utf-8")]


def through(*chunks: bytes) -> bytes:
    injector = Injector(b"[N]")
    return b"".join([*(injector.feed(chunk) for chunk in chunks), injector.close()])


# -- where


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"<p>a</p></body></html>", b"<p>a</p>[N]</body></html>"),
        (b"a</BODY>", b"a[N]</BODY>"),
        (b"a</body >\n</html>\n", b"a[N]</body >\n</html>\n"),
        (b"a</body\n>", b"a[N]</body\n>"),
        (b"</body>", b"[N]</body>"),
        (b"<script>'</body>'</script>b</body>", b"<script>'</body>'</script>b[N]</body>"),
        (b"a</body><!-- built in 3 ms --></html>", b"a[N]</body><!-- built in 3 ms --></html>"),
        (b"a</body><script src=x></script></html>", b"a[N]</body><script src=x></script></html>"),
    ],
)
def test_it_goes_before_the_last_body_end(body: bytes, expected: bytes) -> None:
    assert through(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<div>a fragment</div>",
        b"<p>no end",
        b"a</bod",
        b"a</body",
        b"a</bodyguard>",
        b"<body>a",
        b"<script>w.write('</body>')</script>and no more",
        b"<!-- </body> -->",
        b"<textarea></body></textarea>",
    ],
)
def test_what_is_no_whole_page_passes_unchanged(body: bytes) -> None:
    assert through(body) == body


def test_a_body_end_with_much_behind_it_was_none() -> None:
    tail = b"x" * LONGEST_TRAILER
    assert through(b"a</body>" + tail) == b"a</body>" + tail
    assert through(b"a</body>" + tail + b"</body>") == b"a</body>" + tail + b"[N]</body>"


def test_most_of_a_page_flows_on_at_once() -> None:
    injector = Injector(b"[N]")
    assert injector.feed(b"<p>hello") == b"<p>hello"
    assert injector.feed(b"</p></bo") == b"</p>"
    assert injector.feed(b"dice>") == b"</bodice>"


_PIECES = st.sampled_from(
    [b"</body>", b"</BODY>", b"</body", b"</", b"<", b"b", b"<script>", b"</script>", b"<!--", b"-->", b"text", b"\n"]
)


@given(st.lists(_PIECES, max_size=12).map(b"".join), st.data())
def test_any_split_gives_what_the_whole_gives(body: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=8)))
    chunks = [body[start:end] for start, end in pairwise([0, *cuts, len(body)])]
    assert through(*chunks) == through(body)
    assert through(body).replace(b"[N]", b"", 1) == body


def test_every_split_in_two_gives_what_the_whole_gives() -> None:
    body = b"<html><body>a<b></b></body></html>\n"
    for cut in range(len(body) + 1):
        assert through(body[:cut], body[cut:]) == b"<html><body>a<b></b>[N]</body></html>\n"


@given(st.lists(_PIECES, max_size=40))
def test_little_is_held_back(pieces: list[bytes]) -> None:
    injector, fed, sent = Injector(b"[N]"), 0, 0
    for piece in pieces:
        sent += len(injector.feed(piece))
        fed += len(piece)
        assert fed - sent <= LONGEST_TRAILER
        if b"</body" not in b"".join(pieces).lower():
            assert fed - sent <= len(b"</body")


# -- which responses


def ask(*headers: Header, status: int = 200, method: str = "GET", request: list[Header] | None = None) -> bool:
    return may_inject(status, [*HTML, *headers], {"method": method, "headers": request or []})


def test_a_page_gets_it() -> None:
    assert ask()
    assert ask(method="POST")
    assert ask(request=[(b"sec-fetch-dest", b"document"), (b"hx-boosted", b"true"), (b"hx-request", b"true")])
    assert ask((b"content-encoding", b"identity"))
    assert ask((b"cache-control", b"max-age=60"))


@pytest.mark.parametrize("status", [201, 404, 500, 503])
def test_error_pages_get_it_too(status: int) -> None:
    assert ask(status=status)


@pytest.mark.parametrize("status", [101, 204, 205, 206, 301, 303, 304])
def test_what_has_no_page_gets_none(status: int) -> None:
    assert not ask(status=status)


@pytest.mark.parametrize(
    "header",
    [
        (b"Content-Encoding", b"gzip"),
        (b"content-encoding", b"br"),
        (b"Cache-Control", b"public, No-Transform"),
        (b"content-disposition", b"Attachment; filename=a.html"),
        (b"content-range", b"bytes 0-1/2"),
        (b"repr-digest", b"sha-256=:x:"),
        (b"content-type", b"application/json"),
        (b"content-type", b"text/html-sandboxed"),
        (b"content-type", b"application/xhtml+xml"),
        (b"content-type", b"text/html; charset=UTF-16"),
    ],
)
def test_a_response_that_must_stay_as_it_is_gets_none(header: Header) -> None:
    assert not ask(header)


@pytest.mark.parametrize(
    "header",
    [
        (b"hx-request", b"true"),
        (b"HX-Request", b"true"),
        (b"turbo-frame", b"cart"),
        (b"x-requested-with", b"XMLHttpRequest"),
        (b"sec-fetch-dest", b"empty"),
        (b"sec-fetch-dest", b"iframe"),
        (b"sec-fetch-dest", b"image"),
        (b"x-up-target", b"main"),
    ],
)
def test_a_fragment_or_a_frame_gets_none(header: Header) -> None:
    assert not ask(request=[header])


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT"])
def test_other_methods_get_none(method: str) -> None:
    assert not ask(method=method)


def test_a_response_without_a_type_gets_none() -> None:
    assert not may_inject(200, [], {"method": "GET", "headers": []})


def test_headers_that_describe_the_old_body_go() -> None:
    """RFC 9110 §8.8: a validator of the page without the notice is none of the page with it."""
    headers = [*HTML, (b"Content-Length", b"5"), (b"ETag", b'"a"'), (b"last-modified", b"x"), (b"accept-ranges", b"x")]
    assert without_validators(headers) == HTML


# -- the page's own policy and encoding


@pytest.mark.parametrize(
    ("policy", "nonce"),
    [
        (b"script-src 'nonce-aBc+/_-9==' 'strict-dynamic'", "aBc+/_-9=="),
        (b"default-src 'self'", ""),
        (b"script-src 'nonce-\"><script>'", ""),
        (b"script-src 'nonce-" + b"a" * 300 + b"'", ""),
    ],
)
def test_the_nonce_of_the_pages_policy(policy: bytes, nonce: str) -> None:
    assert nonce_of([*HTML, (b"Content-Security-Policy", policy)]) == nonce


def test_a_page_without_a_policy_has_no_nonce() -> None:
    assert nonce_of(HTML) == ""


def test_the_fragment_reads_right_in_any_encoding() -> None:
    assert encoded("Où ?", HTML) == "Où ?".encode()
    assert encoded("Où ?", [(b"content-type", b"text/html; charset=iso-8859-1")]) == b"O&#249; ?"
    assert encoded("Où ?", [(b"content-type", b"text/html")]) == b"O&#249; ?"
