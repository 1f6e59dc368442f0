"""What is billing data and what is not: one small case for each rule."""

from __future__ import annotations

import json
import random
from urllib.parse import quote

import pytest

from footfall.guard.billing import find_billing_data, find_in_pair
from tests.guard.billing.positives import card_number
from tests.guard.billing.wrappings import RECORD, b64, b64url

VISA = "4111111111111111"
BROAD = card_number(random.Random(1), "5612", 16)  # a prefix that much else has, too


def kinds(set_cookie: str) -> set[str]:
    return {finding.kind for finding in find_billing_data(set_cookie)}


@pytest.mark.parametrize(
    "value",
    [
        "4111-1111-1111-1111",
        "4111 1111 1111 1111",
        "3782 822463 10005",
        "3056 930902 5904",
        "4111+1111+1111+1111",
        "4111.1111.1111.1111",
        "4111_1111_1111_1111",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "41 11 11 11 11 11 11 11",
        "4111 1111 1111 1111 12/29 123",
        "4111 1111 1111 1111 123",
        "5500 0055 5555 5559 4111 1111 1111 1111",
        quote("4111–1111–1111–1111"),
        quote("4111\u200b1111\u200b1111\u200b1111"),
        quote("4\u00ad111111111111111"),
    ],
)
def test_separators_do_not_hide_a_card(value: str) -> None:
    assert kinds(f"x={value}") == {"card_number"}


@pytest.mark.parametrize("zero", ["０", "٠", "۰", "०", "০", "๐", "𝟎"])
def test_digits_of_other_scripts_count(zero: str) -> None:
    digits = "".join(chr(ord(zero) + int(digit)) for digit in VISA)
    assert kinds(f"x={quote(digits)}") == {"card_number"}
    assert kinds(f"x={digits.encode().decode('latin-1')}") == {"card_number"}  # as a server hands header bytes out


@pytest.mark.parametrize(
    "value",
    [
        f"visa,{VISA},1229",
        f"1,{VISA},1229",
        f"{VISA}|12/29|123",
        f"visa.{VISA}.1229",
        f"{VISA}-1229-123",
        f"visa{VISA}",
        f"{VISA}exp1229",
        f"B{VISA}^DOE/JANE^29121010000",
        f"%25B{VISA}%5EDOE/JANE%5E29121010000",
        f"{VISA}=29121010000",
        f"{VISA}D29121010000F",
        f"maestro,{BROAD},1229",
        f"{BROAD}|12/29|123",
        f"{BROAD} cvv 123",
    ],
)
def test_guards_against_ids_do_not_hide_cards_in_records_and_track_data(value: str) -> None:
    """ISO/IEC 7813 tracks included."""
    assert "card_number" in kinds(f"x={value}")


@pytest.mark.parametrize(
    "value",
    [
        "GA1.2.4111111111.1111111111",
        "fb.1.1700000000000.4111111111111111",
        "0.4111111111111111",
        "12.4111111111111111,-13.5555555555554444",
        "41111111-1111-1111-1111-111111111111",
        "12345678-4111-1111-1111-123456789012",
        "ab12cd34-4111-1111-1111-1111efab2345",
        "a4111111111111111",
        "4111111111111111f",
        "deadbeef4111111111111111",
        "0af7651916cd43dd-4111111111111111-01",
        "6BDF4111111111111111ABCD",
        "9400 1000 0000 0000 0000 00",
        "5121 4111 1111 1111 1111",
        "4111 1111 1111 1111 5121",
        "112-1234567-1234567",
        "2024-05-12 10:23:45.123456",
        "4123,4567,5120,4981",
        "2606:4700:3030:1234:5678:9012:3456:7890",
        "1700000000000000",
        "1288834974657000000",
        "4006381333931",
    ],
)
def test_identifiers_times_and_codes_of_goods_are_no_cards(value: str) -> None:
    assert kinds(f"x={value}") == set()


@pytest.mark.parametrize(
    "value", ["4111111111111112", "1234567812345678", BROAD, "411111******1111", "•••• 1111", "tok_visa", "Jane Doe"]
)
def test_what_is_no_finding_alone(value: str) -> None:
    """Wrong check digits, broad prefixes, masked numbers, last four digits, provider tokens, holder names."""
    assert kinds(f"x={value}") == set()


