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
    route: str = ""
    status: int = 200
    bytes: int = 1000
    duration_us: int = 0
    referrer: str = ""
    source: str = ""
    channel: str = "Direct"
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    browser: str = "Firefox"
    os: str = "Linux"
    device: str = "desktop"
    bot: str = ""
    country: str = ""
    language: str = ""
    visitor_id: uuid.UUID = NOBODY
    visit_number: int = 0
    visit_started: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    member_id: str = ""
    member_how: str = ""
    purposes: list[str] = field(default_factory=list)
    gpc: bool = False
    name: str = ""
    props: dict[str, str] = field(default_factory=dict)


COLUMNS = [one.name for one in fields(Row)]


def at(text: str) -> datetime:
    """``at("2026-03-29 01:30:00")`` is that moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def insert(client: Client, database: str, rows: Sequence[Row], *, batches: int = 1) -> None:
    """Put the rows into the events table, in batches that cut through visits, and count their requests as the shipper
    does."""
    for first in range(batches):
        values = [[getattr(row, column) for column in COLUMNS] for row in rows[first::batches]]
        client.insert("events", values, column_names=COLUMNS, database=database)
    account(client, database, Counter((row.time.date(), row.site, "row") for row in rows if row.kind in REQUESTS))


def account(
    client: Client, database: str, counts: Counter[tuple[object, str, str]], *, source: str = "journal"
) -> None:
    """Count requests by day, site and outcome, as a batch of its own: the same one twice would be dropped."""
    rows = [[*key, source, str(uuid.uuid4()), count] for key, count in counts.items()]
    columns = ["day", "site", "outcome", "source", "batch", "requests"]
    client.insert("accounting", rows, column_names=columns, database=database)


def world(seed: int = 7) -> list[Row]:
    """Visits around two DST changes and a month's end, and weeks later; members on several browsers and several members
    on one; the refused; robots; errors; choices; dropped cookies."""
    dice = random.Random(seed)
    rows: list[Row] = []
    for _ in range(70):
        rows += _visitor(dice)
    for _ in range(170):
        rows.append(_refused(dice))
    for _ in range(80):
        rows.append(_robot(dice))
    for _ in range(60):
        rows.append(_choice(dice))
    return rows


_STARTS = [at("2026-03-28 20:00"), at("2026-10-24 20:00"), at("2026-10-31 12:00")]

_ORIGINS = (
    {},
    {"source": "Google", "channel": "Organic Search"},
    {"source": "blog.example", "channel": "Referral"},
    {"source": "Letter", "channel": "Email", "utm_source": "letter", "utm_medium": "email", "utm_campaign": "may"},
    {"source": "Letter", "channel": "Email", "utm_source": "letter", "utm_medium": "email", "utm_campaign": "june"},
)


def _moment(dice: random.Random) -> datetime:
    return dice.choice(_STARTS) + timedelta(milliseconds=dice.randrange(36 * 3600 * 1000))


def _visitor(dice: random.Random) -> Iterator[Row]:
    browser, os, device = dice.choice((("Firefox", "Linux", "desktop"), ("Safari", "iOS", "mobile")))
    granted = dice.choice((["analytics", "necessary"], ["analytics", "necessary", "personalization"]))
    who = Row(
        time=_STARTS[0],
        site=dice.choice(("main", "main", "shop")),
        visitor_id=uuid.UUID(int=dice.getrandbits(128)),
        browser=browser,
        os=os,
        device=device,
        country=dice.choice(("DE", "DE", "FR", "")),
        language=dice.choice(("de", "en", "")),
        purposes=granted,
    )
    first = _moment(dice)
    later = [first + timedelta(days=dice.choice((1, 2, 6, 8, 13, 35, 61)), hours=number) for number in range(3)]
    for number, start in enumerate(sorted([first, *dice.sample(later, dice.randint(0, 3))]), 1):
        began = start.replace(microsecond=0)
        yield from _visit(dice, replace(who, time=start, visit_number=number, visit_started=began))


def _visit(dice: random.Random, entry: Row) -> Iterator[Row]:
    origin = dice.choice(_ORIGINS)
    now, member, how = entry.time, "", ""
    for step in range(dice.randint(1, 16)):
        now += timedelta(milliseconds=dice.choice((1, 900, 29_999, 30_000, 30_001, 90_000, 600_000)))
        came_from = origin if step == 0 else {"channel": "Internal"}
        here = replace(entry, time=now, member_id=member, member_how=how, **came_from)  # type: ignore[arg-type]
        what = dice.random()
        if what < 0.12:
            member, how = dice.choice(("ada", "bob", "cyd")), dice.choice(("login", "remembered"))
            here = replace(here, member_id=member, member_how=how)
            yield replace(here, kind="request", path="/sign-in")
            yield replace(here, time=now + timedelta(milliseconds=3), kind="sign_in")
            now += timedelta(milliseconds=5)
        elif what < 0.2 and member:
            yield replace(here, kind="sign_out")
            member = how = ""
        elif what < 0.4:
            kind = dice.choice(("document", "database"))
            name = dice.choice(("a.pdf", "b.pdf", "c.pdf", "d.pdf"))
            yield replace(here, kind="request", path=f"/{kind}", bytes=dice.randrange(9_000))
            yield replace(here, kind=kind, name=name)
        elif what < 0.45:
            yield replace(here, kind="event", name="order", props={"plan": dice.choice(("pro", "free"))})
        elif what < 0.5:
            yield _error(dice, here)
        else:
            path = dice.choice(("/", "/about", "/books/1", "/books/2"))
            route = "/books/{id}" if path.startswith("/books") else path
            took = dice.choice((0, 700, 1900, 52_000))
            yield replace(here, path=path, route=route, bytes=dice.randrange(9_000), duration_us=took)


def _error(dice: random.Random, here: Row) -> Row:
    status = dice.choice((404, 404, 500, 403))
    path, route = ("/lost", "") if status == 404 else ("/books/7", "/books/{id}")
    referrer = dice.choice(("", "https://blog.example/links"))
    return replace(here, kind="request", path=path, route=route, status=status, referrer=referrer, duration_us=400)


def _refused(dice: random.Random) -> Row:
    minute = _moment(dice).replace(second=0, microsecond=0)
    kind = dice.choice(("page_view", "page_view", "request", "document"))
    origin = dice.choice((*_ORIGINS, {"channel": "Internal"}))
    here = Row(
        time=minute,
        site=dice.choice(("main", "main", "shop")),
        kind=kind,
        path=dice.choice(("/", "/about")),
        name="a.pdf" if kind == "document" else "",
        country=dice.choice(("DE", "FR", "AT")),
        gpc=dice.random() < 0.2,
        **origin,  # type: ignore[arg-type]
    )
    return _error(dice, here) if kind == "request" else here


def _robot(dice: random.Random) -> Row:
    name = dice.choice(("GPTBot", "ClaudeBot", "headless browser", "http library", "Nutch"))
    return replace(_refused(dice), bot=name, browser="", device="bot", gpc=False)


def _choice(dice: random.Random) -> Row:
    if dice.random() < 0.2:
        facts = {"direction": "out", "reason": "not granted", "declared": dice.choice(("yes", "no"))}
        return replace(_refused(dice), kind="cookie", name=dice.choice(("_ga", "theme")), props=facts)
    name, granted = dice.choice(
        (
            ("accept_all", "analytics marketing necessary preferences"),
            ("reject_all", ""),
            ("reject_all", "necessary"),
            ("custom", "necessary preferences"),
        )
    )
    layer = dice.choice(("notice", "notice", "preferences"))
    language = dice.choice(("", "de", "fr"))
    return replace(
        _refused(dice), kind="consent", name=name, language=language, props={"granted": granted, "layer": layer}
    )
