"""Our own cookies can never be taken for billing data: the identifier is letters, secrets are not bare numbers."""

from __future__ import annotations

import random
import uuid

from footfall.consent.choice import Choice
from footfall.consent.choice import to_content as choice_content
from footfall.guard.billing import find_in_pair
from footfall.signing import Keyring
from footfall.visitor import Visitor, to_content

RNG = random.Random(6)
KEYS = Keyring(["a-secret-for-tests-only-0123456789abcdef"])


def test_an_identifier_cookie_is_never_a_finding() -> None:
    signer = KEYS.signer("visitor", str)
    for _ in range(2000):
        identifier = str(uuid.UUID(int=RNG.getrandbits(128), version=4))
        visitor = Visitor(identifier, *(RNG.randrange(2**bits) for bits in (32, 13, 32, 32)))
        assert find_in_pair("__Host-footfall-visitor", signer.sign(to_content(visitor))) == []


def test_a_consent_cookie_is_never_a_finding() -> None:
    signer = KEYS.signer("consent", str)
    for _ in range(2000):
        granted = frozenset({"preferences", "analytics"})
        choice = Choice(granted, frozenset({"marketing"}), RNG.randrange(2**32), 7, "banner", RNG.randbytes(16).hex())
        assert find_in_pair("__Host-footfall-consent", signer.sign(choice_content(choice))) == []
