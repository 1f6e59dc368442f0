"""Values split over numbered cookies (``name.0``, ``name_1``, ``nameC2``) are read together as well."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from footfall.guard.billing.finding import Finding
from footfall.guard.billing.set_cookie import inspect_pair, inspect_set_cookie, take_apart

_CHUNK = re.compile(r"(.{1,128}?)(?:[._\-]|C|\[|)([0-9]{1,2})\]?")
_MOST_CHUNKS = 32


def find_in_response(set_cookies: Sequence[str], *, trusted_ids: Collection[str] = ()) -> list[list[Finding]]:
    """The findings of each ``Set-Cookie`` value of one response, in order.

    A family of numbered cookies is read joined, too; what only the whole shows is a finding of each of its members.
    """
    if len(set_cookies) == 1:
        return [inspect_set_cookie(set_cookies[0], trusted_ids).findings()]
    found = [inspect_set_cookie(line, trusted_ids, set()).findings() for line in set_cookies]
    for members in families([take_apart(line)[0] for line in set_cookies]):
        seen = _seen_alone(set_cookies, members, trusted_ids)
        name, value = _joined(set_cookies, members)
        for finding in inspect_pair(name, value, trusted_ids, seen).findings():
            for member in members:
                cookie = take_apart(set_cookies[member])[0]
                path = finding.path.replace("value", "chunks", 1)
                found[member].append(Finding(finding.kind, cookie, path, finding.last))
    return found


def families(names: Sequence[str]) -> list[list[int]]:
    """The positions of cookies numbered in sequence, in the order of their numbers: from 0, from 1, or from 1 or 2
    behind one without a number. Auth.js, ASP.NET and Supabase each do one of these."""
    found = []
    for base, members in _numbered(names):
        order = sorted(members)
        if len(order) > _MOST_CHUNKS or order != list(range(order[0], order[0] + len(order))):
            continue
        family = [members[number] for number in order]
        if len(order) >= 2 and order[0] <= 1:
            found.append(family)
        if order[0] in (1, 2) and base in names:
            found.append([names.index(base), *family])
    return found


def _numbered(names: Sequence[str]) -> list[tuple[str, dict[int, int]]]:
    """Base names and the positions of their numbers; a number that comes again begins another family."""
    complete: list[tuple[str, dict[int, int]]] = []
    current: dict[str, dict[int, int]] = {}
    for position, name in enumerate(names):
        if match := _CHUNK.fullmatch(name):
            base, number = match.group(1), int(match.group(2))
            if number in current.get(base, {}):
                complete.append((base, current.pop(base)))
            current.setdefault(base, {})[number] = position
    return complete + list(current.items())


def _seen_alone(set_cookies: Sequence[str], members: list[int], trusted_ids: Collection[str]) -> set[str]:
    """What one member holds by itself is no finding of the others."""
    seen: set[str] = set()
    for member in members:
        inspect_set_cookie(set_cookies[member], trusted_ids, seen)
    return seen


def _joined(set_cookies: Sequence[str], members: list[int]) -> tuple[str, str]:
    names, values, _ = zip(*(take_apart(set_cookies[member]) for member in members), strict=True)
    match = _CHUNK.fullmatch(names[-1])
    return (match.group(1) if match else names[0]), "".join(value.strip('"') for value in values)
