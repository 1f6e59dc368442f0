"""Values made to cost: what a client could send to keep a guard busy."""

from __future__ import annotations

import base64
import gzip
import json
import random
import zlib
from functools import cache


def _b64(data: bytes | str) -> str:
    return base64.b64encode(data if isinstance(data, bytes) else data.encode()).decode()


def _nested(text: str, times: int) -> str:
    for _ in range(times):
        text = _b64(text)
    return text


@cache
def hostile_values() -> dict[str, str]:
    """Name of the trick and the value."""
    rng = random.Random(3)
    numbers = ["".join(rng.choices("0123456789", k=16)) for _ in range(240)]
    return {
        "10,000 digits": "4" * 10_000,
        "numbers of 16 digits": " ".join(numbers),
        "groups of four digits": "-".join(["4111"] * 820),
        "single digits": " ".join("4" * 2000),
        "digits and dots": "1." * 2000,
        "digits and separators": "1 -." * 1000,
        "nested lists": "[" * 2000 + "]" * 2000,
        "open lists": "[" * 4000,
        "nested objects": '{"a":' * 800 + "1" + "}" * 800,
        "many keys": json.dumps({f"key{n}": n for n in range(350)}),
        "many card keys": json.dumps({f"card{n}": f"41111111111111{n % 99:02}" for n in range(120)}),
        "many long integers": json.dumps([10**15 + n for n in range(230)]),
        "one huge integer": json.dumps({"card": 10**3900}),
        "quotation marks": '"' * 4000,
        "backslashes": "\\" * 4000,
        "octal escapes": '"' + "\\064" * 1000 + '"',
        "percent of percent": "%" + "25" * 1900 + "34",
        "ampersands": "&" * 4000,
        "pairs": "&".join(f"a{n}=b" for n in range(500)),
        "pairs of pairs": "a=b:" * 1000,
        "security code keys": "cvv=" * 1000,
        "open elements": "<a>" * 1300,
        "serialised arrays": "a:1:{" * 800,
        "open serialised strings": 's:1:"' * 800,
        "gzip bomb": _b64(gzip.compress(b"0" * 3_000_000, mtime=0)),
        "zlib bomb of numbers": _b64(zlib.compress(b"4111 " * 600_000)),
        "zlib bomb of JSON": _b64(zlib.compress(("[" + '"4111111111111112",' * 100_000 + "1]").encode())),
        "zlib bomb of zlib": _b64(zlib.compress(zlib.compress(b"4" * 30_000_000))),
        "zlib bomb of base64": _b64(zlib.compress((_b64(rng.randbytes(9)) + ".").encode() * 9000)),
        "base64 fourteen times": _nested("4111111111111111", 14),
        "many words of base64": ".".join(_b64(rng.randbytes(9)) for _ in range(310)),
        "many words of JSON": ".".join(_b64('{"card":12}') for _ in range(240)),
        "slashes in base64": ("a" * 10 + "/") * 370,
        "beginnings of IBANs": "DE89 " * 800,
        "nearly IBANs": "DE89370400440532013001 " * 170,
        "every character": "".join(map(chr, range(4096))),
        "combining marks": "a" + "\u0301\u0327" * 2000,
        "full-width digits": "４" * 4000,
        "zero-width spaces": "4\u200b" * 2000,
        "lone surrogates": "\ud800" * 2000,
        "zeros": "\0" * 4000,
        "blanks": " " * 4000,
        "at signs": "a@" * 2000,
        "dotted words": "a." * 2000,
        "tracks": "%B4111111111111111^" * 200,
        "broad numbers with dates": "5612000000000005 12/29 " * 170,
        "attributes": "1" + "; a=b" * 800,
        "blanks in attributes": "1;" + " " * 9000 + "x",
        "deep path": "1; Path=/" + "a/" * 2000,
    }
