"""``footfall scan``: billing data in recorded cookies, found before somebody else finds it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, TextIO

import click

from footfall_analytics.cli.printing import print_table
from footfall_analytics.scan import ScanResult, as_json, scan_har, scan_lines

#: No header that a server or browser takes is longer; the rest of such a line is passed over.
_LONGEST_LINE = 1 << 20  # characters

_HELP = """Look for billing data in Set-Cookie lines, or with --har in what a browser recorded.

FILE is a file, or - for the standard input. Consecutive lines are one response, a blank line separates responses.
For each line with a finding one JSON object is printed; what was found is never repeated:

\b
  {"line": 1, "cookie": "name", "findings": [{"kind": "card_number", "path": "value>base64>json>card"}]}

Exit code 0: clean; 1: something was found; 2: a file could not be read.
"""


@click.command(help=_HELP, short_help="Look for billing data in recorded cookies.")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--har", is_flag=True, help="The files are HAR, as the network panel of a browser exports it.")
@click.option("--format", "form", type=click.Choice(("json", "table")), default="json", show_default=True)
def scan(files: tuple[str, ...], har: bool, form: Literal["json", "table"]) -> int:
    """Print what was found, and give the exit code."""
    found = _findings(files, har)
    printed = _print_table(found) if form == "table" else _print_lines(found, several=len(files) > 1)
    return 1 if printed else 0


def _findings(files: tuple[str, ...], har: bool) -> Iterator[tuple[str, ScanResult]]:
    for name in files:
        with _opened(name) as file:
            results = scan_har(_document(name, file)) if har else scan_lines(_lines(file))
            try:
                for result in results:
                    yield name, result
            except ValueError as error:
                raise click.UsageError(f"{name}: {error}") from None


def _print_lines(found: Iterator[tuple[str, ScanResult]], *, several: bool) -> int:
    printed = 0
    for name, result in found:
        line = {"file": name, **as_json(result)} if several else as_json(result)
        click.echo(json.dumps(line))
        printed += 1
    return printed


def _print_table(found: Iterator[tuple[str, ScanResult]]) -> int:
    rows = [
        (name, result.line, result.cookie, finding.kind, finding.path)
        for name, result in found
        for finding in result.findings
    ]
    if rows:
        print_table(("file", "line", "cookie", "kind", "path"), rows)
    else:
        click.echo("No billing data was found.")
    return len(rows)


@contextmanager
def _opened(name: str) -> Iterator[TextIO]:
    if name == "-":
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8", errors="replace", newline="\n")
        yield sys.stdin
        return
    try:
        with open(name, encoding="utf-8", errors="replace", newline="\n") as file:
            yield file
    except OSError as error:
        raise click.UsageError(f"{name} cannot be read: {error.strerror}") from None


def _lines(file: TextIO) -> Iterator[str]:
    while line := file.readline(_LONGEST_LINE):
        yield line
        while len(line) == _LONGEST_LINE and not line.endswith("\n"):
            line = file.readline(_LONGEST_LINE)


def _document(name: str, file: TextIO) -> object:
    try:
        return json.load(file)
    except (ValueError, RecursionError):
        raise click.UsageError(f"{name} is no HAR file: it is no JSON that can be read") from None