@pytest.mark.parametrize(
    "cookie",
    [
        f"card={BROAD}",
        f"CardNo={BROAD}",
        f"cc-number={BROAD}",
        f"kartennummer={BROAD}",
        f"x={quote(json.dumps({'numéro de carte': BROAD}))}",
        f"x={quote(json.dumps({'номер карты': BROAD}))}",
        f"x={json.dumps({'n': BROAD, 'cvc': '123'})}",
        f"x={json.dumps({'n': BROAD, 'exp_month': 12, 'exp_year': 2029})}",
        f"x={json.dumps({'card': {'number': BROAD}})}",
        f"x={json.dumps({'card': ['4111', '1111', '1111', '1111']})}",
        f"x={BROAD[:4]} {BROAD[4:8]} {BROAD[8:12]} {BROAD[12:]}",
        "card_number=6212345678901232",
    ],
)
def test_a_broad_prefix_counts_under_a_card_key_beside_a_code_or_in_the_grouping_of_a_card(cookie: str) -> None:
    assert "card_number" in kinds(cookie)


@pytest.mark.parametrize("key", ["card_id", "cardToken", "card_created_at", "discard", "cart_id", "card_view"])
def test_identifiers_of_cards_are_no_card_numbers(key: str) -> None:
    assert kinds(f"{key}={BROAD}") == set()


@pytest.mark.parametrize(
    "cookie",
    [
        "cvv=123",
        "CVV2=0123",
        "card-cvc=999",
        "paymentCVC=321",
        "csc=123",
        "cvv=%31%32%33",
        'cvv="\\061\\062\\063"',
        "cvv=MTIz",
        "cvv=313233",
        "cvv=١٢٣",
        "kartenpr%C3%BCfnummer=123",
        "x=foo|cvv:123|bar",
        f"x={b64('cvv=123')}",
        f"x={json.dumps([['cvv', '123']])}",
        f"x={json.dumps([{'name': 'card[cvc]', 'value': '123'}])}",
        f"x={quote('<card><cvv>123</cvv></card>')}",
        f"x={quote('https://shop.example/pay?cvv=123')}",
        "cvv_123=1",
        f"x={json.dumps({'card': {'code': '123'}})}",
        "x=%7B%22state%22%3A+%22%7B%5C%22cvv%5C%22%3A+%5C%22737%5C%22%7D%22%7D",
        "a=1; cvv=123",
        "a=1; Comment=cvv:123",
    ],
)
def test_a_security_code_speaks_by_its_key(cookie: str) -> None:
    assert "security_code" in kinds(cookie)


@pytest.mark.parametrize(
    "cookie", ["code=123", "cvv_required=1", "cvc_check=pass", "cvv_length=123", "cvv=***", "state=1234", "cid=123"]
)
def test_other_short_numbers_are_no_security_codes(cookie: str) -> None:
    assert kinds(cookie) == set()


def test_an_expiry_counts_beside_a_card_only() -> None:
    assert kinds("expiry=12/29") == set()
    assert kinds(f"x={json.dumps({'exp': '12/29', 'n': VISA})}") == {"card_number", "expiry"}
    assert kinds(f"x={json.dumps({'coupon': {'exp': '12/29'}, 'form': {'n': VISA}})}") == {"card_number"}


@pytest.mark.parametrize(
    "value",
    [
        "DE89370400440532013000",
        "DE89 3704 0044 0532 0130 00",
        "de89 3704 0044 0532 0130 00",
        "DE89-3704-0044-0532-0130-00",
        "IBANDE89370400440532013000",
        "jane|FR1420041010050500013M02606|BNPAFRPP",
        "NO9386011117947",
        "MT84MALT011000012345MTLCAST001S",
        quote("ＤＥ８９３７０４００４４０５３２０１３０００"),
    ],
)
def test_an_iban_is_found_by_its_length_and_mod_97(value: str) -> None:
    """ISO 13616 and the SWIFT registry; no national check."""
    assert kinds(f"x={value}") == {"iban"}


@pytest.mark.parametrize(
    "value",
    [
        "BE416771517198ED",
        "DE89370400440532013001",
        "DE00370400440532013000",
        "DE89 **** **** 3000",
        "de-10-best-things-to-do-in-rome",
    ],
)
def test_what_only_begins_like_an_iban_is_none(value: str) -> None:
    assert kinds(f"x={value}") == set()


