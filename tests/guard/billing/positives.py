"""Billing data in every wrapping, with its label: what a guard must find."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from tests.guard.billing.wrappings import RECORD, TEXT, Record, b64, chunked

# Brand, prefix, length, and whether prefix and length speak alone.
BRANDS = (
    ("visa", "4", 16, True),
    ("visa-13", "4", 13, False),
    ("visa-19", "4", 19, True),
    ("mastercard", "52", 16, True),
    ("mastercard-2", "2321", 16, True),
    ("amex", "34", 15, True),
    ("amex-37", "37", 15, True),
    ("diners", "36", 14, True),
    ("diners-305", "305", 14, True),
    ("discover", "6011", 16, True),
    ("discover-65", "651", 16, True),
    ("jcb", "3530", 16, True),
    ("unionpay", "6217", 16, True),
    ("unionpay-19", "6221", 19, True),
    ("unionpay-17", "6250", 17, False),
    ("mir", "2202", 16, True),
    ("rupay", "6075", 16, True),
    ("troy", "9792", 16, True),
    ("elo", "636368", 16, True),
    ("hipercard", "606282", 16, True),
    ("verve", "506101", 16, True),
    ("dankort", "5019", 16, True),
    ("maestro", "6759", 16, True),
    ("maestro-12", "5612", 12, False),
    ("maestro-13", "5703", 13, False),
    ("maestro-19", "6304", 19, True),
    ("uatp", "1354", 15, False),
)


def _terms(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: Examples of the SWIFT IBAN registry: published, and nobody's.
IBANS = _terms(
    "AD1200012030200359100100 AE070331234567890123456 AT611904300234573201 BE68539007547034 BG80BNBG96611020345678"
    " CH9300762011623852957 CZ6508000000192000145399 DE89370400440532013000 DK5000400440116243 EE382200221020145685"
    " ES9121000418450200051332 FI2112345600000785 FR1420041010050500013M02606 GB29NWBK60161331926819"
    " GR1601101250000000012300695 HR1210010051863000160 HU42117730161111101800000000 IE29AIBK93115212345678"
    " IL620108000000099999999 IS140159260076545510730339 IT60X0542811101000000123456 LT121000011101001000"
    " LU280019400644750000 LV80BANK0000435195001 MT84MALT011000012345MTLCAST001S NL91ABNA0417164300 NO9386011117947"
    " PL61109010140000071219812874 PT50000201231234567890154 RO49AAAA1B31007593840000 RS35260005601001611379"
    " SA0380000000608010167519 SE4550000000058398257466 SI56263300012039086 SK3112000000198742637541"
    " TR330006100519786457841326 BR1800360305000010009795493C1 SC18SSCB11010000000000001497USD"
    " MU17BOMM0101101030300200000MUR LC55HEMM000100010012001200023015 KW81CBKU0000000000001234560101"
)

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
DEVANAGARI = str.maketrans("0123456789", "०१२३४५६७८९")

CARD_KEYS = _terms(
    "card_number cardNumber card-number CARD_NUMBER ccnum cc_number creditCardNumber credit_card cardno pan card"
    " payment[card][number] billingCardNumber kreditkartennummer Kartennummer numero_tarjeta numeroTarjeta numero_carte"
    " numeroDeCarte numeroCartao numero_carta kaartnummer kortnummer luottokortin_numero numer_karty номер_карты 卡号"
)
CODE_KEYS = _terms(
    "cvv cvc CVV2 cvc2 cvvCode card_cvv cardCvc security_code securityCode card-security-code csc cardCode prüfziffer"
    " Kartenprüfnummer codigo_seguridad códigoSegurança cryptogramme veiligheidscode paymentCvv cc_csc 安全码"
    " код_безопасности"
)

ADDRESSES: tuple[Record, ...] = (
    {"billing_address": "12 High Street, Leeds LS1 4DY"},
    {"billingAddress": {"line1": "742 Evergreen Terrace", "city": "Springfield", "postal_code": "49007"}},
    {"billing": {"street": "Hauptstraße 5", "zip": "10115", "city": "Berlin"}},
    {"rechnungsadresse": "Musterweg 3, 20095 Hamburg"},
    {"rechnung": {"strasse": "Lindenallee 7", "plz": "50667", "ort": "Köln"}},
    {"adresse_facturation": "10 rue de la Paix, 75002 Paris"},
    {"facturation": {"rue": "8 avenue Foch", "ville": "Lyon", "code_postal": "69006"}},
    {"direccion_facturacion": "Calle Mayor 1, 28013 Madrid"},
    {"direcciónDeFacturación": "Gran Vía 22, Bilbao"},
    {"indirizzo_fatturazione": "Via Roma 10, 00184 Roma"},
    {"endereco_cobranca": "Rua Augusta 1500, São Paulo"},
    {"factuuradres": "Damrak 1, 1012 LG Amsterdam"},
    {"faktureringsadress": "Storgatan 3, 111 29 Stockholm"},
    {"laskutusosoite": "Mannerheimintie 5, Helsinki"},
    {"adres_rozliczeniowy": "ul. Długa 8, 00-238 Warszawa"},
    {"платежный_адрес": "ул. Ленина 5, Москва"},
    {"請求先住所": "東京都千代田区丸の内1-1"},
    {"账单地址": "北京市朝阳区建国路88号"},
    {"bill_to": {"address": "1 Main St", "city": "Austin", "zip": "78701"}},
    {"invoice_address": "4 Quay Road, Cork"},
)
BANKS: tuple[Record, ...] = (
    {"routing_number": "021000021", "account_number": "000123456789"},
    {"routingNumber": "111000025", "accountNumber": "9876543210"},
    {"aba": "026009593", "account": "4830012345"},
    {"bank": {"routing": "121000358", "account": "55512345678"}},
    {"sort_code": "20-15-75", "account_no": "12345678"},
    {"sortCode": "402715", "accountNumber": "31926819"},
    {"bsb": "062-000", "account_number": "12345678"},
    {"blz": "37040044", "kontonummer": "532013000"},
    {"ifsc": "HDFC0001234", "bankAccount": "50100012345678"},
    {"clabe": "032180000118359719", "banco": "inter"},
)


@dataclass(frozen=True)
class Case:
    """One response: its ``Set-Cookie`` values, the wrapping, the kind that must be found."""

    cookies: tuple[str, ...]
    wrapping: str
    kind: str


def card_number(rng: random.Random, prefix: str, length: int) -> str:
    """Random digits behind a prefix, with their check digit."""
    body = prefix + "".join(str(rng.randrange(10)) for _ in range(length - len(prefix) - 1))
    total = sum(int(d) if i % 2 else sum(divmod(2 * int(d), 10)) for i, d in enumerate(reversed(body)))
    return body + str(-total % 10)


def grouped(number: str, separator: str) -> str:
    sizes = {15: (4, 6, 5), 14: (4, 6, 4)}.get(len(number), (4, 4, 4, 4, 4))
    pieces, start = [], 0
    for size in sizes:
        pieces.append(number[start : start + size])
        start += size
    return separator.join(filter(None, pieces))


def cookie(name: str, value: str) -> str:
    return f"{name}={value}; Path=/; HttpOnly; Secure; SameSite=Lax"


def positives(seed: int = 20261124) -> Iterator[Case]:
    """The same cases for the same seed; another seed makes another corpus."""
    rng = random.Random(seed)
    yield from _cards_in_texts(rng)
    yield from _cards_in_records(rng)
    yield from _codes(rng)
    yield from _by_key(rng)
    yield from _ibans(rng)
    yield from _scripts_and_separators(rng)
    yield from _lines(rng)
    yield from _places(rng)
    yield from _chunks(rng)


def _name(rng: random.Random) -> str:
    return rng.choice(["data", "checkout", "s", "prefs", "state", "x", "basket", "form", "_tmp", "app_session"])


def _cards_in_texts(rng: random.Random) -> Iterator[Case]:
    for _, prefix, length, alone in BRANDS:
        for wrapping, wrap in TEXT.items():
            number = card_number(rng, prefix, length)
            name = _name(rng) if alone else rng.choice(["card", "ccnum", "pan", "kartennummer"])
            yield Case((cookie(name, wrap(number)),), wrapping, "card_number")


def _cards_in_records(rng: random.Random) -> Iterator[Case]:
    for wrapping, wrap in RECORD.items():
        for _, prefix, length, _ in BRANDS:
            number = card_number(rng, prefix, length)
            number = rng.choice([number, number, grouped(number, " "), grouped(number, "-")])
            record = {rng.choice(CARD_KEYS): number, "exp": "12/29", "name": "Jane Doe"}
            yield Case((cookie(_name(rng), wrap(record)),), wrapping, "card_number")


def _codes(rng: random.Random) -> Iterator[Case]:
    for wrapping, wrap in RECORD.items():
        for _ in range(5):
            code = str(rng.randrange(100, 10_000)).zfill(3)
            yield Case((cookie(_name(rng), wrap({rng.choice(CODE_KEYS): code})),), wrapping, "security_code")
    for wrapping, wrap_text in TEXT.items():
        if "json-" not in wrapping and "-of-" not in wrapping and "signed" not in wrapping:
            yield Case(
                (cookie(rng.choice(["cvv", "card_cvc", "securityCode"]), wrap_text("737")),), wrapping, "security_code"
            )


def _by_key(rng: random.Random) -> Iterator[Case]:
    for wrapping, wrap in RECORD.items():
        for record in rng.sample(ADDRESSES, 6):
            yield Case((cookie(_name(rng), wrap(record)),), wrapping, "billing_address")
        for record in rng.sample(BANKS, 4):
            yield Case((cookie(_name(rng), wrap(record)),), wrapping, "bank_account")


def _ibans(rng: random.Random) -> Iterator[Case]:
    for iban in IBANS:
        spaced = " ".join(chunked(iban, 4))
        for written in (iban, spaced, iban.lower(), spaced.lower(), "-".join(chunked(iban, 4))):
            wrapping = rng.choice(list(TEXT))
            yield Case((cookie(_name(rng), TEXT[wrapping](written)),), wrapping, "iban")
        wrapping = rng.choice(list(RECORD))
        yield Case((cookie(_name(rng), RECORD[wrapping]({"iban": iban, "holder": "Jane"})),), wrapping, "iban")


def _scripts_and_separators(rng: random.Random) -> Iterator[Case]:
    for _, prefix, length, _ in [brand for brand in BRANDS if brand[3]]:
        number = card_number(rng, prefix, length)
        for script in (FULL_WIDTH, ARABIC, PERSIAN, DEVANAGARI):
            wrapping = rng.choice(["percent", "json-string", "utf8-latin1", "base64"])
            yield Case(
                (cookie(_name(rng), TEXT[wrapping](number.translate(script))),), "digits-of-a-script", "card_number"
            )
        for separator in (" ", "-", ".", "_", "+", "\u00a0", "\u2011", "\u200b", "  ", " - "):
            wrapping = rng.choice(["percent", "base64", "json-string"])
            yield Case((cookie(_name(rng), TEXT[wrapping](grouped(number, separator))),), "separators", "card_number")


def _lines(rng: random.Random) -> Iterator[Case]:
    """Records and track data."""
    for _ in range(12):
        pan = card_number(rng, rng.choice(["4", "53", "2400", "6011"]), 16)
        for line in (
            f"visa,{pan},1229", f"{pan}|12/29|123", f"{pan};1229", f"Jane Doe:{pan}:12/2029", f"mc {pan} 0528 123",
            f"B{pan}^DOE/JANE^29121011000000000000", f"%B{pan}^DOE/JANE^2912101?;{pan}=29121010000000000?",
            f"{pan}=29121010000", f"{pan}D29121010000F", f"card{pan}", f"id=7&n={pan}", f"{grouped(pan, ' ')} 12/29",
        ):  # fmt: skip
            wrapping = rng.choice(["plain", "percent", "base64", "hex", "gzip-base64"])
            wrap = TEXT["percent" if wrapping == "plain" and ";" in line else wrapping]
            yield Case((cookie(_name(rng), wrap(line)),), "records-and-tracks", "card_number")


def _places(rng: random.Random) -> Iterator[Case]:
    """Names and attributes hide as well as values."""
    for _, prefix, length, _ in [brand for brand in BRANDS if brand[3]]:
        pan = card_number(rng, prefix, length)
        for name in (pan, f"cc_{pan}", f"seen.{pan}", b64(pan).rstrip("="), grouped(pan, "-"), pan.encode().hex()):
            yield Case((f"{name}=1; Path=/",), "name", "card_number")
        for attribute in (
            f"Path=/{pan}", f"Path=/pay/{pan}/done", f"Comment={pan}", f'Comment="{grouped(pan, " ")}"',
            f"Domain={pan}.example", f"Max-Age={pan}", f"Path=/{b64(pan)}", pan,
            f"Note={quote(json.dumps({'card': pan}))}",
        ):  # fmt: skip
            yield Case((f"a=1; {attribute}; HttpOnly",), "attribute", "card_number")


def _chunks(rng: random.Random) -> Iterator[Case]:
    for style in ("{}.{}", "{}_{}", "{}-{}", "{}C{}", "{}{}"):
        for wrapping in ("json-base64", "flask", "json-percent", "jwt", "django-compressed", "php-base64", "starlette"):
            pan = card_number(rng, "4", 16)
            value = RECORD[wrapping]({"note": "w" * 90, "card": pan, "cvv": "123", "more": "z" * 60})
            first = 1 if "C" in style else rng.randrange(2)
            pieces = chunked(value, len(value) // rng.choice([2, 3, 5]) + 1)
            cookies = [cookie(style.format("session", n), piece) for n, piece in enumerate(pieces, first)]
            rng.shuffle(cookies)
            yield Case(tuple(cookies), "chunks", "card_number")
