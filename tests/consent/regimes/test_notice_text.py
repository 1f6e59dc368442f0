"""The lint of an account notice: a text that says all of it, and the same text with one thing taken away."""

from __future__ import annotations

import pytest

from footfall.consent.notice_text import missing_from

TEXT = """
You have a right to the confidentiality of your account information, and federal law gives us the duty to protect it.
We would like to use your call details and your service plan to offer you other services of ours. Our affiliate
Example Long Distance receives it. You may refuse this use, and you may deny or withdraw access at any time.
To say yes or no, sign in and press "Do not allow" on the page Account notice. A refusal does not affect the services
that you have.
"""
NAMED = {
    "information": ["call details", "service plan"],
    "recipients": ["Example Long Distance"],
    "steps": ['press "Do not allow"'],
}


def test_a_text_that_says_everything_lacks_nothing() -> None:
    """47 CFR 64.2008(c)(1)–(4)."""
    assert missing_from(TEXT, **NAMED) == []


@pytest.mark.parametrize(
    ("words", "instead", "paragraph"),
    [
        ("a right to", "our word on", "(c)(1)"),
        ("federal law gives us the duty", "we want", "(c)(1)"),
        ("call details", "data", "(c)(2)"),
        ("Example Long Distance", "A partner", "(c)(2)"),
        ("use your", "keep your", "(c)(2)"),
        ("refuse", "note", "(c)(2)"),
        ("at any time", "in May", "(c)(2)"),
        ("press", "look for", "(c)(3)"),
        ("does not affect the services", "ends the contract", "(c)(3)"),
        ("You may refuse", "You must approve or refuse", "(c)(4)"),
        (". ", " and ", "(c)(4)"),
    ],
)
def test_what_is_taken_away_is_missed(words: str, instead: str, paragraph: str) -> None:
    """47 CFR 64.2008(c)(1)–(4), one by one."""
    lacks = missing_from(TEXT.replace("\n", " ").replace(words, instead), **NAMED)
    assert [one[:6] for one in lacks] == [paragraph], lacks


def test_who_names_no_information_no_recipient_and_no_step_is_told() -> None:
    lacks = missing_from(TEXT, information=[], recipients=[], steps=[])
    assert [one.rpartition(":")[2] for one in lacks] == [" none is given"] * 3
