"""Filters: how they are said, and what they keep."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from footfall_analytics.clickhouse import Connection, connect
from footfall_analytics.reports import QuestionError, Reports
from footfall_analytics.reports.catalog import CATALOG, sql_of
from footfall_analytics.reports.conditions import MARK, conditions_of
from footfall_analytics.reports.filters import Where, filters_of, is_pattern, like, literal
from tests.analytics.report_database import create
from tests.analytics.report_world import Row, at, insert

NOON = at("2026-11-20 12:00")
EVE, ADAM = uuid.UUID(int=1), uuid.UUID(int=2)

Kept = Callable[[Where], list[object]]


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    with connect(f"chdb://{tmp_path_factory.mktemp('filters')}/clickhouse") as connection:
        yield connection


@pytest.fixture(scope="module")
def kept(connection: Connection) -> Kept:
    """The paths that a filter keeps."""
    view = Row(time=NOON, visitor_id=EVE, visit_number=1, country="DE", browser="Firefox", status=200)
    rows = [
        replace(view, path="/", source="Google", channel="Organic Search"),
        replace(view, path="/docs/a", time=NOON + timedelta(seconds=9), channel="Internal"),
        replace(view, path="/docs/b_", time=NOON, visitor_id=ADAM, country="FR", browser="Safari", member_id="ada"),
        replace(view, path="/docs/bc", time=NOON, visitor_id=uuid.UUID(int=0), visit_number=0, country="DE"),
        replace(view, path="/100%", time=NOON, visitor_id=ADAM, visit_number=2, country="", props={"plan": "pro"}),
    ]
    database = create(connection.client, "filters")
    insert(connection.client, database.database, rows)

    def paths(where: Where) -> list[object]:
        return sorted(row[0] for row in Reports(database).pages(filters=where).rows)  # type: ignore[type-var]

    return paths


@pytest.mark.parametrize(
    ("where", "paths"),
    [
        ([], ["/", "/100%", "/docs/a", "/docs/b_", "/docs/bc"]),
        (["country=DE"], ["/", "/docs/a", "/docs/bc"]),
        (["country=DE", "country=FR"], ["/", "/docs/a", "/docs/b_", "/docs/bc"]),
        (["country!=DE"], ["/100%", "/docs/b_"]),
        (["country!=DE", "country!="], ["/docs/b_"]),
        (["country="], ["/100%"]),
        (["path=/docs/*"], ["/docs/a", "/docs/b_", "/docs/bc"]),
        (["path=/docs/b_"], ["/docs/b_"]),
        (["path=/docs/*_"], ["/docs/b_"]),
        (["path=*%"], ["/100%"]),
        (["path!=/docs/*", "path!=/"], ["/100%"]),
        (["country=DE", "path=/docs/*"], ["/docs/a", "/docs/bc"]),
        (["source=Google"], ["/", "/docs/a"]),
        (["source!=Google"], ["/100%", "/docs/b_", "/docs/bc"]),
        (["channel=Direct"], ["/100%", "/docs/b_", "/docs/bc"]),
        (["entry=/"], ["/", "/docs/a"]),
        (["exit=/docs/a"], ["/", "/docs/a"]),
        (["member=ada"], ["/docs/b_"]),
        (["props.plan=pro"], ["/100%"]),
        (["status=2*"], ["/", "/100%", "/docs/a", "/docs/b_", "/docs/bc"]),
        ([f"visitor={EVE}"], ["/", "/docs/a"]),
        ({"country": ["DE", "FR"], "browser!": "Safari"}, ["/", "/docs/a", "/docs/bc"]),
        ({"country!=": "DE"}, ["/100%", "/docs/b_"]),
        (["path=') OR 1=1 --"], []),
        (["path=\\"], []),
    ],
    ids=str,
)
def test_a_filter_keeps_what_it_says(kept: Kept, where: Where, paths: list[str]) -> None:
    assert kept(where) == paths


@pytest.mark.parametrize("name", [name for name, report in CATALOG.items() if report.filters])
@pytest.mark.parametrize("where", ["path=/docs/*", "source!=Google", "entry=/", "country=DE", "member=ada"])
def test_every_report_can_be_filtered(connection: Connection, kept: Kept, name: str, where: str) -> None:
    kept([])
    reports = Reports(type("D", (), {"client": connection.client, "database": "filters"})())
    needed = {"dimension": "browser", "steps": ["/", "/docs/*"], "member": "ada"}
    asked = {key: needed[key] for key in CATALOG[name].needs}
    assert reports.run(name, filters=[where], **asked).name == name  # type: ignore[arg-type]


def test_every_report_that_can_be_kept_to_a_site_can_be_filtered() -> None:
    for report in CATALOG.values():
        text = sql_of(report.file)
        assert text.count("= '' OR site = {site:String}") == len(MARK.findall(text)) or not report.filters


@pytest.mark.parametrize(
    ("term", "error"),
    [
        ("contry=DE", "'contry' is no dimension; did you mean country?"),
        ("zzz=1", "there are path, route"),
        ("country", "is no filter; say country=DE"),
        ("=DE", "is no filter"),
        ("props.=x", "is no dimension"),
        ("path=" + "x" * 2001, "longer than any"),
        ("1;DROP TABLE events=1", "is no filter"),
    ],
)
def test_what_is_no_filter_is_refused(term: str, error: str) -> None:
    with pytest.raises(QuestionError, match=error):
        filters_of([term])


def test_one_text_is_no_list_of_filters() -> None:
    with pytest.raises(QuestionError, match="not one text"):
        filters_of("country=DE")


def test_more_values_than_anybody_needs_are_refused() -> None:
    with pytest.raises(QuestionError, match="more than 100"):
        filters_of([f"path=/{number}" for number in range(101)])


@pytest.mark.parametrize(
    ("value", "pattern", "meant", "sql"),
    [
        ("/a", False, "/a", "/a"),
        ("/a*", True, "/a", "/a%"),
        (r"/a\*", False, "/a*", "/a*"),
        ("100%_", False, "100%_", r"100\%\_"),
        ("\\\\", False, "\\", "\\\\"),
        ("a\\", False, "a\\", "a\\\\"),
    ],
)
def test_a_star_stands_for_any_text_unless_escaped(value: str, pattern: bool, meant: str, sql: str) -> None:
    assert (is_pattern(value), literal(value), like(value)) == (pattern, meant, sql)


def test_no_value_is_ever_in_the_sql() -> None:
    conditions = conditions_of(
        filters_of(["country=Atlantis", "path!=Atlantis*", "source=Atlantis", "props.Atlan=tis"])
    )
    assert "Atlan" not in "".join(conditions.sql.values())
    assert any("Atlantis" in str(value) for value in conditions.parameters.values())
