"""The order form: card details reach this server, are checked, and are let go.

They are in no cookie, no session, no file, no log and no event. The confirmation shows four digits.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from examples.reading_room.cards import complaints, digits_of, masked
from examples.reading_room.library import visit_of
from examples.reading_room.rendering import page

_LONGEST = 80  # characters of a field that are looked at
_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ"  # letters only: an order's reference never looks like a card


@dataclass(frozen=True, slots=True)
class Item:
    """Something to order."""

    name: str
    title: str
    summary: str
    pounds: int


ITEMS = {
    item.name: item
    for item in (
        Item("facsimile", "A facsimile of a map", "Any sheet from the map cases, on heavy paper, rolled.", 12),
        Item("bag", "A canvas book bag", "Holds nine paperbacks, or an atlas and an umbrella.", 9),
        Item("friendship", "A year’s friendship", "Buys lamps and little else. A letter in spring.", 30),
    )
}


async def ask(request: Request) -> Response:
    return _form(request, chosen="facsimile", name="", errors={})


async def order(request: Request) -> Response:
    """Take the order. Nothing is charged here; a shop would hand the card to its payment service at this point."""
    form = await request.form(max_files=0)
    item, errors = ITEMS.get(_field(form, "item")), _errors(form)
    if item is None or errors:
        chosen, name = item.name if item else "", _field(form, "card_name")
        return _form(request, HTTPStatus.UNPROCESSABLE_ENTITY, chosen=chosen, name=name, errors=errors)
    visit_of(request).event("order", item=item.name)
    reference = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(2))
    card = masked(digits_of(_field(form, "number")))
    return _unkept(page(request, "ordered.html", item=item, card=card, reference=reference))


def _form(request: Request, status: int = HTTPStatus.OK, *, chosen: str, name: str, errors: dict[str, str]) -> Response:
    """The form. What was typed of the card is never sent back, wherever it was typed."""
    shown = "" if any(character.isdigit() for character in name) else name
    facts = {"items": ITEMS.values(), "chosen": chosen, "name": shown, "errors": errors}
    return _unkept(page(request, "order.html", status, **facts))


def _errors(form: FormData) -> dict[str, str]:
    found = {
        "item": "" if _field(form, "item") in ITEMS else "Choose what you would like to order.",
        "card_name": "" if _field(form, "card_name") else "Enter the name on the card.",
    }
    today = datetime.now(UTC).date()
    about_card = complaints(_field(form, "number"), _field(form, "expiry"), _field(form, "code"), today)
    return {field: words for field, words in found.items() if words} | about_card


def _field(form: FormData, name: str) -> str:
    return str(form.get(name, ""))[:_LONGEST].strip()


def _unkept(response: Response) -> Response:
    response.headers["cache-control"] = "no-store"
    return response


routes = [Route("/order", ask), Route("/order", order, methods=["POST"])]
