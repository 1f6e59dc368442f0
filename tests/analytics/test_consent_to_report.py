"""From the button that a visitor presses to the analysts' rates: the whole way, with nothing in between made up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from footfall import Footfall, Settings
from footfall_analytics import ClickHouse, Reports
from footfall_analytics.sink import ship_pending

_FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

VISITORS = (  # language, what is pressed, whether the browser sends the privacy signal
    ("de", "accept_all", False),
    ("de", "reject_all", False),
    ("fr", "accept_all", False),
    ("en", "accept_all", True),
)


async def home(request: Request) -> HTMLResponse:
    return HTMLResponse("<body>Home</body>")


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reports]:
    """Four visitors answered, and one only looked."""
    place: Path = tmp_path_factory.mktemp("consent")
    url = f"chdb://{place}/clickhouse"
    settings = Settings(
        secret_keys=["0123456789abcdefghijklmnopqrstuvwxyz"],
        store=f"sqlite:///{place}/store.db",
        country_header="x-country",
    )
    sink = ClickHouse(url, ship=False)
    app = Starlette(routes=[Route("/", home)], middleware=[Middleware(Footfall, settings=settings, sink=sink)])
    with TestClient(app, base_url="https://site.example") as client:
        for language, pressed, signal in (*VISITORS, ("de", "", False)):
            _visit(client, language, pressed, signal=signal)
    sink.close()
    assert ship_pending(url, sink.journal.directory)
    with Reports(url) as asked:
        yield asked


def _visit(client: TestClient, language: str, pressed: str, *, signal: bool) -> None:
    client.cookies.clear()
    headers = {"accept": "text/html", "accept-language": language, "x-country": language.upper().replace("EN", "US")}
    client.headers.update(
        {**headers, "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    )
    client.headers.pop("sec-gpc", None)
    if signal:
        client.headers["sec-gpc"] = "1"
    client.get("/")
    if pressed:
        form = {"choice": pressed, "layer": "notice", "return_to": "/"}
        client.post("/privacy", data=form, headers={"sec-fetch-site": "same-origin"}, follow_redirects=False)


def rates(reports: Reports, **asked: object) -> dict[tuple[object, ...], tuple[object, object]]:
    rows = reports.run("consent", **asked)  # type: ignore[arg-type]
    return {row[:-3]: (row[-3], row[-2]) for row in rows.rows}


def test_each_purpose_has_its_rate_and_the_signal_keeps_marketing_off(reports: Reports) -> None:
    assert rates(reports) == {("analytics",): (4, 3), ("marketing",): (4, 2), ("preferences",): (4, 3)}


def test_rates_divide_by_language_country_and_layer(reports: Reports) -> None:
    by_language = rates(reports, by="language")
    assert {key[1]: value for key, value in by_language.items() if key[0] == "analytics"} == {
        "de": (2, 1),
        "fr": (1, 1),
        "en": (1, 1),
    }
    assert rates(reports, by="country")["marketing", "US"] == (1, 0)
    assert rates(reports, by="layer")["analytics", "notice"] == (4, 3)


def test_the_share_of_blind_traffic_and_of_the_signal_are_told(reports: Reports) -> None:
    figures = reports.run("consent").figures
    assert figures["blind_share"] is not None
    assert 0 < float(str(figures["blind_share"])) <= 1
    assert 0 < float(str(figures["gpc_share"])) < 1
