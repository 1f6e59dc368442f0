"""What accounts chose, were told and answered, in every store there is."""

from __future__ import annotations

import asyncio

from footfall.consent.approval import Answer, ServedNotice
from footfall.consent.shown import ShownText
from footfall.store import Store, open_store
from footfall.store.records import AccountChoice, AccountFile
from tests.store.rows import record

SHOWN = ShownText("account_notice", "en", 1, "We would like to use it.")


def test_of_an_account_that_is_not_known_the_file_is_empty(store: Store) -> None:
    assert asyncio.run(store.account_file("ada")) == AccountFile()


def test_a_notice_and_an_answer_are_stored_with_their_proof(store: Store) -> None:
    """47 CFR 64.2007(a)(3), 64.2008(a): records of notices and of approvals."""
    served = ServedNotice(1.0, frozenset(("offers", "research")), "mail")
    answer = Answer("offers", True, 2.0)
    told = record(member_id="ada", method="notice_served", text_fingerprint=SHOWN.fingerprint)
    said = record(member_id="ada", method="account", at=2.0, text_fingerprint=SHOWN.fingerprint)

    async def keep() -> None:
        for _ in range(2):  # what is stored twice is stored once
            await store.serve_notice("ada", served, told, SHOWN)
            await store.answer_notice("ada", [answer], said, SHOWN)
        assert await store.account_file("ada") == AccountFile(notices=(served,), answers=(answer,))
        assert await store.account_file("grace") == AccountFile()
        assert await store.consent_records(member_id="ada") == [told, said]
        assert await store.shown_text(told.text_fingerprint) == SHOWN

    asyncio.run(keep())


def test_of_two_answers_the_later_counts_and_of_two_of_one_moment_the_no(store: Store) -> None:
    async def answered(*answers: Answer) -> bool:
        for one in answers:
            await store.answer_notice("ada", [one], record(member_id="ada"), SHOWN)
        (kept,) = (await store.account_file("ada")).answers
        return kept.approved

    async def answer() -> None:
        yes, no = Answer("offers", True, 2.0), Answer("offers", False, 2.0)
        assert await answered(yes, Answer("offers", False, 1.0)) is True
        assert await answered(no) is False
        assert await answered(yes) is False
        assert await answered(Answer("offers", True, 3.0)) is True

    asyncio.run(answer())


def test_an_account_choice_keeps_what_its_cookie_states(store: Store, url: str) -> None:
    choice = AccountChoice(
        member_id="ada", purposes=(), refused=("a",), source="gpc", policy_version=1, at=1.0, content="2:-:…"
    )

    async def keep() -> None:
        await store.set_account_choice(choice)
        other = open_store(url)
        assert (await other.account_file("ada")).choice == choice
        other.close()

    asyncio.run(keep())
