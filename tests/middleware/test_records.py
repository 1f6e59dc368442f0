"""Records: what was shown can be shown again, and what is past its retention goes while the site runs."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from footfall import Policy, Service, StoreUnavailable
from footfall.consent.evidence import Evidence, evidence
from footfall.consent.upkeep import Upkeep
from footfall.store import Store, open_store
from footfall.store.records import Limits
from tests.middleware.conftest import MakeSite, choose
from tests.store.rows import record


async def page(request: Request) -> Response:
    return HTMLResponse(f"<body>{request.state.visit.visitor_id or ''}</body>")


ROUTES = [Route("/", page)]


def stored(folder: Path) -> Store:
    return open_store(f"sqlite:///{folder}/store.db")


def proofs(folder: Path, visitor: str) -> list[Evidence]:
    store = stored(folder)
    found = asyncio.run(evidence(store, visitor_id=visitor))
    store.close()
    return found


LAYERS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "notice": ("accept_all", "Alle akzeptieren", {}),
    "preferences": ("save", "Auswahl", {"purpose": ["analytics"]}),
    "placeholder": ("allow_service", "YouTube", {"service": ["youtube"]}),
}


@pytest.mark.parametrize("layer", LAYERS)
def test_a_record_is_kept_with_the_exact_words_in_the_language_shown(
    make_site: MakeSite, tmp_path: Path, layer: str
) -> None:
    """GDPR 7(1): the fingerprint of the exact text and language; the text can be rendered again."""
    services = [Service("youtube", "marketing", title="YouTube", provider="Google")]
    browser = make_site(ROUTES, services=services).browser(**{"accept-language": "de"})
    choose(browser, "save", layer="preferences", purpose=["analytics"])
    visitor = browser.get("/").text.partition("<body>")[2].partition("<")[0]
    pressed, says, fields = LAYERS[layer]
    choose(browser, pressed, layer=layer, **fields)
    found = proofs(tmp_path, visitor)[-1]
    assert found.shown is not None
    assert found.intact
    assert (found.record.layer, found.shown.layer, found.shown.language) == (layer, layer, "de")
    assert says in found.shown.text


def test_records_past_their_retention_go_while_the_site_runs(make_site: MakeSite, tmp_path: Path) -> None:
    site = make_site(ROUTES, consent_records_kept=timedelta(days=400))
    now, store = site.clock.now, stored(tmp_path)
    records = {"past": now - 401 * 86_400, "kept": now - 399 * 86_400}

    async def add() -> None:
        for name, at in records.items():
            await store.add_consent_record(record(id=name, at=at))

    asyncio.run(add())
    site.browser().get("/")
    assert [one.id for one in asyncio.run(store.consent_records(visitor_id="visitor"))] == ["kept"]
    site.clock.pass_days(2)
    site.browser().get("/")
    assert asyncio.run(store.consent_records(visitor_id="visitor")) == []
    store.close()


def test_the_policy_of_the_site_is_noted_for_the_command_line(make_site: MakeSite, tmp_path: Path) -> None:
    policy = Policy(version=4, changes={"de": "Mehr.", "en": "More."}, url="/policy")
    make_site(ROUTES, policy=policy, site="shop").browser().get("/")
    store = stored(tmp_path)
    [noted] = asyncio.run(store.policies())
    store.close()
    assert (noted.site, noted.version, noted.changes, noted.url) == ("shop", 4, "More.", "/policy")


def test_what_an_outage_held_up_is_done_when_the_store_is_back(tmp_path: Path) -> None:
    (tmp_path / "store.db").write_bytes(b"this is no database" * 100)
    store = stored(tmp_path)
    limits = Limits(idle=1800, absolute=86400, per_member=10)
    upkeep = Upkeep(store, site="main", policy=Policy(), kept=timedelta(days=400), limits=limits)
    with pytest.raises(StoreUnavailable):
        asyncio.run(upkeep.run(1e9))
    (tmp_path / "store.db").unlink()
    store.open()
    asyncio.run(upkeep.run(1e9))
    assert len(asyncio.run(store.policies())) == 1
    store.close()
