"""The order form: a card reaches the server, and nothing that stays."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from page_checks import complaints
from reading_room_visitors import Visitor, accept, sign_in

from footfall.sink import MemorySink

CARD = {"item": "bag", "card_name": "A. Lovelace", "number": "4111 1111 1111 1111", "expiry": "04/39", "code": "987"}
SECRET = ("4111111111111111", "4111 1111 1111 1111", "04/39", "987")


def test_the_confirmation_shows_four_digits(visitor: Visitor) -> None:
    answer = visitor().post("/order", data=CARD)
    assert answer.status_code == 200
    assert "•••• 1111" in answer.text
    assert not [one for one in SECRET[:3] if one in answer.text]
    assert answer.headers["cache-control"] == "no-store"
    assert complaints(answer.text) == []


def test_an_order_leaves_the_card_in_no_cookie_event_file_or_log(
    visitor: Visitor, sink: MemorySink, data_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """No cookie holds billing information, ever; nor does anything else that stays."""
    caplog.set_level(logging.DEBUG)
    client = visitor()
    accept(client)
    sign_in(client)
    cookies = list(client.post("/order", data=CARD).headers.get_list("set-cookie"))
    files = b"".join(path.read_bytes() for path in data_dir.rglob("*") if path.is_file())
    kept = " ".join((str(cookies), str(dict(client.cookies)), str(sink.events), caplog.text)).encode() + files
    assert b"ada" in kept  # the search finds what is there
    assert not [one for one in SECRET[:3] if one.encode() in kept]


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("number", "4111 1111 1111 1112", "wrong digit"),
        ("number", "", "12 to 19 digits"),
        ("expiry", "01/20", "has expired"),
        ("code", "12", "3 or 4 digits"),
        ("card_name", "", "name on the card"),
        ("item", "yacht", "Choose what you would like"),
    ],
)
def test_what_is_wrong_is_said_in_words_at_its_field(visitor: Visitor, field: str, typed: str, words: str) -> None:
    """WCAG 3.3.1, 3.3.3."""
    answer = visitor().post("/order", data={**CARD, field: typed})
    assert answer.status_code == 422
    assert words in answer.text
    assert f'href="#{field}"' in answer.text
    assert complaints(answer.text) == []


def test_a_refused_order_never_sends_the_card_back(visitor: Visitor) -> None:
    """The page is kept by browsers and read by extensions: the card is typed again."""
    answer = visitor().post("/order", data={**CARD, "card_name": ""})
    assert not [one for one in SECRET if f'value="{one}"' in answer.text]
    assert "type the card again" in answer.text


def test_a_card_in_the_name_field_is_not_sent_back_either(visitor: Visitor) -> None:
    answer = visitor().post("/order", data={**CARD, "card_name": "4111 1111 1111 1111", "code": ""})
    assert answer.status_code == 422
    assert "4111 1111 1111 1111" not in answer.text.replace("To try it out: 4111 1111 1111 1111", "")
