"""How frameworks and people wrap a value before it becomes a cookie: written here as the frameworks document it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
import json
import zlib
from collections.abc import Callable, Mapping
from urllib.parse import quote, quote_plus, urlencode

from itsdangerous import TimestampSigner, URLSafeSerializer, URLSafeTimedSerializer

Record = Mapping[str, object]
Wrap = Callable[[str], str]

_KEY = "a-secret-for-tests-only-0123456789abcdef"


def b64(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def b64url(text: str | bytes) -> str:
    return base64.urlsafe_b64encode(text.encode() if isinstance(text, str) else text).decode().rstrip("=")


def octal_quoted(text: str) -> str:
    """As ``http.cookies`` writes a value with characters that no cookie may hold."""
    plain = "".join(char if char.isalnum() or char in "!#$%&'*+-.^_`|~:/@" else f"\\{ord(char):03o}" for char in text)
    return f'"{plain}"'


def _octal_or_escaped(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace(",", "\\054").replace(";", "\\073") + '"'


#: Wrappings of any text.
TEXT: dict[str, Wrap] = {
    "plain": lambda text: text,
    "quoted": lambda text: f'"{text}"',
    "octal": octal_quoted,
    "percent": lambda text: quote(text, safe=""),
    "percent-every-character": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "percent-twice": lambda text: quote(quote(text, safe=""), safe=""),
    "percent-plus": quote_plus,
    "base64": b64,
    "base64-unpadded": lambda text: b64(text).rstrip("="),
    "base64url": b64url,
    "base64url-padded": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "base64-percent": lambda text: quote(b64(text), safe=""),
    "base64-twice": lambda text: b64(b64(text)),
    "hex": lambda text: text.encode().hex(),
    "hex-upper": lambda text: text.encode().hex().upper(),
    "hex-of-base64": lambda text: b64(text).encode().hex(),
    "gzip-base64": lambda text: b64(gzip.compress(text.encode(), mtime=0)),
    "gzip-base64url": lambda text: b64url(gzip.compress(text.encode(), mtime=0)),
    "gzip-hex": lambda text: gzip.compress(text.encode(), mtime=0).hex(),
    "zlib-base64url": lambda text: b64url(zlib.compress(text.encode())),
    "zlib-percent": lambda text: quote(zlib.compress(text.encode()), safe=""),
    "json-string": lambda text: quote(json.dumps(text)),
    "signed-express": lambda text: f"s:{text}.{b64(hashlib.sha256(text.encode()).digest()).rstrip('=')}",
    "signed-express-percent": lambda text: quote(TEXT["signed-express"](text), safe=""),
    "signed-itsdangerous": lambda text: TimestampSigner(_KEY).sign(text).decode(),
    "signed-rails": lambda text: f"{b64(json.dumps(text))}--{hashlib.sha1(text.encode()).hexdigest()}",
    "signed-tornado": lambda text: f"2|1:0|10:1700000000|4:name|{len(b64(text))}:{b64(text)}|{'ab' * 32}",
    "base64-of-percent": lambda text: b64(quote(text, safe="")),
    "percent-of-base64-of-json": lambda text: quote(b64(json.dumps({"value": text})), safe=""),
    "base64-of-json-of-percent": lambda text: b64(json.dumps({"v": quote(text, safe="")})),
    "json-of-base64-of-gzip": lambda text: json.dumps({"z": b64(gzip.compress(text.encode(), mtime=0))}),
    "utf8-latin1": lambda text: text.encode().decode("latin-1"),
}


def _php(value: object) -> str:
    if isinstance(value, Mapping):
        return f"a:{len(value)}:{{{''.join(_php(key) + _php(inner) for key, inner in value.items())}}}"
    if isinstance(value, int):
        return f"i:{value};"
    text = str(value)
    return f's:{len(text.encode())}:"{text}";'


def _jwt(record: Record) -> str:
    head = b64url(json.dumps({"alg": "HS256", "typ": "JWT"}, separators=(",", ":")))
    body = b64url(json.dumps({"sub": "42", "iat": 1700000000, **record}, separators=(",", ":")))
    mac = hmac.new(_KEY.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{b64url(mac)}"


def _flask(record: Record) -> str:
    return str(URLSafeTimedSerializer(_KEY, salt="cookie-session").dumps({**record, "_permanent": True}))


def _compressible(record: Record) -> Record:
    return {**record, "items": ["the same words again and again"] * 20}


def _django(record: Record, *, compress: bool) -> str:
    data = json.dumps(record, separators=(",", ":")).encode()
    packed = "." + b64url(zlib.compress(data)) if compress else b64url(data)
    stamp = "1rVx9k"
    mac = b64url(hmac.new(_KEY.encode(), f"{packed}:{stamp}".encode(), hashlib.sha256).digest())
    return f"{packed}:{stamp}:{mac}"


def _starlette(record: Record) -> str:
    return TimestampSigner(_KEY).sign(base64.b64encode(json.dumps(record).encode())).decode()


def _flat(record: Record) -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in record.items():
        if isinstance(value, Mapping):
            flat.update({f"{key}[{inner}]": text for inner, text in _flat(value).items()})
        else:
            flat[key] = str(value)
    return flat


#: Wrappings of a record with keys.
RECORD: dict[str, Callable[[Record], str]] = {
    "json": json.dumps,
    "json-compact": lambda record: json.dumps(record, separators=(",", ":")),
    "json-ascii-escapes": lambda record: "".join(
        f"\\u{ord(char):04x}" if char.isdecimal() else char for char in json.dumps(record, ensure_ascii=False)
    ),
    "json-percent": lambda record: quote(json.dumps(record), safe=""),
    "json-percent-twice": lambda record: quote(quote(json.dumps(record), safe=""), safe=""),
    "json-base64": lambda record: b64(json.dumps(record)),
    "json-base64url": lambda record: b64url(json.dumps(record)),
    "json-hex": lambda record: json.dumps(record).encode().hex(),
    "json-quoted-octal": lambda record: _octal_or_escaped(json.dumps(record)),
    "json-in-json": lambda record: json.dumps({"state": json.dumps(record)}),
    "json-in-array": lambda record: json.dumps([1, [record]]),
    "json-express": lambda record: quote("j:" + json.dumps(record), safe=""),
    "json-express-signed": lambda record: quote(f"s:j:{json.dumps(record)}.c2lnbmF0dXJlb2ZldmVyeXRoaW5n", safe=""),
    "json-gzip-base64": lambda record: b64(gzip.compress(json.dumps(record).encode(), mtime=0)),
    "json-zlib-base64": lambda record: b64(zlib.compress(json.dumps(record).encode())),
    "json-supabase": lambda record: "base64-" + b64url(json.dumps(record)),
    "query": lambda record: urlencode(_flat(record)),
    "query-percent": lambda record: quote(urlencode(_flat(record)), safe=""),
    "query-base64": lambda record: b64(urlencode(_flat(record))),
    "colons-pipes": lambda record: "|".join(f"{key}:{value}" for key, value in _flat(record).items()),
    "python-repr": lambda record: quote(repr(record), safe=""),
    "name-value-list": lambda record: json.dumps([{"name": k, "value": v} for k, v in _flat(record).items()]),
    "php": lambda record: quote(_php(record), safe=""),
    "php-base64": lambda record: b64(_php(record)),
    "php-session": lambda record: quote("".join(f"{key}|{_php(value)}" for key, value in record.items()), safe=""),
    "php-nested": lambda record: quote(_php({"user": 7, "data": {"form": record}}), safe=""),
    "jwt": _jwt,
    "jwt-nested": lambda record: _jwt({"claims": {"checkout": record}}),
    "flask": _flask,
    "flask-compressed": lambda record: _flask(_compressible(record)),
    "itsdangerous": lambda record: str(URLSafeSerializer(_KEY).dumps(record)),
    "starlette": _starlette,
    "django": lambda record: _django(record, compress=False),
    "django-compressed": lambda record: _django(_compressible(record), compress=True),
    "rails-json": lambda record: quote(f"{b64(json.dumps(record))}--{'0f' * 20}", safe=""),
}


def chunked(value: str, size: int) -> list[str]:
    """A value cut into pieces, as big sessions are."""
    return [value[start : start + size] for start in range(0, len(value), size)]
