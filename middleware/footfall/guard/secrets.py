"""Paths, query strings and referrers as they may be kept: no billing data, no secret, no address of a person.

URLs end up in logs, and what they carry opens accounts: password-reset tokens, OAuth codes, session ids, signed
links (ASVS 14.2.1, 16.2.5). Each function does billing data and secrets in one pass and may be applied again.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote_plus

from footfall.guard.billing.finding import safe_step
from footfall.guard.billing.keys import Role, role
from footfall.guard.billing.scrub import BILLING, guilty_fields, holds_billing, scrub_shapes

SECRET = "[secret]"  # noqa: S105 - what stands in the place of one

#: Longer input is cut before it is looked at.
LONGEST = 8192


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Parameters whose value is never kept. Compared without case, ``-``, ``_`` and ``.``.
SECRET_KEYS = _names("""
    password passwd pass passphrase passcode pwd pw newpassword oldpassword currentpassword confirmpassword
    passwordconfirmation userpassword pin otp totp mfa mfacode twofactor 2fa onetimepassword onetimecode
    verificationcode backupcode recoverycode secret clientsecret appsecret sharedsecret secretkey privatekey
    token accesstoken refreshtoken idtoken bearer bearertoken authtoken authenticationtoken apitoken usertoken
    resettoken passwordresettoken confirmationtoken verificationtoken verifytoken invitetoken invitationtoken
    activationtoken unsubscribetoken magictoken logintoken sessiontoken csrftoken csrfmiddlewaretoken xsrftoken
    csrf xsrf authenticitytoken requestverificationtoken idtokenhint logintokenhint securitytoken xamzsecuritytoken
    apikey key accesskey accesskeyid subscriptionkey licensekey signingkey appkey resetkey activationkey
    sig signature hmac mac xamzsignature xamzcredential xgoogsignature xgoogcredential awsaccesskeyid credential
    credentials sessionid session sess sid ssid jsessionid phpsessid sessid aspsessionid cfid cftoken connectsid
    auth authorization authkey authcode authorizationcode code codeverifier codechallenge devicecode usercode
    state nonce assertion clientassertion samlrequest samlresponse relaystate wresult ticket jwt jws ott
    hash invite invitation magic magiclink reset confirmation remember rememberme
    email mail emailaddress useremail username user login loginhint userid phone phonenumber mobile tel msisdn
    ssn socialsecuritynumber dob dateofbirth birthdate birthday firstname lastname surname fullname
""")

# Identifiers of an advertisement's click: long and random, but what a source is told by.
_CLICK_IDS = _names("""
    gclid dclid wbraid gbraid gclsrc fbclid msclkid ttclid twclid liclid lifatid yclid scclid epik irclickid
