"""``footfall scan``: billing data in recorded ``Set-Cookie`` lines or in a HAR file. Pure: text in, results out.

The report can be kept and passed on: it names cookies and places, and repeats nothing of what was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from footfall.guard.billing import Finding, find_in_response
from footfall.guard.secrets import scrub_url

#: Lines without a blank line between that are read as one response; more begin another.
MOST_LINES = 1000

_HEADER = re.compile(r"\s*set-cookie2?\s*:\s*", re.IGNORECASE)
_ATTRIBUTES = ("path", "domain", "expires", "sameSite", "comment")


@dataclass(frozen=True, slots=True)
class ScanResult:
    """One ``Set-Cookie`` with findings: its line, or the number of its entry in a HAR file, counted from 1."""

    line: int
    cookie: str
    findings: tuple[Finding, ...]
    url: str | None = None


def scan_lines(lines: Iterable[str]) -> Iterator[ScanResult]:
    """The lines with findings, in order.

    Each line is a ``Set-Cookie`` value, with or without the header's name in front. Consecutive lines are one
    response, so that a value split over numbered cookies is read whole; a blank line ends it.
    """
    response: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            response.append((number, _HEADER.sub("", line.rstrip("\r\n"), count=1)))
        if not line.strip() or len(response) >= MOST_LINES:
            yield from _scan_response(response)
            response = []
    yield from _scan_response(response)


def scan_har(document: object) -> Iterator[ScanResult]:
    """The cookies with findings in the responses of a HAR file (HTTP Archive 1.2), parsed from its JSON.

    Raises ValueError for what is no HAR document.
    """
    for number, entry in enumerate(_entries(document), 1):
        url = scrub_url(_text(_mapping(entry.get("request")), "url"))
        response = [(number, line) for line in _set_cookies(_mapping(entry.get("response")))]
        for result in _scan_response(response):
            yield ScanResult(number, result.cookie, result.findings, url)


def as_json(result: ScanResult) -> dict[str, object]:
    """The object that is printed for a result; results of a HAR file have the scrubbed ``url`` as well."""
    printed: dict[str, object] = {
        "line": result.line,
        "cookie": result.cookie,
        "findings": [{"kind": finding.kind, "path": finding.path} for finding in result.findings],
    }
    return printed if result.url is None else {**printed, "url": result.url}


def _scan_response(response: list[tuple[int, str]]) -> Iterator[ScanResult]:
    found = find_in_response([line for _, line in response])
    for (number, _), findings in zip(response, found, strict=True):
        if findings:
            yield ScanResult(number, findings[0].cookie, tuple(findings))


def _entries(document: object) -> list[Mapping[str, object]]:
    entries = _mapping(_mapping(document).get("log")).get("entries")
    if not isinstance(entries, list):
        raise ValueError("this is no HAR file: it has no log.entries; export one from the browser's network panel")
    return [_mapping(entry) for entry in entries]


def _set_cookies(response: Mapping[str, object]) -> list[str]:
    """The ``Set-Cookie`` values of one response: from its headers, or from its cookies where headers were left out."""
    headers = [_mapping(header) for header in _list(response.get("headers"))]
    values = [_text(header, "value") for header in headers if _text(header, "name").lower() == "set-cookie"]
    lines = [line for value in values for line in value.split("\n") if line.strip()]  # some browsers join them
    return lines or [_as_line(_mapping(cookie)) for cookie in _list(response.get("cookies"))]


def _as_line(cookie: Mapping[str, object]) -> str:
    attributes = [f"; {name}={_text(cookie, name)}" for name in _ATTRIBUTES if _text(cookie, name)]
    return f"{_text(cookie, 'name')}={_text(cookie, 'value')}{''.join(attributes)}"


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(mapping: Mapping[str, object], key: str) -> str:
    value = mapping.get(key)
    return value if isinstance(value, str) else ""
