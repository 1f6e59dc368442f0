"""The proof of a choice (GDPR 7(1)): who chose what, when, how, and which words were shown."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Literal

Method = Literal["accept_all", "reject_all", "custom", "gpc", "withdraw", "account"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentRecord:
    """One choice. Records are only ever appended; a later one supersedes an earlier by its id."""

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
    services_refused: tuple[str, ...] = ()  # of granted purposes


def new_record_id() -> str:
    return secrets.token_hex(16)
