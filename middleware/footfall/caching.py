"""What a response says of caches, and what it must say once it was made for one person. Pure (RFC 9111)."""

from __future__ import annotations

from collections.abc import Collection

Headers = list[tuple[bytes, bytes]]

_SHARED = frozenset((b"public", b"s-maxage"))
_UNSHARED = frozenset((b"private", b"no-store"))


def by_name(headers: Collection[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """The headers by their names in lower case; the values of one that came twice joined (RFC 9110 §5.2)."""
    said = dict(headers)
    if len(said) == len(headers) and b"".join(said).islower():  # as ASGI wants them, and nearly all are
        return said
    said = {}
    for name, value in headers:
        name = name.lower()
        said[name] = said[name] + b", " + value if name in said else value
    return said


def may_be_shared(cache_control: bytes) -> bool:
    """Whether the app lets a shared cache keep the response: such a response gets no cookie of ours."""
    if not cache_control:
        return False
    directives = _directives(cache_control)
    return not _SHARED.isdisjoint(directives) and _UNSHARED.isdisjoint(directives)


def personal(headers: Headers, stated: bytes, *, keep_nowhere: bool = False) -> Headers:
    """The headers of a response made for one person: no shared cache keeps it (RFC 9111 §5.2.2.7, ASVS 14.3.2).

    ``stated`` is what their ``Cache-Control`` says. ``keep_nowhere`` adds what protected areas want: not even the
    browser keeps it after sign-out.
    """
    wanted = b"no-store" if keep_nowhere else b"private"
    if not stated:
        return [*headers, (b"cache-control", wanted)]
    if wanted in _directives(stated) or b"no-store" in _directives(stated):
        return headers
    kept = [header for header in headers if header[0].lower() != b"cache-control"]
    directives = (one.strip() for one in stated.split(b","))
    said = b", ".join(one for one in directives if one and not one.lower().startswith((b"public", b"s-maxage")))
    return [*kept, (b"cache-control", b", ".join(filter(None, (said, wanted))))]


def always_asked(headers: Headers) -> Headers:
    """The headers of a page with the notice in it: a browser that kept it must ask again before it shows it
    (RFC 9111 §5.2.2.4), or the question would come back after the answer."""
    kept = [header for header in headers if header[0].lower() != b"cache-control"]
    stated = b", ".join(value for name, value in headers if name.lower() == b"cache-control")
    return [*kept, (b"cache-control", b"no-store" if b"no-store" in _directives(stated) else b"private, no-cache")]


def with_vary_cookie(headers: Headers) -> Headers:
    """The headers with ``Cookie`` in ``Vary``, once."""
    stated = [value for name, value in headers if name.lower() == b"vary"]
    if not stated:
        return [*headers, (b"vary", b"Cookie")]
    named = {one.strip().lower() for value in stated for one in value.split(b",")}
    if named & {b"cookie", b"*"}:
        return headers
    kept = [header for header in headers if header[0].lower() != b"vary"]
    return [*kept, (b"vary", b", ".join((*stated, b"Cookie")))]


def _directives(cache_control: bytes) -> set[bytes]:
    return {one.partition(b"=")[0].strip().lower() for one in cache_control.split(b",")}
