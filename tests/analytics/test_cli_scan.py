"""``footfall scan`` from end to end; what is billing data is the detectors' own test."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.analytics.cli_runner import Run, runner

CARD = "4111111111111111"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    return runner(capsys, monkeypatch)


def test_a_finding_is_one_json_object_a_line_and_exit_code_1(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "cookies"
    file.write_text(f"a=1; Path=/\nSet-Cookie: b={CARD}\n\nc=2\n")
    ran = run("scan", str(file))
    assert (ran.code, ran.err) == (1, "")
    assert ran.out == '{"line": 2, "cookie": "b", "findings": [{"kind": "card_number", "path": "value"}]}\n'


def test_the_standard_input_is_read(run: Run) -> None:
    assert run("scan", "-", stdin=f"b={CARD}\n").code == 1


def test_nothing_found_is_silent_and_exit_code_0(run: Run) -> None:
    ran = run("scan", "-", stdin="a=1\n\nb=2\n")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_bytes_that_are_no_text_are_read_all_the_same(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "cookies"
    file.write_bytes(b"a=\xff\xfe\x00\r;x\nb=" + CARD.encode() + b"\n")
    assert [json.loads(line)["line"] for line in run("scan", str(file)).lines] == [2]


def test_a_line_without_end_is_cut_and_the_next_keeps_its_number(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "cookies"
    file.write_text("a=" + "x" * 3_000_000 + f"\nb={CARD}\n")
    assert [json.loads(line)["line"] for line in run("scan", str(file)).lines] == [2]


def test_several_files_are_told_apart(run: Run, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_text(f"b={CARD}\n")
    ran = run("scan", str(tmp_path / "one"), str(tmp_path / "two"))
    assert [json.loads(line)["file"] for line in ran.lines] == [str(tmp_path / "one"), str(tmp_path / "two")]


def test_a_table_is_for_people(run: Run) -> None:
    assert run("scan", "-", "--format", "table", stdin=f"b={CARD}\n").lines == [
        "file  line  cookie  kind         path",
        "-        1  b       card_number  value",
    ]
    assert run("scan", "-", "--format", "table", stdin="a=1\n").out == "No billing data was found.\n"


def test_a_har_file_is_scanned(run: Run, tmp_path: Path) -> None:
    header = {"name": "Set-Cookie", "value": f"b={CARD}"}
    entry = {"request": {"url": "https://example.org/"}, "response": {"headers": [header]}}
    file = tmp_path / "recorded.har"
    file.write_text(json.dumps({"log": {"entries": [entry]}}))
    ran = run("scan", "--har", str(file))
    assert (ran.code, json.loads(ran.out)["cookie"]) == (1, "b")


@pytest.mark.parametrize("content", ["{}", "[]", "no json", "[" * 100_000, ""])
def test_what_is_no_har_file_is_exit_code_2(run: Run, tmp_path: Path, content: str) -> None:
    file = tmp_path / "recorded.har"
    file.write_text(content)
    ran = run("scan", "--har", str(file))
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)


@pytest.mark.parametrize("arguments", [[], ["/nowhere"], ["."]])
def test_what_cannot_be_read_is_exit_code_2(run: Run, arguments: list[str]) -> None:
    ran = run("scan", *arguments)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
