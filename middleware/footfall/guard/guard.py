"""The guard itself: consent, billing data and attributes, on every cookie the app sets or reads. Pure.

A granted cookie passes byte for byte and in its place. What is dropped is counted, and in development the
log says which line to add to the settings.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from footfall.caching import Headers
from footfall.consent.consent import Consent
from footfall.consent.purposes import Cookie
from footfall.cookies import Jar
from footfall.guard.attributes import Flaw, flaws, repaired
from footfall.guard.billing import Finding, find_in_response
from footfall.guard.declared import Declarations
from footfall.guard.set_cookie import SetCookie, take_apart
from footfall.settings import Settings

log = logging.getLogger("footfall.guard")

Reason = Literal["refused", "undeclared", "billing", "reserved", "size", "attributes"]
Direction = Literal["out", "in"]

#: All the Set-Cookie lines of one response; servers and proxies commonly refuse headers from 8 kB on.
HEADER_BUDGET = 8192

_LONGEST_REMEMBERED = 2048
_find_once = lru_cache(maxsize=1024)(find_in_response)

#: Longer names are cut where they are counted: a name is the app's, but it may hold anything.
_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Dropped:
    """A cookie that did not pass: enough to count it and to find who set it, nothing of its value."""

    name: str
    reason: Reason
    direction: Direction
    kinds: tuple[str, ...] = ()  # of billing data, or of attributes


class BillingDataError(Exception):
    """Raised in development: a handler put billing data into a cookie. Says which and what kind, never the data."""


class Guard:
    """Judges the cookies of one site."""

    def __init__(self, settings: Settings, own: frozenset[str]) -> None:
        self.declared = Declarations(settings.cookies, own)
        self._reports_undeclared = settings.undeclared == "report"
        self._on_flaw = settings.attributes
        self._trusted = tuple(settings.trusted_ids)
        self._development = settings.development

    # -- what leaves

    def outbound(
        self, headers: Headers, consent: Consent, now: float, *, secure: bool
    ) -> tuple[Headers, list[Dropped]]:
        """The headers with only those ``Set-Cookie`` lines that may leave, in their order."""
        lines = [value.decode("latin-1") for name, value in headers if name.lower() == b"set-cookie"]
        billing = iter(find_in_response(lines, trusted_ids=self._trusted))
        kept: Headers = []
        dropped: list[Dropped] = []
        for header in headers:
            if header[0].lower() != b"set-cookie":
                kept.append(header)
                continue
            verdict = self._judge(header[1], next(billing), consent, now, secure)
            if isinstance(verdict, Dropped):
                dropped.append(verdict)
            else:
                kept.append(header if verdict is None else (header[0], verdict))
        self._watch_budget(lines)
        for one in dropped:
            self._tell(one)
        return kept, dropped

    def _judge(
        self, raw: bytes, findings: list[Finding], consent: Consent, now: float, secure: bool
    ) -> Dropped | bytes | None:
        """``None`` passes as it is, bytes pass instead of it."""
        if findings:
            return _billing(findings, "out")
        line = raw.decode("latin-1")
        cookie = take_apart(line)
        if cookie.name in self.declared.own:
            return Dropped(cookie.name, "reserved", "out")  # ours are added after the guard; this is none of ours
        if cookie.removes(now):
            return None  # to delete a cookie needs nobody's consent
        reason = self._refusal(cookie.name, consent)
        if reason is not None:
            return Dropped(cookie.name[:_LONGEST_NAME], reason, "out")
        declared = self.declared.find(cookie.name)
        found = flaws(cookie, declared, secure=secure, now=now)
        return self._mend(line, cookie, found, declared) if found else None

    def _mend(self, line: str, cookie: SetCookie, found: list[Flaw], declared: Cookie | None) -> Dropped | bytes | None:
        kinds = tuple(flaw.attribute for flaw in found)
        if "size" in kinds:
            return Dropped(cookie.name[:_LONGEST_NAME], "size", "out", kinds)
        if self._on_flaw == "refuse":
            return Dropped(cookie.name[:_LONGEST_NAME], "attributes", "out", kinds)
        if self._development:
            log.warning("the cookie %r %s", cookie.name, "; ".join(flaw.says for flaw in found))
        if self._on_flaw == "report":
            found = [flaw for flaw in found if flaw.attribute == "lifetime"]  # what visitors were told always holds
        return repaired(line, cookie, found, declared).encode("latin-1") if found else None

    def _refusal(self, name: str, consent: Consent) -> Literal["refused", "undeclared"] | None:
        cookie = self.declared.find(name)
        if cookie is None:
            return None if self._reports_undeclared else "undeclared"
        return None if consent.allows_cookie(cookie) else "refused"

    def _watch_budget(self, lines: Sequence[str]) -> None:
        size = sum(map(len, lines))
        if size > HEADER_BUDGET:
            log.warning("one response sets %d cookies in %d bytes; proxies refuse headers that long", len(lines), size)

    # -- what arrives

    def inbound(self, jar: Jar, consent: Consent) -> tuple[Jar, dict[str, Dropped]]:
        """The cookies the app may read, and by their names those it may not; the very same jar where all may pass."""
        foreign = [name for name in jar if name not in self.declared.own]
        if not foreign:
            return jar, {}
        hidden = {
            name: one
            for name, findings in zip(foreign, self._look_into(foreign, jar), strict=True)
            if (one := self._judge_inbound(name, findings, consent)) is not None
        }
        if not hidden:
            return jar, {}
        return {name: value for name, value in jar.items() if name not in hidden}, hidden

    def _look_into(self, foreign: list[str], jar: Jar) -> Sequence[Sequence[Finding]]:
        """The findings in each cookie, those too that it has together with its numbered neighbours."""
        lines = tuple(f"{name}={jar[name]}" for name in foreign)
        # A browser sends the same cookies with every request: those of usual length are looked into once.
        look = _find_once if sum(map(len, lines)) <= _LONGEST_REMEMBERED else find_in_response
        return look(lines, trusted_ids=self._trusted)

    def _judge_inbound(self, name: str, findings: Sequence[Finding], consent: Consent) -> Dropped | None:
        if findings:
            return _billing(findings, "in")
        reason = self._refusal(name, consent)
        return Dropped(name[:_LONGEST_NAME], reason, "in") if reason else None

    # -- what is told

    def _tell(self, dropped: Dropped) -> None:
        if dropped.reason == "billing":
            log.error("a cookie with billing data was dropped: %r holds %s", dropped.name, ", ".join(dropped.kinds))
        elif self._development:
            log.warning(advice(dropped))


def _billing(findings: Sequence[Finding], direction: Direction) -> Dropped:
    kinds = tuple(sorted({finding.kind for finding in findings}))
    return Dropped(findings[0].cookie[:_LONGEST_NAME], "billing", direction, kinds)


def advice(dropped: Dropped) -> str:
    """What a developer is told of a cookie that did not pass: why, and the line that lets it."""
    name = dropped.name
    match dropped.reason:
        case "undeclared":
            return (
                f"dropped the cookie {name!r}: it is not declared. If it should pass, add to Settings.cookies: "
                f'Cookie("{name}", purpose="…", lifetime=timedelta(days=…), description="…")'
            )
        case "reserved":
            return f"dropped the cookie {name!r}: the app set it, and the name is one of ours; choose another"
        case "size":
            return f"dropped the cookie {name!r}: over 4096 bytes of name and value, which no browser keeps"
        case "attributes":
            return (
                f"dropped the cookie {name!r}: its {', '.join(dropped.kinds)} must be put right (Settings.attributes)"
            )
        case "billing":
            return f"dropped the cookie {name!r}: it holds {', '.join(dropped.kinds)}; keep billing data on the server"
        case _:
            return f"dropped the cookie {name!r}: the visitor has not granted its purpose, or refused its service"
