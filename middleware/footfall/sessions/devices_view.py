"""A member's sessions in words, for the page that shows them (ASVS 7.5.2). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from footfall.consent.texts import Texts
from footfall.sessions.agents import software
from footfall.sessions.devices import SessionInfo
from footfall.sessions.places import country

_JUST_NOW_S = 120.0  # a session in use is written to once a minute


@dataclass(frozen=True, kw_only=True, slots=True)
class Device:
    """One browser as the page shows it. ``facts`` are pairs of a label and its value."""

    id: str
    name: str
    current: bool
    notes: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


def in_words(sessions: Iterable[SessionInfo], words: Texts, now: float) -> list[Device]:
    """The sessions in their order, this browser's first."""
    return [_device(info, words, now) for info in sorted(sessions, key=lambda info: not info.current)]


def _device(info: SessionInfo, words: Texts, now: float) -> Device:
    notes = (
        words.say("devices.this_device") if info.current else "",
        words.say("devices.remembered") if info.remembered else "",
        "" if info.live else words.say("devices.asleep"),
    )
    facts = (
        (words.say("devices.last_seen"), when(now if info.current else info.last_seen, words, now)),
        (words.say("devices.signed_in"), when(info.created_at, words, now)),
        (words.say("devices.place"), country(info.country, words.language)),
    )
    return Device(
        id=info.id,
        name=name_of(info.user_agent, words),
        current=info.current,
        notes=tuple(filter(None, notes)),
        facts=tuple((label, value) for label, value in facts if value),
    )


def name_of(user_agent: str, words: Texts) -> str:
    """ "Firefox on Windows", as far as the user agent tells."""
    browser, system = software(user_agent)
    if browser and system:
        return words.say("devices.browser_on_system", browser=browser, system=system)
    return browser or system or words.say("devices.unknown")


def when(at: float, words: Texts, now: float) -> str:
    """ "just now", "today, 13:40 UTC", "yesterday, 13:40 UTC", and what is older as a date by ISO 8601, which
    reads the same in every language. Times are Unix seconds."""
    if now - at < _JUST_NOW_S:
        return words.say("devices.now")
    moment, today = datetime.fromtimestamp(at, UTC), datetime.fromtimestamp(now, UTC).date()
    time = f"{moment:%H:%M} UTC"
    if moment.date() == today:
        return words.say("devices.today", time=time)
    if moment.date() == today - timedelta(days=1):
        return words.say("devices.yesterday", time=time)
    return f"{moment:%Y-%m-%d}"
