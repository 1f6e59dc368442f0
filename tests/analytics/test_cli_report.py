"""``footfall report`` from end to end."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from footfall_analytics.clickhouse import Connection, connect, migrate
from tests.analytics.cli_runner import Run, runner
from tests.analytics.report_world import Row, at, insert

NOON = at("2026-11-20 12:00")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"chdb://{tmp_path_factory.mktemp('cli')}/clickhouse"


@pytest.fixture(scope="module")
def connection(url: str) -> Iterator[Connection]:
    with connect(url) as connection:
        yield connection


@pytest.fixture(autouse=True)
def _empty_tables(connection: Connection, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    connection.client.command("DROP DATABASE IF EXISTS footfall")
    migrate(connection.client, "footfall")
    monkeypatch.setenv("FOOTFALL_ANALYTICS", url)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    return runner(capsys, monkeypatch)


def given(connection: Connection, *rows: Row) -> None:
    insert(connection.client, "footfall", rows)


def test_a_table_names_its_period_and_aligns_its_numbers(run: Run, connection: Connection) -> None:
    views = [Row(time=NOON + timedelta(minutes=number), path="/a") for number in range(1200)]
    given(connection, *views, replace(views[0], path="/a longer path", duration_us=1500))
    assert run("report", "pages").out == (
        "Pages, 2026-11-20 12:00 – 2026-11-21 07:59 (UTC)\n"
        "\n"
        "path            page views  visits  visitors  members  median ms\n"
        "/a                   1,200       0         0        0          –\n"
        "/a longer path           1       0         0        0        1.5\n"
        "\n"
        "Purpose: analytics.\n"
    )


def test_the_total_of_traffic_is_its_last_line(run: Run, connection: Connection) -> None:
    given(connection, Row(time=NOON, bytes=1_500_000), Row(time=NOON + timedelta(days=1), bytes=500))
    assert [line.split() for line in run("report", "traffic").lines[3:6]] == [
        ["2026-11-20", "1", "1", "0", "0", "0", "100.0%", "1.5", "MB"],
        ["2026-11-21", "1", "1", "0", "0", "0", "100.0%", "500", "B"],
        ["total", "2", "2", "0", "0", "0", "100.0%", "1.5", "MB"],
    ]


def test_json_is_a_list_of_objects_without_the_total(run: Run, connection: Connection) -> None:
    given(connection, Row(time=NOON))
    assert run("report", "traffic", "--format", "json").json == [
        {
            "day": "2026-11-20",
            "page_views": 1,
            "requests": 1,
            "visits": 0,
            "visitors": 0,
            "members": 0,
            "anonymous_share": 1.0,
            "bytes": 1000,
        }
    ]


def test_csv_has_a_header_and_quotes_what_needs_it(run: Run, connection: Connection) -> None:
    given(connection, Row(time=NOON, path='/a,"b"\nc'))
    rows = list(csv.reader(io.StringIO(run("report", "pages", "--format", "csv").out)))
    assert rows == [
        ["path", "page_views", "visits", "visitors", "members", "median_ms"],
        ['/a,"b"\nc', "1", "0", "0", "0", ""],
    ]


@pytest.mark.parametrize(
    ("form", "shown"), [("json", "[]\n"), ("csv", "name,uses,users,members,anonymous_uses,clicks\n")]
)
def test_no_rows_are_still_json_and_csv(run: Run, connection: Connection, form: str, shown: str) -> None:
    given(connection, Row(time=NOON))
    assert run("report", "databases", "--format", form).out == shown


def test_an_empty_range_says_so_and_is_no_failure(run: Run, connection: Connection) -> None:
    given(connection, Row(time=NOON))
    ran = run("report", "pages", "--since", "2020-01-01", "--until", "2020-01-31")
    assert (ran.code, ran.out) == (0, "No rows between 2020-01-01 00:00 and 2020-02-01 00:00 (UTC).\n")


def test_a_site_that_there_is_not_is_named_with_those_that_there_are(run: Run, connection: Connection) -> None:
    given(connection, Row(time=NOON))
    ran = run("report", "pages", "--site", "nowhere")
    assert (ran.code, ran.lines) == (0, ["No rows.", "Site 'nowhere' has no rows; there are main."])


def test_a_comparison_stands_in_the_cell_and_in_columns_of_its_own(run: Run, connection: Connection) -> None:
    given(connection, *(Row(time=NOON - timedelta(days=days)) for days in (0, 0, 0, 1, 1)))
    asked = ("report", "countries", "--since", "2026-11-20", "--until", "2026-11-20", "--compare")
    assert run(*asked).lines[3] == "–        3 (2, +50.0%)   0 (0)     0 (0)    0 (0)"
    [line] = run(*asked, "--format", "json").json
    assert (line["page_views"], line["page_views_previous"], line["page_views_change"]) == (3, 2, 0.5)
    assert "Compared with 2026-11-19 (UTC)." in run(*asked).lines


def test_a_table_shows_fifty_rows_and_json_all(run: Run, connection: Connection) -> None:
    given(connection, *(Row(time=NOON, path=f"/{number}") for number in range(60)))
    assert "These are the first 50; --limit 0 shows all." in run("report", "pages").lines
    assert len(run("report", "pages", "--limit", "0").lines) == 3 + 60 + 2
    assert len(run("report", "pages", "--format", "json").json) == 60
    assert len(run("report", "pages", "--format", "json", "--limit", "7").json) == 7


def test_robots_are_left_out_and_said_below(run: Run, connection: Connection) -> None:
    given(connection, Row(time=NOON), Row(time=NOON, bot="GPTBot"))
    assert run("report", "pages").lines[-2] == "1 page view by robots left out; --bots counts them."
    assert run("report", "pages", "--bots", "--format", "json").json[0]["page_views"] == 2


def test_days_are_cut_in_the_zone(run: Run, connection: Connection) -> None:
    given(connection, Row(time=at("2026-11-20 23:30")))
    ran = run("report", "traffic", "--timezone", "Europe/Berlin", "--since", "2026-11-21", "--format", "json")
    assert ran.json[0]["day"] == "2026-11-21"


def test_a_logged_path_does_not_command_the_terminal(run: Run, connection: Connection) -> None:
    given(connection, Row(time=NOON, path="/\x1b[2J\x9b1m\r\u202e[bold]x"))
    assert r"/\x1b[2J\x9b1m\r\u202e[bold]x" in run("report", "pages").out


def test_an_accounting_that_does_not_add_up_is_exit_code_1(run: Run, connection: Connection) -> None:
    given(connection, Row(time=NOON))
    assert run("report", "accounting").code == 0
    values = [[NOON, "main", "request"]]
    connection.client.insert("events", values, column_names=["time", "site", "kind"], database="footfall")
    ran = run("report", "accounting")
    assert (ran.code, ran.lines[-1]) == (1, "Does not add up: 2026-11-20 main: 1 row counted, 2 rows in the table.")
    ran = run("report", "accounting", "--format", "json")
    assert (ran.code, len(ran.json), "1 row counted, 2 rows" in ran.err) == (1, 1, True)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["page"], "no report is called 'page'; did you mean pages?; see footfall report --help"),
        (["pages", "--since", "soon"], "since 'soon' is no moment; give a date"),
        (["pages", "--since", "2026-11-02", "--until", "2026-11-01"], "until 2026-11-02 00:00 does not come after"),
        (["pages", "--limit", "-1"], "Invalid value for '--limit'"),
        (["pages", "--timezone", "Mars"], "timezone 'Mars' is none"),
        (["pages", "--where", "contry=DE"], "'contry' is no dimension; did you mean country?"),
        (["pages", "--where", "country"], "'country' is no filter; say country=DE"),
        (["pages", "--compare"], "nothing comes before everything"),
        (["pages", "--by", "hour"], "by is for reports such as traffic"),
        (["pages", "--fill"], "pages has no hours or days to fill"),
        (["pages", "--member", "ada"], "pages takes no member"),
        (["timeline"], "timeline needs a member; give --member"),
        (["funnel", "--step", "/"], "a funnel of 1 steps is none"),
        (["funnel", "--step", "/", "--step", "x"], "step 'x' is none; give a page"),
        (["breakdown", "--dimension", "entry"], "breakdown by entry is not possible"),
        (["realtime", "--since", "1d"], "realtime is always of the latest time"),
        (["accounting", "--where", "country=DE"], "accounting has nothing to filter by but --site"),
        (["accounting", "--purpose", "marketing"], "accounting is for necessary and for no other purpose"),
        (["timeline", "--member", "ada", "--where", "country=DE"], "timeline has nothing to filter by"),
        (["pages", "--format", "xml"], "Invalid value for '--format'"),
        (["pages", "--analytics", "mysql://root:hunter2@host"], "not the URL of a ClickHouse: it starts with"),
        ([], "Missing argument 'NAME'"),
    ],
)
def test_a_wrong_question_is_one_line_and_exit_code_2(run: Run, arguments: list[str], error: str) -> None:
    ran = run("report", *arguments)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert ran.err.startswith(f"footfall: {error}")
    assert "hunter2" not in ran.err


def test_asking_where_nothing_is_makes_nothing(run: Run, tmp_path: Path) -> None:
    ran = run("report", "pages", "--analytics", f"chdb://{tmp_path}/nowhere/clickhouse")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("footfall: no data here yet: ")
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_tables_is_no_data_yet(run: Run, connection: Connection) -> None:
    connection.client.command("DROP DATABASE footfall")
    ran = run("report", "pages")
    assert (ran.code, "has no table of events" in ran.err) == (1, True)


def test_a_server_that_does_not_answer_is_one_line_without_the_password(run: Run) -> None:
    ran = run("report", "pages", "--analytics", "clickhouse://me:hunter2@127.0.0.1:1/footfall")
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1)
    assert "hunter2" not in ran.err