@pytest.mark.parametrize(
    "record",
    [
        {"routing_number": "021000021", "account_number": "123456789"},
        {"routing": "021000021", "account": "123456789"},
        {"bank": {"accountNumber": "12345678", "sortCode": "20-00-00"}},
        {"ach": {"account": "12345678", "routing": "021000021"}},
        {"kontonummer": "532013000", "bankleitzahl": "37040044"},
        {"IFSC": "HDFC0001234", "AccountNo": "50100012345678"},
    ],
)
def test_accounts_and_routing_numbers_speak_by_their_keys(record: dict[str, object]) -> None:
    assert kinds(f"x={json.dumps(record)}") == {"bank_account", "routing_number"}


@pytest.mark.parametrize(
    "cookie", ["account=12345678", "account_id=123456789", "routing=sticky", "swift=5", "bic=DEUTDEFF", "sort_code=asc"]
)
def test_an_account_without_a_bank_is_somebody_elses(cookie: str) -> None:
    assert kinds(cookie) == set()


@pytest.mark.parametrize(
    "cookie",
    [
        "billing_address=12+High+St%2C+Leeds",
        "billing_zip=10115",
        "rechnungsadresse=Hauptstr.%205",
        f"x={json.dumps({'customer': {'billing': {'line1': '12 High St', 'zip': '90210'}}})}",
        f"x={json.dumps({'dirección_de_facturación': 'Calle Mayor 5'})}",
        f"x={quote(json.dumps({'請求先': {'住所': '東京都千代田区1-1'}}))}",
    ],
)
def test_a_billing_address_speaks_by_its_key(cookie: str) -> None:
    assert kinds(cookie) == {"billing_address"}


@pytest.mark.parametrize(
    "cookie",
    [
        "shipping_address=12 High St, Leeds",
        "city=Leeds",
        "billing_same_as_shipping=true",
        "billing_address=same",
        "billing_address_id=48213",
        "billing_plan=pro",
        "billing_name=Jane Doe",
        "billing_country=DE",
        "billboard_city=Leeds",
        "invoice_number=4711",
    ],
)
def test_other_addresses_and_other_facts_of_a_bill_are_none(cookie: str) -> None:
    assert kinds(cookie) == set()


@pytest.mark.parametrize(
    "wrapping", ["jwt-nested", "php-nested", "django-compressed", "flask-compressed", "json-in-json"]
)
def test_a_path_leads_from_the_outside_in(wrapping: str) -> None:
    (finding,) = find_in_pair("s", RECORD[wrapping]({"card": VISA}))
    assert finding.path.startswith("value>")
    assert finding.path.endswith(">card")


def test_the_path_names_the_layers() -> None:
    (finding,) = find_in_pair("s", b64(json.dumps({"card": VISA})))
    assert finding.path == "value>base64>json>card"


@pytest.mark.parametrize(
    "cookie",
    [
        f"{VISA}={VISA}; Path=/{VISA}",
        f"{b64url(VISA)}={json.dumps({VISA: {b64url(VISA): VISA}})}",
        f"a{VISA}b={json.dumps({'card ' + VISA: 'cvv=123'})}",
        f"x={json.dumps({'cvv': '737', 'iban': 'DE89370400440532013000'})}",
    ],
)
def test_a_finding_never_repeats_the_data(cookie: str) -> None:
    """Kind, cookie, path and the last two digits at most (ASVS 16.2.5)."""
    for finding in find_billing_data(cookie):
        for data in (VISA[:-4], b64url(VISA)[:12], "737", "37040044"):
            assert data not in repr(finding)
        assert len(finding.last) <= 2


def test_a_trusted_cookie_or_path_may_hold_bare_numbers_and_nothing_else() -> None:
    assert find_in_pair("uid", VISA) != []
    assert find_in_pair("uid", VISA, trusted_ids=["uid"]) == []
    assert find_in_pair("uid", VISA, trusted_ids=["u*"]) == []
    assert find_in_pair("other", VISA, trusted_ids=["uid"]) != []
    assert find_in_pair("uid", "4111 1111 1111 1111", trusted_ids=["uid"]) != []
    assert find_in_pair("uid", json.dumps({"card": VISA}), trusted_ids=["uid"]) != []
    prefs = json.dumps({"user_id": VISA, "note": VISA[:-1] + "1"})
    assert find_in_pair("prefs", prefs, trusted_ids=["prefs>value>json>user_id"]) != []
    assert find_in_pair("prefs", json.dumps({"user_id": VISA}), trusted_ids=["prefs>value>json>user_id"]) == []
