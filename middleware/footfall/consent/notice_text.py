"""What the text of an account notice must say, looked for in its words (47 CFR 64.2008(c)(1)–(4)). Pure.

A lint, and no lawyer: it finds what is plainly missing from an English text. Whether a text is comprehensible and
not misleading no program can say; that its sentences are short and that it does not claim a duty to agree, one can.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_LONGEST_SENTENCE = 50  # words

#: Paragraph, what must be said, and the patterns that must all be found.
_REQUIRED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("(c)(1)", "that the customer has a right to its protection", (r"\bright\b", r"\bprotect|\bconfidential")),
    ("(c)(1)", "that federal law makes protecting it a duty", (r"\bduty\b|\bobligation\b", r"\bfederal law\b")),
    ("(c)(2)", "the purposes it is used for", (r"\bpurposes?\b|\buse[ds]? (\w+ ){0,12}(to|for)\b",)),
    ("(c)(2)", "the right to disapprove", (r"\bdisapprove|\brefuse\b|\bsay no\b|\bopt(ing)?[ -]out\b|\bobject\b",)),
    (
        "(c)(2)",
        "that access can be denied or withdrawn at any time",
        (r"\bwithdraw|\brevoke|\bdeny\b", r"\bat any time\b"),
    ),
    (
        "(c)(3)",
        "that a no does not affect the services",
        (r"\b(not|never|no) (\w+ ){0,3}(affect|change)", r"\bservices?\b"),
    ),
)

_CLAIMS_A_DUTY = re.compile(r"\b(must|have to|required to|need to) (agree|accept|approve|consent)\b")


def missing_from(
    text: str, *, information: Iterable[str], recipients: Iterable[str], steps: Iterable[str]
) -> list[str]:
    """What the text lacks, each with its paragraph; empty where nothing was found missing.

    ``information``: the types of information; ``recipients``: who receives it; ``steps``: what one does to say yes
    or no. Each must be given, and stand in the text (64.2008(c)(2), (c)(3)).
    """
    words = " ".join(text.lower().split())
    lacks = [
        f"{paragraph} {what}"
        for paragraph, what, patterns in _REQUIRED
        if not all(re.search(pattern, words) for pattern in patterns)
    ]
    lacks += _unnamed(words, "(c)(2) the information", information)
    lacks += _unnamed(words, "(c)(2) the recipient", recipients)
    lacks += _unnamed(words, "(c)(3) the step", steps)
    return lacks + _unclear(words)


def _unnamed(words: str, what: str, wanted: Iterable[str]) -> list[str]:
    wanted = list(wanted)
    if not wanted:
        return [f"{what}: none is given"]
    return [f"{what} {one!r}" for one in wanted if " ".join(one.lower().split()) not in words]


def _unclear(words: str) -> list[str]:
    """(c)(4): comprehensible and not misleading, as far as that can be counted."""
    lacks = ["(c)(4) fairness: it says that one has to agree"] if _CLAIMS_A_DUTY.search(words) else []
    longest = max((len(sentence.split()) for sentence in re.split(r"[.!?;:]", words)), default=0)
    return [*lacks, f"(c)(4) clarity: a sentence has {longest} words"] if longest > _LONGEST_SENTENCE else lacks
