"""Two months of a small site, with a drop to be found: the newsletter did not go out for a week."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tests.analytics.report_world import Row

NOW = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)

#: The days on which no visit came from the newsletter, by how long ago they are.
DROP = range(9, 14)

_PAGES = ("/", "/articles", "/articles/the-quiet-hour", "/documents")


def month(seed: int = 5) -> list[Row]:
    dice = random.Random(seed)
    return [row for ago in range(60) for visitor in range(8) for row in _visit(dice, ago, visitor)]


def _visit(dice: random.Random, ago: int, visitor: int) -> Iterator[Row]:
    newsletter = visitor % 2 == 0
    if newsletter and ago in DROP:
        return
    start = NOW - timedelta(days=ago, minutes=dice.randrange(20) if ago == 0 else dice.randrange(400))
    source, channel = ("Newsletter", "Email") if newsletter else ("Google", "Organic Search")
    who = Row(
        time=start,
        path="/",
        country=("DE", "AT", "FR", "")[visitor % 4],
        language="de",
        browser=("Firefox", "Chrome")[visitor % 2],
        visitor_id=uuid.UUID(int=visitor + 1),
        visit_number=60 - ago,
        visit_started=start.replace(microsecond=0),
        member_id="ada" if visitor == 0 else "",
        purposes=["analytics", "necessary"],
    )
    for step in range(dice.randint(1, 4)):
        where = {"source": source, "channel": channel} if step == 0 else {"channel": "Internal"}
        values = {name: getattr(who, name) for name in Row.__dataclass_fields__}
        yield Row(**{**values, **where, "time": start + timedelta(seconds=30 * step), "path": _PAGES[step]})
    if visitor == 0:
        values = {name: getattr(who, name) for name in Row.__dataclass_fields__}
        document = {"kind": "document", "path": "/documents", "name": "=charges.pdf"}
        yield Row(**{**values, **document, "time": start + timedelta(seconds=200)})
