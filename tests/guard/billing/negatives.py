"""Cookies that sites really set, with fresh values: what a guard must leave alone."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import uuid
import zlib
from collections.abc import Callable, Iterator
from urllib.parse import quote

from tests.guard.billing.wrappings import RECORD, b64, b64url

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_WORDS = "red blue shoe lamp table winter sale city north page home cart offer book music garden".split()
_YEAR = 31_536_000

Make = Callable[[random.Random], str]


def _digits(rng: random.Random, count: int) -> str:
    return str(rng.randrange(1, 10)) + "".join(str(rng.randrange(10)) for _ in range(count - 1))


def _text(rng: random.Random, alphabet: str, count: int) -> str:
    return "".join(rng.choices(alphabet, k=count))


def _hex(rng: random.Random, size: int) -> str:
    return rng.randbytes(size).hex()


def _seconds(rng: random.Random) -> int:
    return 1_580_000_000 + rng.randrange(7 * _YEAR)


def _millis(rng: random.Random) -> int:
    return _seconds(rng) * 1000 + rng.randrange(1000)


def _uuid(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def _snowflake(rng: random.Random) -> int:
    epoch = rng.choice([1_288_834_974_657, 1_420_070_400_000])
    return ((_millis(rng) - epoch) << 22) | rng.getrandbits(22)


def _ulid(rng: random.Random) -> str:
    value = (_millis(rng) << 80) | rng.getrandbits(80)
    return "".join(_CROCKFORD[(value >> shift) & 31] for shift in range(125, -1, -5))


def _ean13(rng: random.Random) -> str:
    body = rng.choice(["40", "42", "45", "50", "54", "57", "30", "69", "97", "00"]) + _digits(rng, 10)
    total = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(body))
    return body + str(-total % 10)


def _tcf(rng: random.Random) -> str:
    return f"CQ{_text(rng, _BASE62 + '-_', 9)}EsAAA{_text(rng, _BASE62 + '-_', 180)}.YAAAAAAAAAAA"


def _utm(rng: random.Random) -> str:
    return f"utmcsr={rng.choice(_WORDS)}|utmccn=({rng.choice(_WORDS)})|utmcmd=cpc|utmctr={rng.choice(_WORDS)}"


def _session(rng: random.Random) -> dict[str, object]:
    session: dict[str, object] = {
        "user_id": rng.randrange(1, 10_000_000),
        "csrf_token": _hex(rng, 20),
        "_fresh": rng.random() < 0.5,
        "_id": _hex(rng, 64),
        "lang": rng.choice(["en", "de", "fr-CA"]),
    }
    extras: dict[str, object] = {
        "last_seen": _seconds(rng) + rng.random(),
        "cart": [{"sku": f"{rng.choice(_WORDS)}-{rng.randrange(9999)}", "qty": rng.randrange(1, 5), "price": rng.randrange(9999) / 100}],
        "order_no": f"{rng.randrange(2020, 2027)}-{rng.randrange(10**6):06}",
        "phone": f"+49 {rng.randrange(100, 999)} {rng.randrange(10**7)}",
        "shipping": {"city": "Leeds", "postcode": "LS1 4DY"},
        "card": {"last4": f"{rng.randrange(10**4):04}", "brand": "visa", "exp_month": rng.randrange(1, 13), "exp_year": 2029},
        "payment_method": f"pm_1{_text(rng, _BASE62, 23)}",
        "cardholder": "Jane Doe",
        "masked": f"************{rng.randrange(10**4):04}",
        "ean": _ean13(rng),
        "uuid": _uuid(rng),
        "geo": {"lat": rng.uniform(-90, 90), "lon": rng.uniform(-180, 180)},
        "flags": {f"exp_{word}": rng.randrange(3) for word in rng.sample(_WORDS, 3)},
        "exp": _seconds(rng),
        "account_id": rng.randrange(10**9),
        "billing_plan": "pro",
        "billing_same_as_shipping": True,
        "zip": f"{rng.randrange(10**5):05}",
    }  # fmt: skip
    for key in rng.sample(sorted(extras), rng.randrange(6)):
        session[key] = extras[key]
    return session


def _wrapped(wrapping: str) -> Make:
    return lambda rng: RECORD[wrapping](_session(rng))


def _rails(rng: random.Random) -> str:
    parts = "--".join(base64.b64encode(rng.randbytes(size)).decode() for size in (rng.randrange(80, 400), 12, 16))
    return quote(parts, safe="")


def _laravel(rng: random.Random) -> str:
    sealed = {"iv": b64(rng.randbytes(16)), "value": b64(rng.randbytes(192)), "mac": _hex(rng, 32), "tag": ""}
    return quote(b64(json.dumps(sealed)), safe="")


def _mixpanel(rng: random.Random) -> str:
    device = "-".join([_hex(rng, 7)[:14], _hex(rng, 8)[:15], _hex(rng, 4), _hex(rng, 3), _hex(rng, 7)[:14]])
    return quote(
        json.dumps({"distinct_id": f"$device:{device}", "$device_id": device, "$initial_referrer": "$direct"}), safe=""
    )


def _onetrust(rng: random.Random) -> str:
    return (
        f"isGpcEnabled=0&datestamp=Tue+Nov+24+2026+10%3A15%3A{rng.randrange(10, 60)}+GMT%2B0100&version=202{rng.randrange(4, 7)}10.1.0"
        f"&consentId={_uuid(rng)}&interactionCount=1&landingPath=NotLandingPage&groups=C0001%3A1%2CC0002%3A0&geolocation=DE%3BBE"
    )


def _abck(rng: random.Random) -> str:
    return f"{_hex(rng, 16).upper()}~0~YAAQ{_text(rng, _BASE62 + '+/', 240)}~-1~-1~-1"


def _bm_sz(rng: random.Random) -> str:
    tail = "~".join(str(rng.randrange(10**6, 10**7)) for _ in range(2))
    return f"{_hex(rng, 16).upper()}~YAAQ{_text(rng, _BASE62 + '+/', 120)}~{tail}"


def _card_things(rng: random.Random) -> str:
    """What shops keep legitimately of a card."""
    return rng.choice([
        f"tok_1{_text(rng, _BASE62, 23)}", f"pm_1{_text(rng, _BASE62, 23)}", f"cus_{_text(rng, _BASE62, 14)}",
        f"pi_3{_text(rng, _BASE62, 23)}_secret_{_text(rng, _BASE62, 25)}", f"************{rng.randrange(10**4):04}",
        f"4111 11** **** {rng.randrange(10**4):04}", f"411111XXXXXX{rng.randrange(10**4):04}", f"visa-{rng.randrange(10**4):04}",
        f"{rng.randrange(10**4):04}", "visa", "Jane Doe", _uuid(rng), f"card_{_text(rng, _BASE62, 24)}",
    ])  # fmt: skip


def _dates(rng: random.Random) -> str:
    when = f"20{rng.randrange(20, 27)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
    clock = f"{rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02}"
    compact = f"{when}{clock}".replace("-", "").replace(":", "")
    return rng.choice([
        f"{when}T{clock}Z", f"{when}T{clock}.{rng.randrange(10**6):06}Z", f"{when} {clock}", compact, f"{when}", f"{compact}{rng.randrange(1000):03}",
    ])  # fmt: skip


def _phone(rng: random.Random) -> str:
    return rng.choice([
        f"+1-{rng.randrange(200, 999)}-{rng.randrange(200, 999)}-{rng.randrange(10**4):04}", f"+49{_digits(rng, 10)}",
        f"+44 20 {rng.randrange(1000, 9999)} {rng.randrange(1000, 9999)}", f"0{_digits(rng, 9)}", f"+34 {_digits(rng, 9)}",
        f"+55 11 9{rng.randrange(1000, 9999)}-{rng.randrange(1000, 9999)}", f"00{_digits(rng, 12)}",
    ])  # fmt: skip


def _order(rng: random.Random) -> str:
    return rng.choice([
        f"ORD-{rng.randrange(10**8):08}", f"{rng.randrange(100, 999)}-{rng.randrange(10**7):07}-{rng.randrange(10**7):07}",
        f"INV-20{rng.randrange(20, 27)}-{rng.randrange(10**6):06}", f"1Z{_text(rng, _CROCKFORD, 16)}", f"#{rng.randrange(10**6)}",
        f"94{_digits(rng, 20)}", f"SO{_digits(rng, 10)}", f"R{rng.randrange(10**9)}",
    ])  # fmt: skip


#: Name of the cookie and how its value is made; a "#" in the name is a fresh suffix.
NEGATIVES: tuple[tuple[str, Make], ...] = (
    ("_ga", lambda r: f"GA1.{r.randrange(1, 4)}.{r.randrange(10**8, 2**31)}.{_seconds(r)}"),
    ("_ga_#", lambda r: f"GS1.1.{_seconds(r)}.{r.randrange(99)}.1.{_seconds(r)}.{r.randrange(60)}.0.{r.randrange(10**9)}"),
    ("_ga_#", lambda r: f"GS2.1.s{_seconds(r)}$o{r.randrange(9)}$g1$t{_seconds(r)}$j60$l0$h{r.randrange(10**10)}"),
    ("_gid", lambda r: f"GA1.2.{r.randrange(10**8, 2**31)}.{_seconds(r)}"),
    ("_gcl_au", lambda r: f"1.1.{r.randrange(10**8, 2**31)}.{_seconds(r)}"),
    ("_gcl_aw", lambda r: f"GCL.{_seconds(r)}.{_text(r, _BASE62 + '-_', 90)}"),
    ("_fbp", lambda r: f"fb.1.{_millis(r)}.{r.randrange(10**8, 10 ** r.choice([10, 17, 18]))}"),
    ("_fbc", lambda r: f"fb.1.{_millis(r)}.IwAR{_text(r, _BASE62 + '-_', 55)}"),
    ("__utma", lambda r: f"{r.randrange(10**8)}.{r.randrange(10**9, 2**31)}.{_seconds(r)}.{_seconds(r)}.{_seconds(r)}.{r.randrange(9)}"),
    ("__utmz", lambda r: f"{r.randrange(10**8)}.{_seconds(r)}.1.1.{_utm(r)}"),
    ("_pk_id.1.#", lambda r: f"{_hex(r, 8)}.{_seconds(r)}."),
    ("_hjSessionUser_#", lambda r: b64(json.dumps({"id": _uuid(r), "created": _millis(r), "existing": True}))),
    ("_clck", lambda r: f"{_text(r, _BASE62, 7)}%7C2%7Cf{_text(r, _BASE62, 2)}%7C0%7C{r.randrange(1000, 2000)}"),
    ("_uetsid", lambda r: _hex(r, 16)),
    ("_ym_uid", lambda r: f"{_seconds(r)}{_digits(r, 9)}"),
    ("_ym_d", lambda r: str(_seconds(r))),
    ("hubspotutk", lambda r: _hex(r, 16)),
    ("__hstc", lambda r: f"{r.randrange(10**9)}.{_hex(r, 16)}.{_millis(r)}.{_millis(r)}.{_millis(r)}.{r.randrange(99)}"),
    ("__hssc", lambda r: f"{r.randrange(10**9)}.{r.randrange(9)}.{_millis(r)}"),
    ("mp_#_mixpanel", _mixpanel),
    ("ajs_anonymous_id", lambda r: f"%22{_uuid(r)}%22"),
    ("AMP_#", lambda r: b64(quote(json.dumps({"deviceId": _uuid(r), "sessionId": _millis(r), "lastEventTime": _millis(r)})))),
    ("AMCV_#%40AdobeOrg", lambda r: f"179643557%7CMCIDTS%7C{r.randrange(20000)}%7CMCMID%7C{_digits(r, 38)}%7CMCAID%7CNONE"),
    ("s_vi", lambda r: f"[CS]v1|{_hex(r, 8).upper()}-{_hex(r, 8).upper()}[CE]"),
    ("optimizelyEndUserId", lambda r: f"oeu{_millis(r)}r0.{_digits(r, r.randrange(14, 18))}"),
    ("_vwo_uuid_v2", lambda r: f"D{_hex(r, 16).upper()}|{_hex(r, 16)}"),
    ("_sp_id.#", lambda r: f"{_uuid(r)}.{_seconds(r)}.{r.randrange(9)}.{_seconds(r)}.{_seconds(r)}.{_uuid(r)}"),
    ("__cf_bm", lambda r: f"{_text(r, _BASE62 + '-_', 43)}-{_seconds(r)}-1.0.1.1-{_text(r, _BASE62 + '-_.', 120)}"),
    ("cf_clearance", lambda r: f"{_text(r, _BASE62 + '-_.', 43)}-{_seconds(r)}-1.2.1.1-{_text(r, _BASE62 + '-_.', 200)}"),
    ("__cfruid", lambda r: f"{_hex(r, 20)}-{_seconds(r)}"),
    ("AWSALB", lambda r: base64.b64encode(r.randbytes(96)).decode()),
    ("AWSALBCORS", lambda r: base64.b64encode(r.randbytes(96)).decode()),
    ("ARRAffinity", lambda r: _hex(r, 32)),
    ("BIGipServerpool", lambda r: f"{r.randrange(2**32)}.{r.randrange(2**16)}.0000"),
    ("TS01#", lambda r: f"01{_hex(r, 60)}"),
    ("JSESSIONID", lambda r: f"0000{_text(r, _BASE62 + '-_', 23)}:{_hex(r, 4)}"),
    ("ROUTEID", lambda r: f".node{r.randrange(9)}"),
    ("_abck", _abck),
    ("bm_sz", _bm_sz),
    ("datadome", lambda r: _text(r, _BASE62 + "_~", 128)),
    ("_px3", lambda r: f"{_hex(r, 32)}:{base64.b64encode(r.randbytes(12)).decode()}:1000:{base64.b64encode(r.randbytes(90)).decode()}"),
    ("incap_ses_#", lambda r: base64.b64encode(r.randbytes(40)).decode()),
    ("OptanonConsent", _onetrust),
    ("euconsent-v2", _tcf),
    ("CookieConsent", lambda r: quote("{stamp:'" + b64(r.randbytes(33)) + f"',necessary:true,utc:{_millis(r)},region:'de'}}")),
    ("sessionid", lambda r: _text(r, _BASE62.lower()[:36], 32)),
    ("csrftoken", lambda r: _text(r, _BASE62, 64)),
    ("PHPSESSID", lambda r: _text(r, _BASE62.lower()[:36], 26)),
    ("connect.sid", lambda r: quote(f"s:{_text(r, _BASE62 + '-_', 32)}.{b64(r.randbytes(32)).rstrip('=')}", safe="")),
    ("session", _wrapped("flask")),
    ("session", _wrapped("starlette")),
    ("sessionid", _wrapped("django")),
    ("sessionid", _wrapped("django-compressed")),
    ("token", _wrapped("jwt")),
    ("prefs", _wrapped("json-percent")),
    ("state", _wrapped("json-base64")),
    ("ci_session", _wrapped("php")),
    ("_app_session", _rails),
    ("laravel_session", _laravel),
    ("XSRF-TOKEN", _laravel),
    ("access_token", lambda r: RECORD["jwt"]({"uid": r.randrange(10**8), "jti": _uuid(r), "exp": _seconds(r), "scope": "read"})),
    ("jid", lambda r: f"{b64url(r.randbytes(30))}.{b64url(r.randbytes(60))}.{b64url(r.randbytes(32))}"),
    ("etag", lambda r: hashlib.sha1(r.randbytes(9)).hexdigest()),
    ("fp", lambda r: _hex(r, r.choice([4, 8, 16, 20, 32, 64]))),
    ("device", _uuid),
    ("device", lambda r: f"{{{_uuid(r)}}}".upper()),
    ("rid", _ulid),
    ("kid", lambda r: _text(r, _BASE62, 27)),
    ("nano", lambda r: _text(r, _BASE62 + "-_", 21)),
    ("tweet", lambda r: str(_snowflake(r))),
    ("ids", lambda r: json.dumps({"message_id": str(_snowflake(r)), "guild": _snowflake(r)})),
    ("ts", lambda r: str(r.choice([_seconds(r), _millis(r), _millis(r) * 1000 + r.randrange(1000), _millis(r) * 10**6]))),
    ("visited", lambda r: f"{_millis(r)}.{r.randrange(10**6)}"),
    ("last", _dates),
    ("tel", _phone),
    ("order", _order),
    ("ean", _ean13),
    ("recent", lambda r: ",".join(str(r.randrange(1000, 10**5)) for _ in range(r.randrange(3, 9)))),
    ("recent", lambda r: quote(json.dumps([r.randrange(10**6) for _ in range(r.randrange(2, 9))]))),
    ("cart", lambda r: f"{r.choice(_WORDS)}:{r.randrange(9)}|{r.choice(_WORDS)}:{r.randrange(9)}|total:{r.randrange(10**5) / 100}"),
    ("geo", lambda r: f"{r.uniform(-90, 90)},{r.uniform(-180, 180)}"),
    ("rand", lambda r: str(r.random())),
    ("ab", lambda r: "-".join(str(r.randrange(2)) for _ in range(r.randrange(4, 24)))),
    ("ab", lambda r: "&".join(f"{word}={r.choice('abc')}" for word in r.sample(_WORDS, 4))),
    ("ip", lambda r: ".".join(str(r.randrange(256)) for _ in range(4))),
    ("ip6", lambda r: ":".join(f"{r.getrandbits(16):x}" for _ in range(8))),
    ("v", lambda r: f"{r.randrange(20)}.{r.randrange(40)}.{r.randrange(10**4)}"),
    ("traceparent", lambda r: f"00-{_hex(r, 16)}-{_hex(r, 8)}-01"),
    ("b3", lambda r: f"{_hex(r, 8)}-{_hex(r, 8)}-1"),
    ("saved_card", _card_things),
    ("pay", lambda r: quote(json.dumps({"token": f"tok_1{_text(r, _BASE62, 23)}", "last4": f"{r.randrange(10**4):04}", "brand": "amex"}))),
    ("z", lambda r: b64(zlib.compress(json.dumps({"views": [r.randrange(10**6) for _ in range(20)]}).encode()))),
    ("theme", lambda r: r.choice(["dark", "light", "auto"])),
    ("cvv_hint_shown", lambda r: str(_seconds(r))),
    ("screen", lambda r: f"{r.randrange(800, 4000)}x{r.randrange(600, 2200)}"),
)  # fmt: skip

#: Families whose values are nothing but a long number.
BARE = frozenset({"_ym_uid", "tweet", "ts"})


def negatives(count: int, seed: int = 20261124) -> Iterator[tuple[str, str]]:
    """``count`` pairs of a family's name and a fresh ``Set-Cookie`` value, every family as often."""
    rng = random.Random(seed)
    for index in range(count):
        name, make = NEGATIVES[index % len(NEGATIVES)]
        cookie = name.replace("#", _text(rng, _BASE62, 8))
        yield name, f"{cookie}={make(rng)}; Path=/; Max-Age={rng.randrange(10**7)}; SameSite=Lax"
