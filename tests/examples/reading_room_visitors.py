"""What a visitor of the Reading Room does, for tests without a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient

ORIGIN = "http://127.0.0.1"

Visitor = Callable[[], TestClient]


def accept(client: TestClient) -> None:
    """Agree to everything."""
    answer = client.post("/privacy", data={"choice": "accept_all", "layer": "notice", "return_to": "/"})
    assert answer.status_code == 303, answer.text


def reject(client: TestClient) -> None:
    """Agree to nothing."""
    answer = client.post("/privacy", data={"choice": "reject_all", "layer": "notice", "return_to": "/"})
    assert answer.status_code == 303, answer.text


def sign_in(client: TestClient, name: str = "ada", password: str = "Analytical Engine 1843", **more: str) -> Any:
    """Fill in the sign-in form; the answer leads to the next page, or is the form again."""
    return client.post("/sign-in", data={"name": name, "password": password, **more})
