"""Recall and false positives on the labelled corpus, and on fresh negatives: the promise in numbers."""

from __future__ import annotations

from collections import Counter

from footfall.guard.billing import find_billing_data, find_in_response
from tests.guard.billing.negatives import BARE, negatives
from tests.guard.billing.positives import Case, positives

SEEDS = (20261124, 7)


def is_found(case: Case) -> bool:
    return any(finding.kind == case.kind for findings in find_in_response(case.cookies) for finding in findings)


def test_recall_is_99_percent_overall_and_95_percent_in_every_wrapping() -> None:
    """No billing data in any cookie, however wrapped (ASVS 14.2.1, 14.3.3)."""
    for seed in SEEDS:
        cases = list(positives(seed))
        missed = Counter(case.wrapping for case in cases if not is_found(case))
        total = Counter(case.wrapping for case in cases)
        assert len(cases) >= 600
        assert sum(missed.values()) <= 0.01 * len(cases), missed
        assert {wrapping: missed[wrapping] for wrapping in total if missed[wrapping] > 0.05 * total[wrapping]} == {}


def test_no_realistic_cookie_is_taken_for_billing_data() -> None:
    """Analytics ids, sessions, consent strings, hashes, snowflakes, phones, orders and EANs pass."""
    lines = list(negatives(5490))
    false = [(family, findings) for family, line in lines if (findings := find_billing_data(line))]
    assert len(lines) >= 5400
    assert false == []


def test_at_most_one_fresh_cookie_in_30_000_is_refused_outside_bare_numbers() -> None:
    """Bare numeric ids may look like cards by chance, and are for ``trusted_ids``; nothing else may."""
    false = [line for family, line in negatives(20_000, seed=99) if family not in BARE and find_billing_data(line)]
    assert false == []
