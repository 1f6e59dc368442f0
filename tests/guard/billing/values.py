"""Fresh values of the kinds that cookies hold: identifiers, times, sessions, consent strings. None is billing data."""

from __future__ import annotations

import base64
import json
import random
import uuid
from collections.abc import Callable
from urllib.parse import quote

from tests.guard.billing.wrappings import RECORD, b64

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
WORDS = ("red", "blue", "shoe", "lamp", "table", "winter", "sale", "city", "north", "home", "offer", "book", "garden")
_YEAR = 31_536_000

Make = Callable[[random.Random], str]


def digits(rng: random.Random, count: int) -> str:
    return str(rng.randrange(1, 10)) + "".join(str(rng.randrange(10)) for _ in range(count - 1))


def text(rng: random.Random, alphabet: str, count: int) -> str:
    return "".join(rng.choices(alphabet, k=count))


def hexadecimal(rng: random.Random, size: int) -> str:
    return rng.randbytes(size).hex()


def seconds(rng: random.Random) -> int:
    return 1_580_000_000 + rng.randrange(7 * _YEAR)


def millis(rng: random.Random) -> int:
    return seconds(rng) * 1000 + rng.randrange(1000)


def uuid4(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def snowflake(rng: random.Random) -> int:
    epoch = rng.choice([1_288_834_974_657, 1_420_070_400_000])
    return ((millis(rng) - epoch) << 22) | rng.getrandbits(22)


def ulid(rng: random.Random) -> str:
    value = (millis(rng) << 80) | rng.getrandbits(80)
    return "".join(_CROCKFORD[(value >> shift) & 31] for shift in range(125, -1, -5))


def ean13(rng: random.Random) -> str:
    body = rng.choice(["40", "42", "45", "50", "54", "57", "30", "69", "97", "00"]) + digits(rng, 10)
    total = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(body))
    return body + str(-total % 10)


def tcf(rng: random.Random) -> str:
    return f"CQ{text(rng, BASE62 + '-_', 9)}EsAAA{text(rng, BASE62 + '-_', 180)}.YAAAAAAAAAAA"


def utm(rng: random.Random) -> str:
    return f"utmcsr={rng.choice(WORDS)}|utmccn=({rng.choice(WORDS)})|utmcmd=cpc|utmctr={rng.choice(WORDS)}"


def framework_session(rng: random.Random) -> dict[str, object]:
    session: dict[str, object] = {
        "user_id": rng.randrange(1, 10_000_000),
        "csrf_token": hexadecimal(rng, 20),
        "_fresh": rng.random() < 0.5,
        "_id": hexadecimal(rng, 64),
        "lang": rng.choice(["en", "de", "fr-CA"]),
    }
    extras: dict[str, object] = {
        "last_seen": seconds(rng) + rng.random(),
        "cart": [
            {
                "sku": f"{rng.choice(WORDS)}-{rng.randrange(9999)}",
                "qty": rng.randrange(1, 5),
                "price": rng.randrange(9999) / 100,
            }
        ],
        "order_no": f"{rng.randrange(2020, 2027)}-{rng.randrange(10**6):06}",
        "phone": f"+49 {rng.randrange(100, 999)} {rng.randrange(10**7)}",
        "shipping": {"city": "Leeds", "postcode": "LS1 4DY"},
        "card": {
            "last4": f"{rng.randrange(10**4):04}",
            "brand": "visa",
            "exp_month": rng.randrange(1, 13),
            "exp_year": 2029,
        },
        "payment_method": f"pm_1{text(rng, BASE62, 23)}",
        "cardholder": "Jane Doe",
        "masked": f"************{rng.randrange(10**4):04}",
        "ean": ean13(rng),
        "uuid": uuid4(rng),
        "geo": {"lat": rng.uniform(-90, 90), "lon": rng.uniform(-180, 180)},
        "flags": {f"exp_{word}": rng.randrange(3) for word in rng.sample(WORDS, 3)},
        "exp": seconds(rng),
        "account_id": rng.randrange(10**9),
        "billing_plan": "pro",
        "billing_same_as_shipping": True,
        "zip": f"{rng.randrange(10**5):05}",
    }
    for key in rng.sample(sorted(extras), rng.randrange(6)):
        session[key] = extras[key]
    return session


def wrapped(wrapping: str) -> Make:
    return lambda rng: RECORD[wrapping](framework_session(rng))


