"""Evidence in the store: the words beside the records, retention, and who is to be told of a changed policy."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Coroutine
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from footfall.consent.evidence import evidence, outdated_members
from footfall.consent.records import StatedPolicy
from footfall.consent.shown import ShownText
from footfall.store import Store, consent_rows
from tests.store.rows import YEAR, opened, record

WORDS = ShownText("notice", "de", 3, "Dürfen wir?\nAlle annehmen")


def run(*steps: Coroutine[Any, Any, Any]) -> list[Any]:
    async def one_by_one() -> list[Any]:
        return [await step for step in steps]

    return asyncio.run(one_by_one())


def test_the_words_that_were_shown_can_be_read_again_from_the_record(store: Store) -> None:
    """GDPR 7(1): consent can be demonstrated, with the exact text."""
    kept = record(text_fingerprint=WORDS.fingerprint)
    run(store.add_consent_record(kept, WORDS), store.add_consent_record(record(visitor_id="other")))
    [[found], [wordless]] = run(evidence(store, visitor_id="visitor"), evidence(store, visitor_id="other"))
    assert (found.record, found.shown, found.intact) == (kept, WORDS, True)
    assert (wordless.shown, wordless.intact) == (None, False)


def test_words_that_are_not_those_of_the_record_are_told_apart(store: Store) -> None:
    run(store.add_consent_record(record(text_fingerprint="f" * 32), WORDS))
    [[found]] = run(evidence(store, visitor_id="visitor"))
    assert (found.shown, found.intact) == (WORDS, False)


def test_where_a_signal_spoke_nothing_was_shown(store: Store) -> None:
    run(store.add_consent_record(record(method="gpc", text_fingerprint="")))
    [[found]] = run(evidence(store, visitor_id="visitor"))
    assert (found.shown, found.intact) == (None, None)


def test_the_same_words_are_kept_once(store: Store) -> None:
    shown = record(text_fingerprint=WORDS.fingerprint)
    run(store.add_consent_record(shown, WORDS), store.add_consent_record(record(text_fingerprint="x"), WORDS))
    [text] = run(store.shown_text(WORDS.fingerprint))
    assert text == WORDS


def test_words_go_with_the_last_record_that_names_them(store: Store) -> None:
    now, old = 10 * YEAR, record(at=YEAR, text_fingerprint=WORDS.fingerprint)
    later = replace(WORDS, text="later")
    run(store.add_consent_record(old, WORDS))
    run(store.add_consent_record(record(at=now - YEAR, text_fingerprint=later.fingerprint), later))
    run(store.delete_consent_records(now - 3 * YEAR, now=now))
    assert run(store.shown_text(WORDS.fingerprint), store.shown_text(later.fingerprint)) == [None, later]


def test_the_last_choice_and_the_last_notice_of_a_member_outlive_retention(store: Store) -> None:
    """47 CFR 64.2007(a)(2): it lasts until the customer changes it, and so does its proof."""
    records = [
        record(id=name, member_id="ada", at=at, method=method)
        for name, at, method in (
            ("old choice", 1.0, "custom"),
            ("last choice", 2.0, "withdraw"),
            ("old notice", 3.0, "notice_served"),
            ("last notice", 4.0, "notice_served"),
        )
    ]
    records.append(record(id="told", member_id="ada", at=5.0, method="notice_served", layer="change"))
    run(*(store.add_consent_record(one) for one in records))
    [deleted] = run(store.delete_consent_records(10.0, now=10 * YEAR))
    [left] = run(store.consent_records(member_id="ada"))
    assert (deleted, [one.id for one in left]) == (2, ["last choice", "last notice", "told"])


def test_retention_finds_a_members_later_records_by_an_index(tmp_path: Path) -> None:
    """Without it each record is compared with every other: minutes for a hundred thousand."""
    opened(tmp_path / "store.db").close()
    with closing(sqlite3.connect(tmp_path / "store.db")) as database:
        plan = [row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {consent_rows.DELETE}", (1.0,))]
    assert [step for step in plan if "consent_records_member (member_id=? AND at>?)" in step]


def test_withdrawals_that_no_cookie_can_carry_are_pruned_and_numbers_go_on(store: Store) -> None:
    """a replay after withdrawal stays withdrawn: a worker that knows the last number misses no later one."""
    run(store.supersede_consent("a", 1.0), store.supersede_consent("b", 2.0))
    [(number, _)] = run(store.superseded_since(0))
    assert run(store.prune_superseded(3.0)) == [1]
    run(store.supersede_consent("c", 4.0))
    [(_, after), (_, everything)] = run(store.superseded_since(number), store.superseded_since(0))
    assert (after, everything) == (["c"], ["b", "c"])


def policy(version: int, site: str = "main", changes: str = "") -> StatedPolicy:
    return StatedPolicy(site, version, "2026-11-01", changes, "/policy", 5.0)


def test_a_policy_is_noted_once_and_may_be_worded_anew(store: Store) -> None:
    run(store.state_policy(policy(2)), store.state_policy(policy(1)), store.state_policy(policy(2, changes="More.")))
    [policies] = run(store.policies())
    assert policies == [policy(1), policy(2, changes="More.")]


def test_members_whose_last_choice_is_under_an_older_policy_are_outdated(store: Store) -> None:
    """Members are told of policy changes: those who agreed to an older one are listed."""
    rows = (
        ("ada", 1, 1.0, "custom", "notice"),
        ("bob", 1, 2.0, "accept_all", "notice"),
        ("bob", 2, 3.0, "accept_all", "notice"),
        ("cleo", 1, 4.0, "reject_all", "preferences"),
        ("cleo", 2, 5.0, "notice_served", "notice"),
        ("dora", 1, 6.0, "custom", "notice"),
        ("dora", 2, 7.0, "notice_served", "change"),
        ("", 1, 8.0, "custom", "notice"),
    )
    for member, version, at, method, layer in rows:
        facts: dict[str, Any] = {"policy_version": version, "at": at, "method": method, "layer": layer}
        run(store.add_consent_record(record(member_id=member, **facts)))
    run(store.add_consent_record(record(member_id="eve", policy_version=1, site="shop")))
    run(store.state_policy(policy(1)), store.state_policy(policy(2)), store.state_policy(policy(1, "shop")))
    everywhere, shop, older = run(
        outdated_members(store), outdated_members(store, site="shop", version=2), outdated_members(store, version=1)
    )
    assert [(one.member_id, one.policy_version, one.at) for one in everywhere] == [("ada", 1, 1.0), ("cleo", 1, 4.0)]
    assert [one.member_id for one in shop] == ["eve"]
    assert older == []


@pytest.mark.parametrize("statement", ["visitor_id", "member_id"])
def test_nobodys_evidence_is_empty(store: Store, statement: str) -> None:
    assert run(evidence(store, **{statement: "nobody"})) == [[]]
