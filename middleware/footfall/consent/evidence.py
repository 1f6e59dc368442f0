"""Evidence: who chose what by which words (GDPR 7(1)), and whom to tell of a changed policy.

For jobs and the command line; ``store`` is ``footfall.store.open_store(url)``.
"""

from __future__ import annotations

from dataclasses import dataclass

from footfall.consent.records import ConsentRecord, Outdated
from footfall.consent.shown import ShownText
from footfall.store import Store


@dataclass(frozen=True, slots=True)
class Evidence:
    """A record together with the exact words that were shown; ``None`` where nothing was (a signal spoke, or the
    account at a sign-in), or where they were not kept."""

    record: ConsentRecord
    shown: ShownText | None

    @property
    def intact(self) -> bool | None:
        """Whether the words are those that the record names: their fingerprint is worked out again. ``None`` where
        nothing was shown."""
        if not self.record.text_fingerprint:
            return None
        return self.shown is not None and self.shown.fingerprint == self.record.text_fingerprint


async def evidence(store: Store, *, visitor_id: str = "", member_id: str = "") -> list[Evidence]:
    """The records of a visitor or a member (exactly one of them), the oldest first, with their words.

    Raises ``StoreUnavailable``.
    """
    records = await store.consent_records(visitor_id=visitor_id, member_id=member_id)
    texts = {one: await store.shown_text(one) for one in {record.text_fingerprint for record in records}}
    return [Evidence(record, texts[record.text_fingerprint]) for record in records]


async def outdated_members(store: Store, *, site: str = "", version: int | None = None) -> list[Outdated]:
    """The members who chose under an older policy and were not told of the change yet, longest ago first.

    ``site``: of this site alone. ``version``: older than this one; otherwise than the newest that each site's app
    has run with. Raises ``StoreUnavailable``.
    """
    current: dict[str, int] = {}
    for policy in await store.policies():
        current[policy.site] = max(policy.version, current.get(policy.site, 0))
    sites = [site] if site else sorted(current)
    found = [one for name in sites for one in await store.outdated_members(name, version or current.get(name, 0))]
    return sorted(found, key=lambda one: (one.at, one.member_id))