def rails(rng: random.Random) -> str:
    parts = "--".join(base64.b64encode(rng.randbytes(size)).decode() for size in (rng.randrange(80, 400), 12, 16))
    return quote(parts, safe="")


def laravel(rng: random.Random) -> str:
    sealed = {"iv": b64(rng.randbytes(16)), "value": b64(rng.randbytes(192)), "mac": hexadecimal(rng, 32), "tag": ""}
    return quote(b64(json.dumps(sealed)), safe="")


def mixpanel(rng: random.Random) -> str:
    device = "-".join(
        [
            hexadecimal(rng, 7)[:14],
            hexadecimal(rng, 8)[:15],
            hexadecimal(rng, 4),
            hexadecimal(rng, 3),
            hexadecimal(rng, 7)[:14],
        ]
    )
    return quote(
        json.dumps({"distinct_id": f"$device:{device}", "$device_id": device, "$initial_referrer": "$direct"}), safe=""
    )


def onetrust(rng: random.Random) -> str:
    return (
        f"isGpcEnabled=0&datestamp=Tue+Nov+24+2026+10%3A15%3A{rng.randrange(10, 60)}+GMT%2B0100"
        f"&version=202{rng.randrange(4, 7)}10.1.0"
        f"&consentId={uuid4(rng)}&interactionCount=1&landingPath=NotLandingPage&groups=C0001%3A1%2CC0002%3A0&geolocation=DE%3BBE"
    )


def abck(rng: random.Random) -> str:
    return f"{hexadecimal(rng, 16).upper()}~0~YAAQ{text(rng, BASE62 + '+/', 240)}~-1~-1~-1"


def bm_sz(rng: random.Random) -> str:
    tail = "~".join(str(rng.randrange(10**6, 10**7)) for _ in range(2))
    return f"{hexadecimal(rng, 16).upper()}~YAAQ{text(rng, BASE62 + '+/', 120)}~{tail}"


def card_things(rng: random.Random) -> str:
    """What shops keep legitimately of a card."""
    return rng.choice(
        [
            f"tok_1{text(rng, BASE62, 23)}",
            f"pm_1{text(rng, BASE62, 23)}",
            f"cus_{text(rng, BASE62, 14)}",
            f"pi_3{text(rng, BASE62, 23)}_secret_{text(rng, BASE62, 25)}",
            f"************{rng.randrange(10**4):04}",
            f"4111 11** **** {rng.randrange(10**4):04}",
            f"411111XXXXXX{rng.randrange(10**4):04}",
            f"visa-{rng.randrange(10**4):04}",
            f"{rng.randrange(10**4):04}",
            "visa",
            "Jane Doe",
            uuid4(rng),
            f"card_{text(rng, BASE62, 24)}",
        ]
    )


def dates(rng: random.Random) -> str:
    when = f"20{rng.randrange(20, 27)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
    clock = f"{rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02}"
    compact = f"{when}{clock}".replace("-", "").replace(":", "")
    return rng.choice(
        [
            f"{when}T{clock}Z",
            f"{when}T{clock}.{rng.randrange(10**6):06}Z",
            f"{when} {clock}",
            compact,
            f"{when}",
            f"{compact}{rng.randrange(1000):03}",
        ]
    )


def phone(rng: random.Random) -> str:
    return rng.choice(
        [
            f"+1-{rng.randrange(200, 999)}-{rng.randrange(200, 999)}-{rng.randrange(10**4):04}",
            f"+49{digits(rng, 10)}",
            f"+44 20 {rng.randrange(1000, 9999)} {rng.randrange(1000, 9999)}",
            f"0{digits(rng, 9)}",
            f"+34 {digits(rng, 9)}",
            f"+55 11 9{rng.randrange(1000, 9999)}-{rng.randrange(1000, 9999)}",
            f"00{digits(rng, 12)}",
        ]
    )


def order(rng: random.Random) -> str:
    return rng.choice(
        [
            f"ORD-{rng.randrange(10**8):08}",
            f"{rng.randrange(100, 999)}-{rng.randrange(10**7):07}-{rng.randrange(10**7):07}",
            f"INV-20{rng.randrange(20, 27)}-{rng.randrange(10**6):06}",
            f"1Z{text(rng, _CROCKFORD, 16)}",
            f"#{rng.randrange(10**6)}",
            f"94{digits(rng, 20)}",
            f"SO{digits(rng, 10)}",
            f"R{rng.randrange(10**9)}",
        ]
    )
