"""The guard itself: consent and billing data, on every cookie the app sets or reads. Pure.

A granted cookie passes byte for byte and in its place. What is dropped is counted, and in development the
log says which line to add to the settings.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from footfall.consent.consent import Consent
from footfall.consent.purposes import Cookie
from footfall.cookies import Attributes, Jar, expire
from footfall.guard.billing import Finding, find_billing_data, find_in_pair
from footfall.guard.declared import Declarations
from footfall.guard.set_cookie import cookie_name, take_apart
from footfall.settings import Settings

log = logging.getLogger("footfall.guard")

Reason = Literal["refused", "undeclared", "billing", "reserved"]
Headers = list[tuple[bytes, bytes]]

#: Longer names are cut where they are counted: a name is the app's, but it may hold anything.
_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Dropped:
    """A cookie that did not pass: enough to count it and to find who set it, nothing of its value."""

    name: str
    reason: Reason
    direction: Literal["out", "in"]
    kinds: tuple[str, ...] = ()  # of billing data


class Guard:
    """Judges the cookies of one site."""

    def __init__(self, settings: Settings, own: frozenset[str]) -> None:
        self._declared = Declarations(settings.cookies, own)
        self._all_cookies = tuple(settings.cookies)
        self._reports_undeclared = settings.undeclared == "report"
        self._trusted = tuple(settings.trusted_ids)
        self._development = settings.development
        self.refuses_billing = settings.on_billing == "refuse"

    # -- what leaves

    def outbound(self, headers: Headers, consent: Consent, now: float) -> tuple[Headers, list[Dropped]]:
        """The headers with only those ``Set-Cookie`` lines that may leave, in their order."""
        kept: Headers = []
        dropped: list[Dropped] = []
        for header in headers:
            verdict = self._judge(header[1], consent, now) if header[0].lower() == b"set-cookie" else None
            if verdict is None:
                kept.append(header)
            else:
                dropped.append(verdict)
        for one in dropped:
            self._tell(one)
        return kept, dropped

    def _judge(self, raw: bytes, consent: Consent, now: float) -> Dropped | None:
        line = raw.decode("latin-1")
        name = cookie_name(line)
        findings = find_billing_data(line, trusted_ids=self._trusted)
        if findings:
            return _billing(findings, "out")
        if name in self._declared.own:
            return Dropped(name, "reserved", "out")  # ours are added after the guard; this is none of ours
        reason = self._refusal(name, consent)
        if reason is None or take_apart(line).removes(now):
            return None
        return Dropped(name[:_LONGEST_NAME], reason, "out")

    def _refusal(self, name: str, consent: Consent) -> Literal["refused", "undeclared"] | None:
        cookie = self._declared.find(name)
        if cookie is None:
            return None if self._reports_undeclared else "undeclared"
        return None if cookie.purpose in consent.granted else "refused"

    # -- what arrives

    def inbound(self, jar: Jar, consent: Consent) -> tuple[Jar, list[Dropped]]:
        """The cookies the app may read; the very same jar where nothing is to be taken out."""
        foreign = [name for name in jar if name not in self._declared.own]
        if not foreign:
            return jar, []
        hidden = {name: one for name in foreign if (one := self._judge_inbound(name, jar[name], consent)) is not None}
        if not hidden:
            return jar, []
        return {name: value for name, value in jar.items() if name not in hidden}, list(hidden.values())

    def _judge_inbound(self, name: str, value: str, consent: Consent) -> Dropped | None:
        findings = find_in_pair(name, value, trusted_ids=self._trusted)
        if findings:
            return _billing(findings, "in")
        reason = self._refusal(name, consent)
        return Dropped(name[:_LONGEST_NAME], reason, "in") if reason else None

    # -- what is taken back

    def removals(self, jar: Jar, consent: Consent) -> list[str]:
        """``Set-Cookie`` values that remove every stored cookie whose purpose is not granted.

        A browser deletes a cookie only when path, domain and partition agree, so the declared ones and the
        plain host-wide ones are all named; HttpOnly does not matter to a server.
        """
        lines: list[str] = []
        for name in jar:
            cookie = self._declared.find(name)
            if cookie is not None and cookie.purpose not in consent.granted:
                lines += self.removal_lines(name, cookie)
        return lines

    @staticmethod
    def removal_lines(name: str, cookie: Cookie) -> list[str]:
        return [expire(name, attributes) for attributes in _places(name, cookie)]

    def _tell(self, dropped: Dropped) -> None:
        if dropped.reason == "billing":
            log.error("a cookie with billing data was dropped: %r holds %s", dropped.name, ", ".join(dropped.kinds))
        elif self._development:
            log.warning(_advice(dropped))


def _places(name: str, cookie: Cookie) -> Iterator[Attributes]:
    host_only = name.startswith("__Host-")
    paths = {"/"} if host_only else {cookie.path, "/"}
    domains = {None} if host_only else {cookie.domain, None}
    secure = host_only or name.startswith("__Secure-") or cookie.partitioned
    for path in sorted(paths):
        for domain in sorted(domains, key=str):
            for partitioned in {False, cookie.partitioned}:
                yield Attributes(max_age=timedelta(0), path=path, domain=domain, secure=secure, partitioned=partitioned)


def _billing(findings: list[Finding], direction: Literal["out", "in"]) -> Dropped:
    kinds = tuple(sorted({finding.kind for finding in findings}))
    return Dropped(findings[0].cookie[:_LONGEST_NAME], "billing", direction, kinds)


def _advice(dropped: Dropped) -> str:
    if dropped.reason == "undeclared":
        return (
            f"dropped the cookie {dropped.name!r}: it is not declared. If it should pass, add to Settings.cookies: "
            f'Cookie("{dropped.name}", purpose="…", lifetime=timedelta(days=…), description="…")'
        )
    if dropped.reason == "reserved":
        return f"dropped the cookie {dropped.name!r}: the app set it, and the name is one of ours"
    return f"dropped the cookie {dropped.name!r}: the visitor has not granted its purpose"
