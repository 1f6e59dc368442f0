"""Imports into the embedded engine: every line once, whatever happens in between."""

from __future__ import annotations

import gzip
import tracemalloc
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from clickhouse_connect.driver.client import Client

from footfall.guard.secrets import scrub_path
from footfall_analytics.clickhouse import connect, migrate
from footfall_analytics.importer import ImportReport, Progress, import_logs
from footfall_analytics.logreader import NotALog

SAMPLE = Path(__file__).parents[3] / "shared" / "data" / "access_combined.log"
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:90.0) Gecko/20100101 Firefox/90.0"
LINE = '192.0.2.7 - - [{day:02}/May/{year}:10:05:03 +0000] "GET {path} HTTP/1.1" 200 20 "-" "' + AGENT + '"\n'
DATABASE = "imports_test"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with connect(f"chdb://{tmp_path_factory.mktemp('imports')}/clickhouse") as connection:
        yield connection.client


@pytest.fixture
def client(engine: Client) -> Client:
    engine.command(f"DROP DATABASE IF EXISTS {DATABASE}")
    migrate(engine, DATABASE)
    return engine


def lines(count: int, prefix: str = "page", year: int = 2015) -> list[str]:
    return [LINE.format(day=1 + number % 28, year=year, path=f"/{prefix}/{number}") for number in range(count)]


def write(path: Path, content: Sequence[str]) -> str:
    path.write_text("".join(content))
    return str(path)


def run(client: Client, *paths: str, batch: int = 10, site: str = "main", **options: Any) -> ImportReport:
    return import_logs(client, paths, site=site, database=DATABASE, batch=batch, **options)


def ask(client: Client, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in client.query(sql.replace("FROM ", f"FROM {DATABASE}.")).result_rows]


def rows(client: Client) -> int:
    return int(ask(client, "SELECT count() FROM events")[0][0])


def accounted(client: Client) -> dict[str, int]:
    return {
        outcome: int(count)
        for outcome, count in ask(client, "SELECT outcome, sum(requests) FROM accounting GROUP BY 1")
    }


# -- once


def test_each_line_is_one_row_or_one_counted_reason(client: Client, tmp_path: Path) -> None:
    content = [*lines(3), "nonsense\n", LINE.format(day=1, year=2015, path="/a.css"), "\n"]
    report = run(client, write(tmp_path / "a.log", content))
    assert (report.lines, report.rows, report.drops) == (6, 3, {"malformed": 2, "static": 1})
    assert report.malformed == [(4, "a.log: not in the common or combined format"), (6, "a.log: empty")]
    assert accounted(client) == {"row": 3, "malformed": 2, "static": 1}
    assert rows(client) == 3


def test_a_row_is_anonymous_and_enriched(client: Client, tmp_path: Path) -> None:
    run(client, write(tmp_path / "a.log", lines(1)))
    found = ask(
        client, "SELECT kind, path, toString(time), toUInt128(visitor_id), ip, browser, browser_version FROM events"
    )
    assert found == [("page_view", "/page/0", "2015-05-01 10:05:00.000", 0, "", "Firefox", "")]


def test_a_document_is_a_second_row_and_no_second_request(client: Client, tmp_path: Path) -> None:
    report = run(client, write(tmp_path / "a.log", [LINE.format(day=1, year=2015, path="/list.pdf")]))
    assert (report.lines, report.rows, report.documents) == (1, 1, 1)
    assert ask(client, "SELECT kind, name FROM events ORDER BY kind") == [("document", "list.pdf"), ("request", "")]
    assert accounted(client) == {"row": 1}


def test_the_same_file_twice_adds_nothing(client: Client, tmp_path: Path) -> None:
    path = write(tmp_path / "a.log", lines(25))
    run(client, path)
    report = run(client, path)
    assert (report.lines, report.rows, report.skipped, rows(client)) == (25, 0, 25, 25)


