"""What a result can become, and the minutes of the latest half hour."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from importlib.util import find_spec

import pytest

from footfall_analytics import Reports
from footfall_analytics.clickhouse import connect
from footfall_analytics.reports import CATALOG, MissingPackage
from footfall_analytics.reports.methods import Methods
from tests.analytics.report_database import create
from tests.analytics.report_world import Row, at, insert

NOW = at("2026-10-25 01:10:30")  # in Berlin the repeated hour, for the second time
EVE = uuid.UUID(int=1)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reports]:
    with connect(f"chdb://{tmp_path_factory.mktemp('forms')}/clickhouse") as connection:
        database = create(connection.client, "forms")
        view = Row(time=NOW - timedelta(minutes=1), path="/a")
        rows = [view, replace(view, visitor_id=EVE, visit_number=1), replace(view, path="/b", duration_us=1500)]
        rows.append(replace(view, time=NOW - timedelta(minutes=20), visitor_id=uuid.UUID(int=2), visit_number=1))
        rows.append(replace(view, time=NOW - timedelta(minutes=31)))
        insert(connection.client, database.database, rows)
        yield Reports(database, clock=lambda: NOW)


def test_the_latest_half_hour_has_thirty_minutes_and_who_is_here_now(reports: Reports) -> None:
    result = reports.realtime(timezone="Europe/Berlin")
    assert len(result) == 30
    busy = {line["minute"].isoformat(): line["page_views"] for line in result if line["page_views"]}  # type: ignore[attr-defined]
    assert busy == {"2026-10-25T02:50:00+02:00": 1, "2026-10-25T02:09:00+01:00": 3}
    assert result.total is not None
    assert result.total[1:] == (4, 2)
    assert result.figures == {"visitors_now": 1}


@pytest.mark.parametrize("package", ["pyarrow", "pandas", "polars"])
def test_a_package_that_is_missing_is_named(reports: Reports, monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    result = reports.pages()
    form = {"pyarrow": result.arrow, "pandas": result.pandas, "polars": result.polars}[package]
    with pytest.raises(MissingPackage, match=f"pip install {package}"):
        form()


@pytest.mark.parametrize("name", ["pages", "traffic", "documents"])
def test_a_result_becomes_the_tables_that_are_installed(reports: Reports, name: str) -> None:
    result = reports.run(name)
    if find_spec("pyarrow"):
        assert result.arrow().num_rows == len(result)
        assert tuple(result.arrow().column_names) == result.columns
    if find_spec("pandas"):
        assert result.pandas().shape == (len(result), len(result.columns))
    if find_spec("polars"):
        assert result.polars().shape == (len(result), len(result.columns))


def test_every_report_is_a_method() -> None:
    assert {name for name in vars(Methods) if not name.startswith("_")} - {"run"} == set(CATALOG)
