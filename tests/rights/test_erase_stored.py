"""The store's half of an erasure, on both databases: everything goes but the evidence, and that without the person."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator

import pytest

from footfall.consent.approval import Answer, ServedNotice
from footfall.consent.shown import ShownText
from footfall.rights.stored import stored_of_member, stored_of_visitor
from footfall.store import open_store
from footfall.store.records import AccountChoice, SeriesRecord, SessionRecord, SignInChange
from footfall.store.sql_store import SQLStore
from tests.store.rows import LIMITS, record, session

RECEIPT = secrets.token_hex(16)
WORDS = ShownText("notice", "en", 3, "May we?")


@pytest.fixture
def store(store_url: str) -> Iterator[SQLStore]:
    store = open_store(store_url)
    yield store
    store.close()


async def known(store: SQLStore, member: str, visitor: str) -> None:
    """A member with something in every table."""
    series = SeriesRecord(
        series=f"s-{member}", member_id=member, authenticated_at=1.0, created_at=1.0, expires_at=9e9, exchanged_at=1.0,
        session_hash=f"h-{member}",
    )  # fmt: skip
    begun: SessionRecord = session(f"h-{member}", member_id=member, series=series.series, data='{"cart": [1]}')
    await store.sign_in(SignInChange(session=begun, series=series, token_hash=f"t-{member}"), LIMITS)
    chosen = record(member_id=member, visitor_id=visitor, text_fingerprint=WORDS.fingerprint)
    await store.add_consent_record(chosen, WORDS)
    choice = AccountChoice(
        member_id=member, purposes=("analytics",), refused=(), source="banner", policy_version=3, at=1.0
    )
    await store.set_account_choice(choice)
    served = record(member_id=member, visitor_id=visitor, method="notice_served")
    await store.serve_notice(member, ServedNotice(1.0, frozenset({"marketing"})), served, WORDS)
    answered = record(member_id=member, visitor_id=visitor, method="account")
    await store.answer_notice(member, [Answer("marketing", False, 2.0)], answered, WORDS)


def test_everything_of_a_member_goes_and_nothing_of_another(store: SQLStore) -> None:
    async def erase() -> None:
        await known(store, "ada", "v-ada")
        await known(store, "grace", "v-grace")
        before = {name: len(rows) for name, rows in (await stored_of_member(store, "ada")).items()}
        assert before == {
            "sessions": 1, "remembered_browsers": 1, "consent_records": 3, "account_choices": 1,
            "account_answers": 1, "account_notices": 1, "waiting_notices": 0,
        }  # fmt: skip
        untouched = await stored_of_member(store, "grace")
        counts = await store.erase_member("ada", RECEIPT)
        assert (counts["sessions"], counts["remembered_browsers"], counts["consent_records_kept"]) == (1, 1, 3)
        assert not any((await stored_of_member(store, "ada")).values())
        assert not await store.knows_token("s-ada", "t-ada")
        assert await stored_of_member(store, "grace") == untouched
        assert not any((await store.erase_member("ada", RECEIPT)).values())

    asyncio.run(erase())


def test_evidence_stays_with_its_words_and_without_the_person(store: SQLStore) -> None:
    """GDPR 7(1), 17(3); 47 CFR 64.2007(a)(3): records stay a year; they need not say of whom."""

    async def erase() -> None:
        await known(store, "ada", "v-ada")
        await store.erase_member("ada", RECEIPT)
        kept = (await stored_of_visitor(store, f"erased:{RECEIPT}"))["consent_records"]
        assert len(kept) == 3
        assert WORDS.text in {row["text"] for row in kept}
        assert "ada" not in str([{**row, "text": ""} for row in kept])
        assert await store.consent_records(visitor_id="v-ada") == []
        assert await store.outdated_members("main", 99) == []

    asyncio.run(erase())


def test_a_browser_leaves_its_records_and_the_member_keeps_them(store: SQLStore) -> None:
    async def erase() -> None:
        await known(store, "ada", "v-ada")
        assert await store.erase_visitor("v-ada", RECEIPT) == {"consent_records_kept": 3}
        assert await store.consent_records(visitor_id="v-ada") == []
        assert len(await store.consent_records(member_id="ada")) == 3

    asyncio.run(erase())


def test_records_are_still_final_for_everybody_else(store: SQLStore) -> None:
    async def change() -> None:
        await known(store, "ada", "v-ada")
        for sql in (
            "UPDATE consent_records SET purposes = '[]'",
            "UPDATE consent_records SET visitor_id = 'erased:x', member_id = ''",
        ):
            with pytest.raises(Exception, match="append-only"):
                await store._write(lambda connection, sql=sql: connection.execute(sql, ()))  # type: ignore[misc]

    asyncio.run(change())


@pytest.mark.parametrize("nobody", ["", "erased:x"])
def test_nobody_cannot_be_erased(store: SQLStore, nobody: str) -> None:
    with pytest.raises(ValueError, match="nobody"):
        asyncio.run(store.erase_member(nobody, RECEIPT))
    with pytest.raises(ValueError, match="nobody"):
        asyncio.run(store.erase_visitor(nobody, RECEIPT))