def test_twice_in_one_call_adds_nothing(client: Client, tmp_path: Path) -> None:
    path = write(tmp_path / "a.log", lines(25))
    report = run(client, path, path)
    assert (report.rows, report.skipped) == (25, 25)


def test_its_gzip_under_another_name_and_in_other_batches_adds_nothing(client: Client, tmp_path: Path) -> None:
    run(client, write(tmp_path / "a.log", lines(25)))
    (tmp_path / "b.gz").write_bytes(gzip.compress("".join(lines(25)).encode()))
    report = run(client, str(tmp_path / "b.gz"), batch=7)
    assert (report.skipped, rows(client)) == (25, 25)


def test_of_a_file_that_grew_only_the_new_lines_are_added(client: Client, tmp_path: Path) -> None:
    for count, skipped in ((25, 0), (31, 25), (31, 31), (60, 31)):
        report = run(client, write(tmp_path / "a.log", lines(count)))
        assert (report.skipped, report.rows, rows(client)) == (skipped, count - skipped, count)


def test_two_files_with_identical_lines_both_count(client: Client, tmp_path: Path) -> None:
    one, two = [*lines(1, "one"), *lines(25)], [*lines(1, "two"), *lines(25)]
    run(client, write(tmp_path / "one.log", one), write(tmp_path / "two.log", two))
    assert (rows(client), accounted(client)) == (52, {"row": 52})


def test_identical_lines_within_one_file_all_count(client: Client, tmp_path: Path) -> None:
    run(client, write(tmp_path / "a.log", lines(1) * 40))
    assert rows(client) == 40


def test_the_same_file_for_another_site_is_another_import(client: Client, tmp_path: Path) -> None:
    path = write(tmp_path / "a.log", lines(25))
    run(client, path)
    assert run(client, path, site="other").rows == 25
    assert ask(client, "SELECT site, count() FROM events GROUP BY 1 ORDER BY 1") == [("main", 25), ("other", 25)]


# -- a last line without its end


def test_a_last_line_without_its_end_counts_when_it_is_whole(client: Client, tmp_path: Path) -> None:
    content = "".join(lines(12))
    assert run(client, write(tmp_path / "a.log", [content[:-1]])).rows == 12
    assert run(client, write(tmp_path / "a.log", [content])).skipped == 12
    assert rows(client) == 12


def test_a_last_line_that_is_being_written_waits_for_its_end(client: Client, tmp_path: Path) -> None:
    content = "".join(lines(12))
    report = run(client, write(tmp_path / "a.log", [content[:-30]]))
    assert (report.lines, report.rows, report.drops) == (11, 11, {})
    assert report.malformed == [(12, "a.log: the last line has no end: it is left for the next import")]
    assert run(client, write(tmp_path / "a.log", [content])).rows == 1
    assert accounted(client) == {"row": 12}


# -- dying in between


class Died(Exception):  # noqa: N818
    """Stands for the end of the process."""


def dies_before(monkeypatch: pytest.MonkeyPatch, client: Client, table: str, nth: int = 1) -> None:
    """The import ends before its nth insert into a table; everything before it is in the engine."""
    inserts: Counter[str] = Counter()
    insert = client.raw_insert

    def dying(name: str, *args: Any, **options: Any) -> object:
        inserts[name] += 1
        if (name.partition(".")[2], inserts[name]) == (table, nth):
            raise Died
        return insert(name, *args, **options)

    monkeypatch.setattr(client, "raw_insert", dying)


@pytest.mark.parametrize(
    ("table", "nth"),
    [("imports", 1), ("events", 1), ("accounting", 1), ("imports", 2), ("imports", 3), ("events", 2), ("imports", 4)],
)
def test_an_import_that_died_is_finished_by_the_next_one(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str, nth: int
) -> None:
    path = write(tmp_path / "a.log", [*lines(13), *lines(12, year=2024)])
    with monkeypatch.context() as patch:
        dies_before(patch, client, table, nth)
        with pytest.raises(Died):
            run(client, path)
    report = run(client, path)
    assert report.rows + report.skipped == 25
    assert (rows(client), accounted(client)) == (25, {"row": 25})
    assert run(client, path).skipped == 25


