from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.sessions.sites import Site


@pytest.fixture
def make_site(store_url: str) -> Iterator[Callable[..., Site]]:
    sites: list[Site] = []

    def make(**options: Any) -> Site:
        sites.append(Site(store_url, **options))
        return sites[-1]

    yield make
    for site in sites:
        site.close()


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    return make_site()
