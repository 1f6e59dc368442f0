"""How long rows are kept, and since which policy a purpose is stated: set once, kept in ``purpose_terms``.

``analytics`` and ``anonymous`` are how long rows exist: ClickHouse deletes them by the TTL of their tables. Any other
purpose is how long a row may be used for it, which the view ``usage_for`` heeds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from clickhouse_connect.driver.client import Client

#: CNIL 2020-091 §50: audience data are kept for 25 months at most.
ANALYTICS_MONTHS = 25

_NOBODY = "toUUID('00000000-0000-0000-0000-000000000000')"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
_LONGEST = 1200


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """Of one purpose: ``months`` 0 is without end, ``since_version`` 0 is any policy."""

    since_version: int = 0
    months: int = 0


def terms(client: Client, database: str) -> dict[str, Term]:
    """What is set, by purpose. Raises the client's error where there are no tables."""
    asked = f"SELECT purpose, since_version, months FROM `{database}`.purpose_terms FINAL ORDER BY purpose"  # noqa: S608
    rows = client.query(asked).result_rows
    return {str(purpose): Term(since_version=version, months=months) for purpose, version, months in rows}


def set_terms(
    client: Client,
    database: str,
    *,
    retention: Mapping[str, int] | None = None,
    stated: Mapping[str, int] | None = None,
) -> dict[str, Term]:
    """Set months by purpose, and policy versions by purpose; what is not named stays. All terms, as they are then.

    Rows that are too old by a shorter term are deleted in the background. Raises ValueError for a purpose, a number of
    months or a version that is none, and the client's error.
    """
    retention, stated = retention or {}, stated or {}
    for purpose in (*retention, *stated):
        _check_name(purpose)
    _check(retention, _LONGEST, "months")
    _check(stated, 65_535, "policy version")
    known = terms(client, database)
    for purpose in {**retention, **stated}:
        before = known.get(purpose, Term())
        term = Term(
            since_version=stated.get(purpose, before.since_version), months=retention.get(purpose, before.months)
        )
        _write(client, database, purpose, term)
        known[purpose] = term
    if {"analytics", "anonymous"} & set(retention):
        for sql in _ttl_statements(database, known):
            client.command(sql)
    return known


def _write(client: Client, database: str, purpose: str, term: Term) -> None:
    client.command(
        f"INSERT INTO `{database}`.purpose_terms SELECT "
        "{purpose:String}, {version:UInt16}, {months:UInt16}, now64(3)",
        parameters={"purpose": purpose, "version": term.since_version, "months": term.months},
    )


def _ttl_statements(database: str, known: Mapping[str, Term]) -> Iterator[str]:
    people = known.get("analytics", Term()).months or ANALYTICS_MONTHS
    nobody = known.get("anonymous", Term()).months
    rules = [f"toDateTime(time) + INTERVAL {people} MONTH DELETE WHERE visitor_id != {_NOBODY}"]
    if nobody:
        rules.append(f"toDateTime(time) + INTERVAL {nobody} MONTH DELETE WHERE visitor_id = {_NOBODY}")
    yield f"ALTER TABLE `{database}`.events MODIFY TTL {', '.join(rules)}"
    yield f"ALTER TABLE `{database}`.visit_states MODIFY TTL day + INTERVAL {people} MONTH"
    yield f"ALTER TABLE `{database}`.member_log MODIFY TTL toDateTime(time) + INTERVAL {people} MONTH"


def _check_name(purpose: str) -> None:
    if not _NAME.fullmatch(purpose):
        raise ValueError(f"purpose {purpose!r}: a name is a lower-case word of at most 32 letters, digits and _")


def _check(numbers: Mapping[str, int], most: int, what: str) -> None:
    for purpose, number in numbers.items():
        if not 1 <= number <= most:
            raise ValueError(f"{purpose}={number}: the {what} of a purpose is a whole number from 1 to {most}")
