from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from footfall.consent.purposes import Cookie, Policy, Purpose
from footfall.consent.texts import Catalogue
from footfall.settings import Settings

KEYS = ["0123456789abcdefghijklmnopqrstuvwxyz"]

MakeSettings = Callable[..., Settings]


@pytest.fixture
def make_settings() -> MakeSettings:
    """A site with two cookies of its own and a purpose of its own; the rest as asked for."""

    def make(**given: Any) -> Settings:
        cookies = (
            Cookie("theme", purpose="preferences", lifetime=timedelta(days=90), description="Light or dark"),
            Cookie("_ad_*", purpose="marketing", provider="Postbox Ltd", party="third", description="Which letter"),
        )
        own = Purpose("films", title="Films", description="Plays films here.")
        return Settings(
            **{"secret_keys": KEYS, "cookies": cookies, "purposes": [own], "policy": Policy(url="/policy"), **given}
        )

    return make


@pytest.fixture
def settings(make_settings: MakeSettings) -> Settings:
    return make_settings()


@pytest.fixture(scope="session")
def arabic() -> dict[str, Any]:
    """A language that an app brings along, read from right to left."""
    return tomllib.loads(Path(__file__).with_name("arabic.toml").read_text("utf-8"))


@pytest.fixture
def with_arabic(arabic: dict[str, Any]) -> Catalogue:
    return Catalogue({"ar": arabic})
