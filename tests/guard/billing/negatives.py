"""Cookies that sites really set: what a guard must leave alone."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import zlib
from collections.abc import Iterator
from urllib.parse import quote

from tests.guard.billing.values import (
    BASE62,
    WORDS,
    Make,
    abck,
    bm_sz,
    card_things,
    dates,
    digits,
    ean13,
    hexadecimal,
    laravel,
    millis,
    mixpanel,
    onetrust,
    order,
    phone,
    rails,
    seconds,
    snowflake,
    tcf,
    text,
    ulid,
    utm,
    uuid4,
    wrapped,
)
from tests.guard.billing.wrappings import RECORD, b64, b64url

#: Name of the cookie and how its value is made; a "#" in the name is a fresh suffix.
NEGATIVES: tuple[tuple[str, Make], ...] = (
    ("_ga", lambda r: f"GA1.{r.randrange(1, 4)}.{r.randrange(10**8, 2**31)}.{seconds(r)}"),
    (
        "_ga_#",
        lambda r: f"GS1.1.{seconds(r)}.{r.randrange(99)}.1.{seconds(r)}.{r.randrange(60)}.0.{r.randrange(10**9)}",
    ),
    ("_ga_#", lambda r: f"GS2.1.s{seconds(r)}$o{r.randrange(9)}$g1$t{seconds(r)}$j60$l0$h{r.randrange(10**10)}"),
    ("_gid", lambda r: f"GA1.2.{r.randrange(10**8, 2**31)}.{seconds(r)}"),
    ("_gcl_au", lambda r: f"1.1.{r.randrange(10**8, 2**31)}.{seconds(r)}"),
    ("_gcl_aw", lambda r: f"GCL.{seconds(r)}.{text(r, BASE62 + '-_', 90)}"),
    ("_fbp", lambda r: f"fb.1.{millis(r)}.{r.randrange(10**8, 10 ** r.choice([10, 17, 18]))}"),
    ("_fbc", lambda r: f"fb.1.{millis(r)}.IwAR{text(r, BASE62 + '-_', 55)}"),
    (
        "__utma",
        lambda r: (
            f"{r.randrange(10**8)}.{r.randrange(10**9, 2**31)}.{seconds(r)}.{seconds(r)}.{seconds(r)}.{r.randrange(9)}"
        ),
    ),
    ("__utmz", lambda r: f"{r.randrange(10**8)}.{seconds(r)}.1.1.{utm(r)}"),
    ("_pk_id.1.#", lambda r: f"{hexadecimal(r, 8)}.{seconds(r)}."),
    ("_hjSessionUser_#", lambda r: b64(json.dumps({"id": uuid4(r), "created": millis(r), "existing": True}))),
    ("_clck", lambda r: f"{text(r, BASE62, 7)}%7C2%7Cf{text(r, BASE62, 2)}%7C0%7C{r.randrange(1000, 2000)}"),
    ("_uetsid", lambda r: hexadecimal(r, 16)),
    ("_ym_uid", lambda r: f"{seconds(r)}{digits(r, 9)}"),
    ("_ym_d", lambda r: str(seconds(r))),
    ("hubspotutk", lambda r: hexadecimal(r, 16)),
    (
        "__hstc",
        lambda r: f"{r.randrange(10**9)}.{hexadecimal(r, 16)}.{millis(r)}.{millis(r)}.{millis(r)}.{r.randrange(99)}",
    ),
    ("__hssc", lambda r: f"{r.randrange(10**9)}.{r.randrange(9)}.{millis(r)}"),
    ("mp_#_mixpanel", mixpanel),
    ("ajs_anonymous_id", lambda r: f"%22{uuid4(r)}%22"),
    (
        "AMP_#",
        lambda r: b64(quote(json.dumps({"deviceId": uuid4(r), "sessionId": millis(r), "lastEventTime": millis(r)}))),
    ),
    (
        "AMCV_#%40AdobeOrg",
        lambda r: f"179643557%7CMCIDTS%7C{r.randrange(20000)}%7CMCMID%7C{digits(r, 38)}%7CMCAID%7CNONE",
    ),
    ("s_vi", lambda r: f"[CS]v1|{hexadecimal(r, 8).upper()}-{hexadecimal(r, 8).upper()}[CE]"),
    ("optimizelyEndUserId", lambda r: f"oeu{millis(r)}r0.{digits(r, r.randrange(14, 18))}"),
    ("_vwo_uuid_v2", lambda r: f"D{hexadecimal(r, 16).upper()}|{hexadecimal(r, 16)}"),
    ("_sp_id.#", lambda r: f"{uuid4(r)}.{seconds(r)}.{r.randrange(9)}.{seconds(r)}.{seconds(r)}.{uuid4(r)}"),
    ("__cf_bm", lambda r: f"{text(r, BASE62 + '-_', 43)}-{seconds(r)}-1.0.1.1-{text(r, BASE62 + '-_.', 120)}"),
    ("cf_clearance", lambda r: f"{text(r, BASE62 + '-_.', 43)}-{seconds(r)}-1.2.1.1-{text(r, BASE62 + '-_.', 200)}"),
    ("__cfruid", lambda r: f"{hexadecimal(r, 20)}-{seconds(r)}"),
    ("AWSALB", lambda r: base64.b64encode(r.randbytes(96)).decode()),
    ("AWSALBCORS", lambda r: base64.b64encode(r.randbytes(96)).decode()),
    ("ARRAffinity", lambda r: hexadecimal(r, 32)),
    ("BIGipServerpool", lambda r: f"{r.randrange(2**32)}.{r.randrange(2**16)}.0000"),
    ("TS01#", lambda r: f"01{hexadecimal(r, 60)}"),
    ("JSESSIONID", lambda r: f"0000{text(r, BASE62 + '-_', 23)}:{hexadecimal(r, 4)}"),
    ("ROUTEID", lambda r: f".node{r.randrange(9)}"),
    ("_abck", abck),
    ("bm_sz", bm_sz),
    ("datadome", lambda r: text(r, BASE62 + "_~", 128)),
    (
        "_px3",
        lambda r: f"{hexadecimal(r, 32)}:{b64(r.randbytes(12))}:1000:{b64(r.randbytes(90))}",
    ),
    ("incap_ses_#", lambda r: base64.b64encode(r.randbytes(40)).decode()),
    ("OptanonConsent", onetrust),
    ("euconsent-v2", tcf),
    (
        "CookieConsent",
        lambda r: quote("{stamp:'" + b64(r.randbytes(33)) + f"',necessary:true,utc:{millis(r)},region:'de'}}"),
    ),
    ("sessionid", lambda r: text(r, BASE62.lower()[:36], 32)),
    ("csrftoken", lambda r: text(r, BASE62, 64)),
    ("PHPSESSID", lambda r: text(r, BASE62.lower()[:36], 26)),
    ("connect.sid", lambda r: quote(f"s:{text(r, BASE62 + '-_', 32)}.{b64(r.randbytes(32)).rstrip('=')}", safe="")),
    ("session", wrapped("flask")),
    ("session", wrapped("starlette")),
    ("sessionid", wrapped("django")),
    ("sessionid", wrapped("django-compressed")),
    ("token", wrapped("jwt")),
    ("prefs", wrapped("json-percent")),
    ("state", wrapped("json-base64")),
    ("ci_session", wrapped("php")),
    ("_app_session", rails),
    ("laravel_session", laravel),
    ("XSRF-TOKEN", laravel),
    (
        "access_token",
        lambda r: RECORD["jwt"]({"uid": r.randrange(10**8), "jti": uuid4(r), "exp": seconds(r), "scope": "read"}),
    ),
    ("jid", lambda r: f"{b64url(r.randbytes(30))}.{b64url(r.randbytes(60))}.{b64url(r.randbytes(32))}"),
    ("etag", lambda r: hashlib.sha1(r.randbytes(9)).hexdigest()),
    ("fp", lambda r: hexadecimal(r, r.choice([4, 8, 16, 20, 32, 64]))),
    ("device", uuid4),
    ("device", lambda r: f"{{{uuid4(r)}}}".upper()),
    ("rid", ulid),
    ("kid", lambda r: text(r, BASE62, 27)),
    ("nano", lambda r: text(r, BASE62 + "-_", 21)),
    ("tweet", lambda r: str(snowflake(r))),
    ("ids", lambda r: json.dumps({"message_id": str(snowflake(r)), "guild": snowflake(r)})),
    ("ts", lambda r: str(r.choice([seconds(r), millis(r), millis(r) * 1000 + r.randrange(1000), millis(r) * 10**6]))),
    ("visited", lambda r: f"{millis(r)}.{r.randrange(10**6)}"),
    ("last", dates),
    ("tel", phone),
    ("order", order),
    ("ean", ean13),
    ("recent", lambda r: ",".join(str(r.randrange(1000, 10**5)) for _ in range(r.randrange(3, 9)))),
    ("recent", lambda r: quote(json.dumps([r.randrange(10**6) for _ in range(r.randrange(2, 9))]))),
    (
        "cart",
        lambda r: (
            f"{r.choice(WORDS)}:{r.randrange(9)}|{r.choice(WORDS)}:{r.randrange(9)}|total:{r.randrange(10**5) / 100}"
        ),
    ),
    ("geo", lambda r: f"{r.uniform(-90, 90)},{r.uniform(-180, 180)}"),
    ("rand", lambda r: str(r.random())),
    ("ab", lambda r: "-".join(str(r.randrange(2)) for _ in range(r.randrange(4, 24)))),
    ("ab", lambda r: "&".join(f"{word}={r.choice('abc')}" for word in r.sample(WORDS, 4))),
    ("ip", lambda r: ".".join(str(r.randrange(256)) for _ in range(4))),
    ("ip6", lambda r: ":".join(f"{r.getrandbits(16):x}" for _ in range(8))),
    ("v", lambda r: f"{r.randrange(20)}.{r.randrange(40)}.{r.randrange(10**4)}"),
    ("traceparent", lambda r: f"00-{hexadecimal(r, 16)}-{hexadecimal(r, 8)}-01"),
    ("b3", lambda r: f"{hexadecimal(r, 8)}-{hexadecimal(r, 8)}-1"),
    ("saved_card", card_things),
    (
        "pay",
        lambda r: quote(
            json.dumps({"token": f"tok_1{text(r, BASE62, 23)}", "last4": f"{r.randrange(10**4):04}", "brand": "amex"})
        ),
    ),
    ("z", lambda r: b64(zlib.compress(json.dumps({"views": [r.randrange(10**6) for _ in range(20)]}).encode()))),
    ("theme", lambda r: r.choice(["dark", "light", "auto"])),
    ("cvv_hint_shown", lambda r: str(seconds(r))),
    ("screen", lambda r: f"{r.randrange(800, 4000)}x{r.randrange(600, 2200)}"),
)

#: Families whose values are nothing but a long number.
BARE = frozenset({"_ym_uid", "tweet", "ts"})


def negatives(count: int, seed: int = 20261124) -> Iterator[tuple[str, str]]:
    """``count`` pairs of a family's name and a fresh ``Set-Cookie`` value, every family as often."""
    rng = random.Random(seed)
    for index in range(count):
        name, make = NEGATIVES[index % len(NEGATIVES)]
        cookie = name.replace("#", text(rng, BASE62, 8))
        yield name, f"{cookie}={make(rng)}; Path=/; Max-Age={rng.randrange(10**7)}; SameSite=Lax"
