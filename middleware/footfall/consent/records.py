"""The proof of a choice (GDPR 7(1)): who chose what, when, how, and which words were shown."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Method = Literal["accept_all", "reject_all", "custom", "gpc", "withdraw", "account", "notice_served"]

#: Records stay for a year at least (47 CFR 64.2007(a)(3), 64.2008(a)).
SHORTEST_RETENTION = timedelta(days=366)

#: Retention deletes so many records in one transaction, so that nobody waits for long.
DELETED_AT_ONCE = 5000


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentRecord:
    """One choice, or one notice served. Records are only ever appended; a later one supersedes an earlier by its id.

    Of a ``notice_served`` the ``purposes`` are those it told of, and nothing is granted by it.
    """

    id: str  # 128 random bits, hexadecimal: new_record_id()
    visitor_id: str  # "" where none may be kept
    member_id: str  # "" when nobody was signed in
    at: float  # Unix time by the server's clock, seconds
    method: Method
    purposes: tuple[str, ...]  # granted
    refused: tuple[str, ...]
    policy_version: int
    text_fingerprint: str  # of the exact text shown
    language: str  # it was shown in
    layer: str  # where: the notice, the preferences
    site: str
    supersedes: str = ""  # the id of the choice before
    services: tuple[str, ...] = ()  # granted without their purpose
    services_refused: tuple[str, ...] = ()  # whatever their purpose


@dataclass(frozen=True, slots=True)
class StatedPolicy:
    """A policy that a site has, or has had."""

    site: str
    version: int
    effective: str  # ISO 8601; "" where it states none
    changes: str
    url: str
    at: float  # when the app first ran with it, Unix seconds


@dataclass(frozen=True, slots=True)
class Outdated:
    """A member whose last choice was made under an older policy, and who was not told of the change yet."""

    site: str
    member_id: str
    policy_version: int
    at: float  # Unix seconds


def new_record_id() -> str:
    return secrets.token_hex(16)
