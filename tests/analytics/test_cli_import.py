"""``footfall import`` from end to end; what a line becomes is the importer's own test."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from footfall_analytics.clickhouse import Connection, connect
from tests.analytics.cli_runner import Run, runner

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
LINE = '192.0.2.1 - - [17/May/2015:10:05:{second:02} +0000] "GET {path} HTTP/1.1" 200 2030 "-" "{agent}"\n'
LOG = "".join(
    LINE.format(second=second, path=path, agent=BROWSER) for second, path in enumerate(("/", "/a", "/style.css"))
)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"chdb://{tmp_path_factory.mktemp('import')}/clickhouse"


@pytest.fixture(scope="module", autouse=True)
def connection(url: str) -> Iterator[Connection]:
    with connect(url) as connection:
        yield connection


@pytest.fixture(autouse=True)
def _nothing_yet(connection: Connection) -> None:
    connection.client.command("DROP DATABASE IF EXISTS footfall")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, url: str) -> Run:
    monkeypatch.setenv("FOOTFALL_ANALYTICS", url)
    return runner(capsys, monkeypatch)


@pytest.fixture
def log(tmp_path: Path) -> str:
    path = tmp_path / "access.log"
    path.write_text(LOG)
    return str(path)


def test_each_line_is_a_row_or_a_counted_reason(run: Run, log: str) -> None:
    ran = run("import", log)
    assert ran.code == 0
    assert ran.lines[2:] == [
        "outcome  lines",
        "row          2",
        "static       1",
        "total        3",
        "",
        "3 lines = 2 rows + 1 counted by reason.",
    ]
    assert [line["path"] for line in run("report", "pages", "--format", "json").json] == ["/", "/a"]
    assert run("report", "accounting").code == 0


def test_a_second_import_adds_nothing(run: Run, log: str) -> None:
    run("import", log)
    ran = run("import", log, "--format", "json")
    assert ran.json == [{"outcome": "imported before", "lines": 3}]
    assert run("sql", "SELECT count() FROM events", "--format", "csv").lines[1] == "2"


def test_malformed_lines_are_counted_and_shown_with_their_number(run: Run, log: str) -> None:
    lines = LOG.splitlines(keepends=True)
    Path(log).write_text("".join([lines[0], "what is \x1b[2J this\n", *lines[1:]]))
    ran = run("import", log)
    assert (ran.code, "malformed      1" in ran.out) == (0, True)
    assert ran.lines[-1].startswith("line 2 of access.log: ")
    assert "\x1b" not in ran.out


def test_gzip_and_several_files_and_the_site_are_taken(run: Run, log: str, tmp_path: Path) -> None:
    packed = tmp_path / "other.log.gz"
    packed.write_bytes(gzip.compress(LOG.replace("2015", "2016").encode()))
    ran = run("import", log, str(packed), "--site", "shop", "--format", "json")
    assert {line["outcome"]: line["lines"] for line in ran.json} == {"row": 4, "static": 2}
    assert run("report", "pages", "--site", "shop", "--format", "json").json[0]["page_views"] == 2


def test_what_is_no_log_is_refused_in_one_line(run: Run, tmp_path: Path) -> None:
    image = tmp_path / "image.png"
    image.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50)
    ran = run("import", str(image))
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1)
    assert ran.err.startswith(f"footfall: {image} cannot be imported; ")


def test_a_missing_file_is_one_line(run: Run) -> None:
    ran = run("import", "/nowhere/access.log")
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1)
    assert ran.err.startswith("footfall: /nowhere/access.log cannot be read; No such file or directory; ")


@pytest.mark.parametrize("arguments", [[], ["access.log", "--site", ""], ["access.log", "--site", "x" * 65]])
def test_misuse_is_exit_code_2(run: Run, arguments: list[str]) -> None:
    ran = run("import", *arguments)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