def test_an_import_that_died_is_finished_even_if_the_file_has_grown(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        dies_before(patch, client, "imports", 4)  # rows and accounting of the second chunk are in, its end is not
        with pytest.raises(Died):
            run(client, write(tmp_path / "a.log", lines(15)))
    assert rows(client) == 15
    run(client, write(tmp_path / "a.log", lines(33)), batch=20)
    assert (rows(client), accounted(client)) == (33, {"row": 33})


# -- what is refused


def test_a_file_that_is_no_log_is_refused_and_nothing_of_any_file_is_imported(client: Client, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400)
    log = write(tmp_path / "a.log", lines(5))
    with pytest.raises(NotALog, match=r"a\.png: .* no lines of an access log") as refused:
        run(client, log, str(tmp_path / "a.png"))
    assert refused.value.path == str(tmp_path / "a.png")
    assert rows(client) == 0


def test_half_malformed_is_still_a_log_and_more_is_none(client: Client, tmp_path: Path) -> None:
    assert run(client, write(tmp_path / "a.log", [*lines(5), *["x\n"] * 5])).drops == {"malformed": 5}
    with pytest.raises(NotALog, match="6 of its first 11 lines"):
        run(client, write(tmp_path / "b.log", [*lines(5), *["x\n"] * 6]))


def test_only_the_first_twenty_malformed_lines_are_shown(client: Client, tmp_path: Path) -> None:
    report = run(client, write(tmp_path / "a.log", [*lines(30), *["secret\n"] * 25]))
    assert (report.malformed_count, len(report.malformed), report.malformed[0][0]) == (25, 20, 31)
    assert "secret" not in repr(report)


def test_an_empty_file_is_an_import_of_nothing(client: Client, tmp_path: Path) -> None:
    assert run(client, write(tmp_path / "a.log", [])).lines == 0


def test_a_file_that_is_not_there_is_an_oserror(client: Client, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        run(client, str(tmp_path / "a.log"))


@pytest.mark.parametrize(
    ("options", "name"), [({"site": ""}, "site"), ({"site": "x" * 65}, "site"), ({"batch": 0}, "batch")]
)
def test_a_setting_that_cannot_hold_is_named(client: Client, options: dict[str, Any], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        run(client, **options)


def test_a_database_whose_name_is_more_than_a_name_is_refused(client: Client) -> None:
    with pytest.raises(ValueError, match="letters, digits and _"):
        import_logs(client, [], site="main", database="a; DROP DATABASE b")


# -- progress, months, hosts


def test_progress_tells_how_far_it_is(client: Client, tmp_path: Path) -> None:
    told: list[Progress] = []
    path = write(tmp_path / "a.log", lines(25))
    run(client, path, progress=told.append)
    assert [(one.file, one.lines, one.rows) for one in told] == [
        ("a.log", 10, 10),
        ("a.log", 20, 20),
        ("a.log", 25, 25),
    ]
    assert told[-1].position == told[-1].size == Path(path).stat().st_size


def test_a_log_of_many_years_fits_into_one_insert(client: Client, tmp_path: Path) -> None:
    content = [
        LINE.replace("May", month).format(day=1, year=year, path="/")
        for year in range(2000, 2015)
        for month in ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    ]
    assert run(client, write(tmp_path / "a.log", content), batch=1000).rows == 180
    assert rows(client) == 180


def test_memory_does_not_grow_with_the_file(client: Client, tmp_path: Path) -> None:
    def peak(name: str, copies: int) -> int:
        path = write(tmp_path / name, [*lines(1, name), *lines(200) * copies])
        tracemalloc.start()
        run(client, path, batch=200)
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    peak("warm", 1)
    assert peak("large", 25) < 1.5 * peak("small", 3)


def test_the_ledger_says_where_each_piece_ends(client: Client, tmp_path: Path) -> None:
    path = write(tmp_path / "a.log", lines(15))
    run(client, path)
    found = ask(client, "SELECT first_line, lines, bytes, file FROM imports WHERE imported_at > 0 ORDER BY first_line")
    sizes = [len(line) for line in lines(15)]
    assert found == [(1, 10, sum(sizes[:10]), "a.log"), (11, 5, sum(sizes), "a.log")]


def test_steps_inside_the_site_are_internal_when_its_host_is_known(client: Client, tmp_path: Path) -> None:
    inside = LINE.format(day=1, year=2015, path="/b").replace('"-"', '"https://library.example/a"')
    path = write(tmp_path / "a.log", [inside])
    run(client, path, host="library.example")
    assert ask(client, "SELECT channel, host FROM events") == [("Internal", "library.example")]


# -- the sample


NO_PAGES = (
    "txt jar pdf xml py log conf exe c gz sh tex deb spec rb pyc patch lua doc vim pcap mk m4 java gem diff cpp".split()  # noqa: SIM905
)


def by_hand(path: Path) -> tuple[Counter[str], Counter[str]]:
    """Kinds and page views by path, counted without any of the code under test."""
    kinds: Counter[str] = Counter()
    pages: Counter[str] = Counter()
    for text in path.read_text("utf-8", "replace").splitlines():
        parts = text.split('"')
        if len(parts) != 7:
            kinds["malformed"] += 1
            continue
        method, target = parts[1].split(" ")[:2]
        page = target.split("?")[0]
        extension = page.rsplit("/", 1)[1].rpartition(".")[2].lower() if "." in page.rsplit("/", 1)[1] else ""
        succeeded = parts[2].split()[0] in ("200", "304")
        if extension in ("css", "js", "png", "jpg", "jpeg", "gif", "svg", "ico", "ttf", "woff", "swf", "xsl"):
            kinds["static"] += 1
        elif page == "/robots.txt":
            kinds["excluded"] += 1
        elif method == "GET" and succeeded and extension not in NO_PAGES:
            kinds["page_view"] += 1
            pages[scrub_path(unquote(page))] += 1
        else:
            kinds["request"] += 1
    return kinds, pages


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample log, ../shared/data/access_combined.log, is not here")
def test_the_sample_log_is_counted_line_by_line(client: Client) -> None:
    report = run(client, str(SAMPLE), batch=3000)
    kinds, pages = by_hand(SAMPLE)
    assert report.lines == 10_000 == report.rows + report.drops.total()
    found = dict(ask(client, "SELECT kind, count() FROM events WHERE kind != 'document' GROUP BY 1"))
    assert found | report.drops == kinds
    assert dict(ask(client, "SELECT path, count() FROM events WHERE kind = 'page_view' GROUP BY 1")) == pages
    assert run(client, str(SAMPLE), batch=3000).rows == 0
    assert sum(accounted(client).values()) == 10_000


def test_rows_that_a_killed_engine_lost_with_their_token_kept_come_in_again(tmp_path: Path, client: Client) -> None:
    """The engine may die between writing down the token and the rows; the retry is then acknowledged and empty."""
    path = write(tmp_path / "a.log", lines(50))
    with pytest.MonkeyPatch.context() as patch:
        dies_before(patch, client, "accounting", 1)  # the chunk is planned, its rows and their token are in
        with pytest.raises(Died):
            import_logs(client, [path], site="a", database=DATABASE)
    # … and now the rows are gone, and the token is not
    client.command(f"ALTER TABLE {DATABASE}.events DELETE WHERE 1", settings={"mutations_sync": 2})
    import_logs(client, [path], site="a", database=DATABASE)
    assert ask(client, "SELECT count() FROM events") == [(50,)]
