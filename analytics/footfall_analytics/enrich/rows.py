"""Events into the columns of the table ``events``: enriched, in the order in which they are inserted.

Everything derived is a pure function of a few strings that repeat (the user agent; the referrer, host and query), so
each distinct combination is worked out once and then looked up.

An anonymous row keeps families only: no versions, and no user agent unless it is a robot's.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from operator import attrgetter

from footfall.event import Event
from footfall_analytics.enrich.agents import parse
from footfall_analytics.enrich.bots import LONGEST_AGENT, bot_name
from footfall_analytics.enrich.campaigns import campaign_of
from footfall_analytics.enrich.sources import source_of

_NAME = "LowCardinality(String)"

#: The columns of ``events``, name and ClickHouse type, in the order of ``columns_of``.
COLUMNS: tuple[tuple[str, str], ...] = (
    ("time", "DateTime64(3, 'UTC')"),
    ("site", _NAME),
    ("kind", _NAME),
    ("host", _NAME),
    ("method", _NAME),
    ("path", "String"),
    ("query", "String"),
    ("route", _NAME),
    ("status", "UInt16"),
    ("bytes", "UInt64"),
    ("duration_us", "UInt32"),
    ("referrer", "String"),
    ("referrer_host", _NAME),
    ("source", _NAME),
    ("channel", _NAME),
    ("utm_source", _NAME),
    ("utm_medium", _NAME),
    ("utm_campaign", _NAME),
    ("utm_term", "String"),
    ("utm_content", "String"),
    ("browser", _NAME),
    ("browser_version", _NAME),
    ("os", _NAME),
    ("os_version", _NAME),
    ("device", _NAME),
    ("bot", _NAME),
    ("user_agent", "String"),
    ("ip", "String"),
    ("country", _NAME),
    ("language", _NAME),
    ("visitor_id", "UUID"),
    ("visit_number", "UInt32"),
    ("member_id", "String"),
    ("member_how", _NAME),
    ("purposes", "Array(LowCardinality(String))"),
    ("policy_version", "UInt16"),
    ("consent_source", _NAME),
    ("gpc", "Bool"),
    ("name", "String"),
    ("props", "Map(LowCardinality(String), String)"),
    ("visit_started", "DateTime('UTC')"),
)

_ORIGIN = (
    "referrer_host",
    "source",
    "channel",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
)
_AGENT = ("browser", "browser_version", "os", "os_version", "device", "bot", "user_agent")
_UINT16_MAX = 2**16 - 1
_UINT32_MAX = 2**32 - 1


def columns_of(events: Sequence[Event]) -> list[list[object]]:
    """One list for each of ``COLUMNS``, for ``client.insert(…, column_oriented=True)``.

    Times are Unix milliseconds and visitors their UUID as text, "" for none: the forms that insert fastest (an int
    into DateTime64 is taken as it is, and "" becomes the zero UUID).
    """
    if not events:
        return [[] for _ in COLUMNS]
    worked_out = _worked_out(events)
    return [worked_out.get(name) or list(map(attrgetter(name), events)) for name, _ in COLUMNS]


def _worked_out(events: Sequence[Event]) -> dict[str, list[object]]:
    origins = zip(*[_origin(event.referrer, event.host, event.query) for event in events], strict=True)
    agents = zip(*[_agent(event.user_agent, not event.visitor_id) for event in events], strict=True)
    return {
        "time": [event.time_ms for event in events],
        "country": [_country(event.country) for event in events],
        # one number out of range would refuse the whole batch
        "status": [min(event.status, _UINT16_MAX) for event in events],
        "duration_us": [min(event.duration_us, _UINT32_MAX) for event in events],
        "visit_started": [min(max(event.visit_started, 0), _UINT32_MAX) for event in events],
        **{name: list(column) for name, column in zip(_ORIGIN, origins, strict=True)},
        **{name: list(column) for name, column in zip(_AGENT, agents, strict=True)},
    }


@lru_cache(maxsize=16_384)
def _origin(referrer: str, host: str, query: str) -> tuple[str, ...]:
    campaign = campaign_of(query)
    source = source_of(referrer, host, campaign)
    return (source.referrer_host, source.source, source.channel, *campaign[:5])


@lru_cache(maxsize=16_384)
def _agent(user_agent: str, anonymous: bool) -> tuple[str, ...]:
    bot = bot_name(user_agent)
    agent = parse(user_agent)
    if anonymous:
        agent = agent.families()
    kept = "" if anonymous and not bot else user_agent[:LONGEST_AGENT]
    return (agent.browser, agent.browser_version, agent.os, agent.os_version, agent.device, bot, kept)


@lru_cache(maxsize=1024)
def _country(country: str) -> str:
    code = country.upper()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else ""
