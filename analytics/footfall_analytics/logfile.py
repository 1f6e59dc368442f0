"""Lines of web servers' access logs, in the common and the combined format of Apache, nginx and their kin.

    host ident user [17/May/2015:10:05:03 +0000] "GET /a?b HTTP/1.1" 200 203 "referrer" "user agent"

Fields behind the user agent are passed over. What was asked for may be anything that a client sent; where that is no
request of HTTP (``"-"``, ``"\\x16\\x03"``) the line is still one that the server answered, without method and path.
Host, ident and user are not read: no address and no name leaves this module.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

#: Longer lines are malformed. Servers refuse requests far below it.
LONGEST_LINE = 65_536
_LONGEST_PATH = 1024
_REMEMBERED = 512  # longer requests are rare, and would fill the memory


class LogLine(NamedTuple):
    """What a line says about one request. "" is what it does not say."""

    time_ms: int  # Unix time; logs know whole seconds
    method: str  # "" where the request line was none
    path: str  # percent-decoded, without query; "" where the request line was none
    query: str  # as sent
    status: int
    bytes: int  # of the body
    referrer: str
    user_agent: str


_QUOTED = r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"'
_LINE = re.compile(
    # host, ident and user; a user may hold spaces and brackets, so the first bracket with a date in it counts
    r"\S++ [^\[]*+(?:\[(?!\d\d/)[^\[]*+)*+\[(\d\d/[A-Z][a-z]{2}/\d{4}):(\d\d):(\d\d):(\d\d) ([+-]\d{4})\] "
    rf"{_QUOTED} (\d{{3}}) (\d{{1,15}}|-)(?: {_QUOTED} {_QUOTED}(?: .*)?)?",
    re.DOTALL | re.ASCII,
)
_REQUEST = re.compile(r"([A-Z][A-Z_-]{0,19}) (.+?)(?: HTTP/\d(?:\.\d)?)?", re.DOTALL)
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]{0,20}://[^/?]*", re.IGNORECASE)
_ESCAPE = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"b": b"\b", b"f": b"\f", b"v": b"\v"}
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), start=1
    )
}
_YEARS = range(1971, 2106)  # what the columns for times can hold
_EPOCH = date(1970, 1, 1).toordinal()


def parse_line(line: str) -> LogLine | None:
    """Read one line, with or without its end. None for what is no line of an access log. Never raises."""
    if len(line) > LONGEST_LINE:
        return None
    found = _LINE.fullmatch(line.rstrip("\r\n"))
    if found is None:
        return None
    day, hour, minute, second, zone, request, status, size, referrer, user_agent = found.groups()
    time_ms = _time_ms(day, hour, minute, second, zone)
    if time_ms is None:
        return None
    return LogLine(
        time_ms,
        *(_seen_request(request) if len(request) <= _REMEMBERED else _request(request)),
        int(status),
        0 if size == "-" else int(size),
        _said(referrer),
        _said(user_agent),
    )


def _time_ms(day: str, hour: str, minute: str, second: str, zone: str) -> int | None:
    midnight = _midnight(day, zone)
    h, m, s = int(hour), int(minute), min(int(second), 59)  # a leap second counts as the one before
    if midnight is None or h > 23 or m > 59 or int(second) > 60:
        return None
    return (midnight + h * 3600 + m * 60 + s) * 1000


@lru_cache(maxsize=4096)
def _midnight(day: str, zone: str) -> int | None:
    """Unix time of the beginning of ``17/May/2015`` in the time zone ``+0200``."""
    number, name, year = day.split("/")
    try:
        days = date(int(year), _MONTHS[name], int(number)).toordinal() - _EPOCH
    except (KeyError, ValueError):
        return None
    east = int(zone[1:3]) * 3600 + int(zone[3:]) * 60
    return days * 86_400 - (east if zone[0] == "+" else -east) if int(year) in _YEARS else None


def _request(request: str) -> tuple[str, str, str]:
    found = _REQUEST.fullmatch(_unescaped(request))
    if found is None:
        return "", "", ""
    method, target = found.groups()
    if target[0] != "/":
        absolute = _ABSOLUTE.match(target)
        if absolute is None:  # an authority (CONNECT), "*" (OPTIONS), or nonsense: no path
            return method, "", ""
        target = target[absolute.end() :] or "/"
    path, _, query = target.partition("?")
    return method, _decoded(path) or "/", query


_seen_request = lru_cache(maxsize=8192)(_request)  # few distinct ones make up a log


def _decoded(path: str) -> str:
    path = path[: _LONGEST_PATH * 3]
    return (unquote(path, errors="replace") if "%" in path else path)[:_LONGEST_PATH]


def _said(field: str | None) -> str:
    return "" if field is None or field == "-" else _unescaped(field)


def _unescaped(field: str) -> str:
    """Undo the log's escapes: ``\\"`` and ``\\xe9``, whose bytes are UTF-8."""
    if "\\" not in field:
        return field
    return _ESCAPE.sub(_escaped_byte, field.encode("utf-8", "replace")).decode("utf-8", "replace")


def _escaped_byte(found: re.Match[bytes]) -> bytes:
    return bytes.fromhex(found[1].decode()) if found[1] else _ESCAPED.get(found[2], found[2])
