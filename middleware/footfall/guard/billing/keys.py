"""What the name of a field says about its value: card, security code, expiry, account, routing, address.

Keys are compared without case, punctuation, accents and camel humps: ``Card-Number``, ``cardNumber`` and
``CARD_NUMBER`` are one key. Parents count too: the ``number`` of a ``card`` is a card number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import Enum, auto
from functools import lru_cache

from footfall.guard.billing import vocabulary


class Role(Enum):
    """What a key claims; ``CARD``, ``ACCOUNT`` and ``ROUTING`` want more evidence than the key alone."""

    NONE = auto()
    CARD_NUMBER = auto()
    CARD = auto()
    SECURITY_CODE = auto()
    EXPIRY = auto()
    BANK_ACCOUNT = auto()
    ACCOUNT = auto()
    ROUTING_NUMBER = auto()
    ROUTING = auto()
    BILLING_ADDRESS = auto()


_LONGEST_KEY = 96
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_A-Za-z]+")
_UNDECOMPOSED = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "ı": "i", "æ": "ae", "ß": "ss"})


def _without_accents(key: str) -> str:
    decomposed = unicodedata.normalize("NFKD", key.translate(_UNDECOMPOSED))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def words(key: str) -> list[str]:
    """The words of a key, lower case: ``ccNumber`` and ``CC-Number`` are ``cc``, ``number``."""
    key = key[:_LONGEST_KEY]
    if not key.isascii():
        key = _without_accents(key)
    return [word.casefold() for word in _WORD.findall(key)]


def _phrases(*groups: tuple[Role, Iterable[str]]) -> dict[str, Role]:
    return {"".join(words(phrase)): role for role, phrases in groups for phrase in phrases}


_ENDINGS = _phrases(
    (Role.EXPIRY, vocabulary.EXPIRY_ENDINGS),
    (Role.ROUTING_NUMBER, vocabulary.ROUTING_NUMBER_ENDINGS),
    (Role.BANK_ACCOUNT, vocabulary.BANK_ACCOUNT_ENDINGS),
    (Role.CARD_NUMBER, vocabulary.CARD_NUMBER_ENDINGS),
    (Role.SECURITY_CODE, vocabulary.SECURITY_CODE_ENDINGS),
)
_WORDS = _phrases(
    (Role.ROUTING, vocabulary.ROUTING_WORDS),
    (Role.ACCOUNT, vocabulary.ACCOUNT_WORDS),
    (Role.EXPIRY, vocabulary.EXPIRY_WORDS),
    (Role.ROUTING_NUMBER, vocabulary.ROUTING_NUMBER_WORDS),
    (Role.BANK_ACCOUNT, vocabulary.BANK_ACCOUNT_WORDS),
    (Role.CARD_NUMBER, vocabulary.CARD_NUMBER_WORDS),
    (Role.SECURITY_CODE, vocabulary.SECURITY_CODE_WORDS),
)


def _plain(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset("".join(words(phrase)) for phrase in phrases)


_ADDRESS_PARTS = tuple(_plain(vocabulary.ADDRESS_PARTS))
_ADDRESS_WORDS = _plain(vocabulary.ADDRESS_WORDS)
_BILLING_PARTS = _plain(vocabulary.BILLING_PARTS)
_CARD_WORDS = _plain(vocabulary.CARD_WORDS)
_BEGINNINGS = frozenset(
    phrase[:3] for phrases in (_ENDINGS, _WORDS, _BILLING_PARTS, _CARD_WORDS) for phrase in phrases if len(phrase) > 2
)
_LOWER = bytes(range(256)).lower()
_PUNCTUATION = bytes(byte for byte in range(128) if not chr(byte).isalnum())


def _may_say_something(keys: str) -> bool:
    """Quickly away with most keys: some phrase would have to begin in them."""
    if not keys.isascii():
        return True
    name = keys.encode("ascii").translate(_LOWER, _PUNCTUATION).decode("ascii")
    return not _BEGINNINGS.isdisjoint([name[start : start + 3] for start in range(len(name) - 2)]) or "cc" in name


@lru_cache(maxsize=4096)
def role(key: str, context: str = "") -> Role:
    """What ``key`` says about its value; ``context`` holds the keys of its parents, joined by spaces."""
    if not _may_say_something(context + key):
        return Role.NONE
    own = _without_fillers(words(key))
    parents = words(context[-_LONGEST_KEY:])
    if parents and (not own or own[0] in vocabulary.FILLERS or own[0].isdecimal()) and len(own) <= 1:
        own, parents = parents[-3:], parents[:-3]  # says nothing itself: the parent's word is the key's
    found = _by_ending(own)
    if found in (Role.NONE, Role.ACCOUNT, Role.ROUTING) and parents:
        found = _under_parents(own, parents, found)
    return _card_or_address(own, parents) if found is Role.NONE else found


def _without_fillers(own: list[str]) -> list[str]:
    """Drops trailing words and counters that change nothing: ``card_number_input``, ``cvv1``, ``address2``."""
    while len(own) > 1 and (own[-1] in vocabulary.FILLERS or (own[-1].isdecimal() and len(own[-1]) <= 2)):
        own = own[:-1]
    return own


def _by_ending(own: list[str]) -> Role:
    name = "".join(own)
    starts = _starts(own)
    for start in range(len(name) - 1):
        ending = name[start:]
        found = _ENDINGS.get(ending) or (_WORDS.get(ending) if start in starts else None)
        if found:
            return found
    return Role.NONE


def _starts(own: list[str]) -> set[int]:
    starts, position = set(), 0
    for word in own:
        starts.add(position)
        position += len(word)
    return starts


def _under_parents(own: list[str], parents: list[str], found: Role) -> Role:
    """``number`` under ``card``, ``account`` under ``bank``."""
    if found is Role.ACCOUNT:
        return found if vocabulary.BANK_WORDS.isdisjoint(parents) else Role.BANK_ACCOUNT
    if found is Role.NONE and len(own) <= 2:
        return _by_ending(parents[-3:] + own)
    return found


def _card_or_address(own: list[str], parents: list[str]) -> Role:
    last = own[-1] if own else ""
    if last in vocabulary.IDENTIFIER_WORDS:
        return Role.NONE
    if _is_address(own, parents):
        return Role.BILLING_ADDRESS
    if not _CARD_WORDS.isdisjoint(own + parents[-4:]) or _by_ending(parents[-3:]) is Role.CARD_NUMBER:
        return Role.CARD
    return Role.NONE


def _is_address(own: list[str], parents: list[str]) -> bool:
    name = "".join(own)
    if not (name.startswith(_ADDRESS_PARTS) or name.endswith(_ADDRESS_PARTS) or _ADDRESS_WORDS.intersection(own)):
        return False
    everything = "".join(parents) + name
    return any(billing in everything for billing in _BILLING_PARTS)
