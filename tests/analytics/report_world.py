"""A small world of visitors to ask reports about: who did what, and when, as rows of the events table."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta

from clickhouse_connect.driver.client import Client

NOBODY = uuid.UUID(int=0)
REQUESTS = ("page_view", "request")


@dataclass(frozen=True, kw_only=True)
class Row:
    """The columns of one event that reports look at; the others keep the table's defaults."""

    time: datetime
    site: str = "main"
    kind: str = "page_view"
    path: str = "/"
    status: int = 200
    bytes: int = 1000
    duration_us: int = 0
    source: str = ""
    channel: str = "Direct"
    browser: str = "Firefox"
    os: str = "Linux"
    device: str = "desktop"
    bot: str = ""
    visitor_id: uuid.UUID = NOBODY
    visit_number: int = 0
    member_id: str = ""
    name: str = ""
    route: str = ""
    referrer: str = ""
    country: str = ""
    language: str = ""
    gpc: bool = False
    purposes: list[str] = field(default_factory=list)
    props: dict[str, str] = field(default_factory=dict)


COLUMNS = [one.name for one in fields(Row)]


def at(text: str) -> datetime:
    """``at("2026-03-29 01:30:00")`` is that moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def insert(client: Client, database: str, rows: Sequence[Row]) -> None:
    """Put the rows into the events table, and count their requests as the shipper does."""
    started = _visits_started(rows)
    values = [[*(getattr(row, column) for column in COLUMNS), started[_visit_of(row)]] for row in rows]
    client.insert("events", values, column_names=[*COLUMNS, "visit_started"], database=database)
    account(client, database, Counter((row.time.date(), row.site, "row") for row in rows if row.kind in REQUESTS))


def _visit_of(row: Row) -> tuple[str, uuid.UUID, int]:
    return row.site, row.visitor_id, row.visit_number


def _visits_started(rows: Sequence[Row]) -> dict[tuple[str, uuid.UUID, int], datetime]:
    """When each visit began, as the visitor's cookie says it on every one of its rows."""
    started: dict[tuple[str, uuid.UUID, int], datetime] = {}
    for row in sorted(rows, key=lambda row: row.time):
        began = row.time.replace(microsecond=0) if row.visit_number else datetime(1970, 1, 1, tzinfo=UTC)
        started.setdefault(_visit_of(row), began)
    return started


def account(
    client: Client, database: str, counts: Counter[tuple[object, str, str]], *, source: str = "journal"
) -> None:
    """Count requests by day, site and outcome, as a batch of its own: the same one twice would be dropped."""
    rows = [[*key, source, str(uuid.uuid4()), count] for key, count in counts.items()]
    columns = ["day", "site", "outcome", "source", "batch", "requests"]
    client.insert("accounting", rows, column_names=columns, database=database)


def world(seed: int = 7) -> list[Row]:
    """Visits around two DST changes and a month's end; two members on a browser; the refused; robots."""
    dice = random.Random(seed)
    starts = [at("2026-03-28 20:00"), at("2026-10-24 20:00"), at("2026-10-31 12:00")]
    rows: list[Row] = []
    for _ in range(60):
        rows += _visitor(dice, starts)
    for _ in range(150):
        rows.append(_refused(dice, starts))
    for _ in range(80):
        rows.append(_robot(dice, starts))
    return rows


def _moment(dice: random.Random, starts: Sequence[datetime]) -> datetime:
    return dice.choice(starts) + timedelta(milliseconds=dice.randrange(36 * 3600 * 1000))


def _visitor(dice: random.Random, starts: Sequence[datetime]) -> Iterator[Row]:
    browser, os, device = dice.choice((("Firefox", "Linux", "desktop"), ("Safari", "iOS", "mobile")))
    who = Row(
        time=starts[0],
        site=dice.choice(("main", "main", "shop")),
        visitor_id=uuid.UUID(int=dice.getrandbits(128)),
        browser=browser,
        os=os,
        device=device,
    )
    began = sorted(_moment(dice, starts) for _ in range(dice.randint(1, 4)))
    for number, start in enumerate(began, 1):
        yield from _visit(dice, replace(who, time=start, visit_number=number))


def _visit(dice: random.Random, entry: Row) -> Iterator[Row]:
    source, channel = dice.choice((("", "Direct"), ("Google", "Organic Search"), ("blog.example", "Referral")))
    now, member = entry.time, ""
    for step in range(dice.randint(1, 16)):
        now += timedelta(milliseconds=dice.choice((1, 900, 29_999, 30_000, 30_001, 90_000, 600_000)))
        came_from = {"source": source, "channel": channel} if step == 0 else {"channel": "Internal"}
        here = replace(entry, time=now, member_id=member, **came_from)
        what = dice.random()
        if what < 0.12:
            member = dice.choice(("ada", "bob", "cyd"))
            yield replace(here, kind="request", path="/sign-in", member_id=member)
            yield replace(here, time=now + timedelta(milliseconds=3), kind="sign_in", member_id=member)
            now += timedelta(milliseconds=5)
        elif what < 0.2 and member:
            yield replace(here, kind="sign_out")
            member = ""
        elif what < 0.45:
            kind = dice.choice(("document", "database"))
            yield replace(here, kind="request", path=f"/{kind}", bytes=dice.randrange(9_000))
            yield replace(here, kind=kind, name=dice.choice(("a.pdf", "b.pdf")))
        else:
            path = dice.choice(("/", "/about", "/books/1"))
            yield replace(here, path=path, bytes=dice.randrange(9_000), duration_us=dice.choice((0, 700, 1900, 52_000)))


def _refused(dice: random.Random, starts: Sequence[datetime]) -> Row:
    minute = _moment(dice, starts).replace(second=0, microsecond=0)
    kind = dice.choice(("page_view", "page_view", "request", "document"))
    source, channel = dice.choice((("", "Direct"), ("Google", "Organic Search"), ("", "Internal")))
    return Row(
        time=minute,
        kind=kind,
        path=dice.choice(("/", "/about")),
        source=source,
        channel=channel,
        name="a.pdf" if kind == "document" else "",
    )


def _robot(dice: random.Random, starts: Sequence[datetime]) -> Row:
    return replace(_refused(dice, starts), bot=dice.choice(("GPTBot", "headless browser")), browser="", device="bot")