""")

_PUNCTUATION = re.compile(r"[\-_.\[\]$:]")
_EMAIL = re.compile(r"(?<=[^\s@/])(?:@|%40)[^\s@/]{1,255}\.[A-Za-z]{2}")
_JWT = re.compile(r"ey[AJ][A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{2,}(?:\.[A-Za-z0-9_\-]*){0,3}")
_TOKEN = re.compile(r"[A-Za-z0-9+_\-=~.]{32,}")
_HEX = re.compile(r"[0-9A-Fa-f]{32,}")
_EXTENSION = re.compile(r"\.[a-z][a-z0-9]{1,4}$")
_ALNUM = re.compile(r"[A-Za-z0-9]{6,}")
_BREAK = re.compile(r"[A-Z][a-z]+|[a-z]+|[0-9]+|[A-Z]+")

_CALM_PATH = re.compile(r"(?:/(?!c[vs][cv])(?:[a-z_\-]*+(?:\.[a-z]{1,5})?|[A-Za-z0-9_\-]{1,9})(?=$|/(?![0-9]{4})))*+")
_CALM_PARAMETER = re.compile(r"[a-z_]{1,24}=(?:[a-z_\-]*+|[A-Za-z0-9_\-]{0,2}|[0-9\-]{0,8}(?![0-9]))")


def scrub_path(path: str) -> str:
    """The path of a URL without billing data and secrets: e-mail addresses, JWTs, long random tokens.

    UUIDs and slugs stay: they name pages.
    """
    if _CALM_PATH.fullmatch(path):
        return path
    segments = scrub_shapes(path[:LONGEST]).split("/")
    scrubbed = [_segment(before, segment) for before, segment in zip(["", *segments], segments, strict=False)]
    return "/".join(scrubbed)


def scrub_query(query: str) -> str:
    """A query string with ``[billing]`` and ``[secret]`` for the values that may not be kept; the names stay."""
    if not query:
        return query
    parts = query[:LONGEST].split("&")
    if all(map(_is_calm, parts)):
        return query
    pairs = [_named(part) for part in parts]
    guilty = guilty_fields(_record(pairs))
    if guilty is None:
        return BILLING
    return "&".join(_parameter(part, *pair, guilty) for part, pair in zip(parts, pairs, strict=True))


def scrub_url(url: str) -> str:
    """A referrer or any other URL: path, query and fragment scrubbed, the name and password before the host gone."""
    head, hash_sign, fragment = url[:LONGEST].partition("#")
    head, question, query = head.partition("?")
    scheme, slashes, rest = head.partition("://")
    if slashes:
        host, slash, path = rest.partition("/")
        head = f"{scheme}://{_host(host)}{scrub_path(slash + path)}"
    else:
        head = scrub_path(head)
    clean = scrub_query(fragment) if "=" in fragment else scrub_path(fragment)
    return f"{head}{question}{scrub_query(query)}{hash_sign}{clean}"


def _host(host: str) -> str:
    return f"{SECRET}@{host.rpartition('@')[2]}" if "@" in host else host


def _segment(before: str, segment: str) -> str:
    if segment in (BILLING, SECRET, ""):
        return segment
    if holds_billing(before, segment):
        return BILLING
    return SECRET if is_secret(segment) and not _is_file(segment) else segment


def _is_file(segment: str) -> bool:
    """A random name with the extension of a file is an asset's; addresses of people keep their ending, too."""
    return "@" not in segment and "%40" not in segment and _EXTENSION.search(segment) is not None


def _is_calm(part: str) -> bool:
    return _CALM_PARAMETER.fullmatch(part) is not None and _is_harmless(part.partition("=")[0])


@lru_cache(maxsize=1024)
def _is_harmless(name: str) -> bool:
    return not _is_secret_key(name) and role(name) is Role.NONE


def _is_secret_key(name: str) -> bool:
    return _PUNCTUATION.sub("", name).lower() in SECRET_KEYS


def _named(part: str) -> tuple[str, str, bool]:
    name, _, value = part.partition("=")
    name = unquote_plus(name) if "%" in name or "+" in name else name
    return name, value, _is_secret_key(name)


def _record(pairs: list[tuple[str, str, bool]]) -> dict[str, object]:
    record: dict[str, object] = {}
    for name, value, _ in pairs:
        record[name] = f"{record[name]} | {value}" if name in record else value
    return record


def _parameter(part: str, name: str, value: str, secret: bool, guilty: set[str]) -> str:
    if value in (BILLING, SECRET) or not part:
        return part
    step = safe_step(name)
    if step in guilty:
        return f"{part.partition('=')[0]}={BILLING}" if step == name else BILLING
    if (secret and value) or (_PUNCTUATION.sub("", name).lower() not in _CLICK_IDS and is_secret(value)):
        return f"{part.partition('=')[0]}={SECRET}"
    return part


def is_secret(text: str) -> bool:
    """An e-mail address, a JWT, or a long random token; no UUID, no slug."""
    if len(text) < 6:
        return False
    if ("@" in text or "%40" in text) and _EMAIL.search(text):
        return True
    if len(text) < 24:
        return False
    return _JWT.search(text) is not None or any(map(_is_random, _TOKEN.findall(text)))


def _is_random(token: str) -> bool:
    """Hex of 128 bits, or letters and digits that change kind as often as random ones do and words never.

    A UUID is none: its hyphens leave less than 24 characters in groups that are long enough.
    """
    if _HEX.fullmatch(token):
        return True
    runs = [run for run in _ALNUM.findall(token) if 3 * len(_BREAK.findall(run)) >= len(run) and not run.isdecimal()]
    return sum(map(len, runs)) >= 24
