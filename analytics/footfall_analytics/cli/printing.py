"""Rows on the standard output: a table for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from footfall_analytics.cli.cells import Compared, as_told, for_json, in_csv, in_table, printable

Format = Literal["table", "json", "csv"]
FORMATS: tuple[Format, ...] = ("table", "json", "csv")

Row = Sequence[object]

#: How a value of a column looks in a table.
Cell = Callable[[str, object], str]


def print_rows(
    form: Format, columns: Sequence[str], rows: Iterable[Row], total: Row | None = None, cell: Cell = in_table
) -> None:
    """Print the rows in one of the three forms. The total, which is no row, is only in the table."""
    if form == "json":
        print_json(dict(zip(columns, row, strict=True)) for row in rows)
    elif form == "csv":
        print_csv(columns, rows)
    else:
        print_table(columns, list(rows), total, cell)


def print_json(objects: Iterable[object]) -> None:
    """A list of objects, one a line, written as they come."""
    separator = "["
    for item in objects:
        sys.stdout.write(f"{separator}\n{json.dumps(for_json(item), ensure_ascii=False)}")
        separator = ","
    sys.stdout.write("[]\n" if separator == "[" else "\n]\n")


def print_csv(columns: Sequence[str], rows: Iterable[Row]) -> None:
    """RFC 4180, but for the line ends, with a header."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([in_csv(value) for value in row] for row in rows)


def print_table(columns: Sequence[str], rows: Sequence[Row], total: Row | None = None, cell: Cell = in_table) -> None:
    """A drawn table in a terminal, plain aligned columns elsewhere; numbers to the right."""
    right = [_is_number(index, rows) for index in range(len(columns))]
    titles = [printable(column) if cell is as_told else column.replace("_", " ") for column in columns]
    cells = [_cells(columns, row, cell) for row in rows]
    last = _cells(columns, total, cell) if total is not None else None
    if sys.stdout.isatty():
        Console().print(_drawn(titles, cells, last, right))
    else:
        _print_plain([titles, *cells, *([last] if last else [])], right)


def _cells(columns: Sequence[str], row: Row, cell: Cell) -> list[str]:
    return [cell(column, value) for column, value in zip(columns, row, strict=True)]


def _is_number(index: int, rows: Sequence[Row]) -> bool:
    values = [row[index] for row in rows if row[index] is not None]
    return all(isinstance(value, int | float | Compared) and not isinstance(value, bool) for value in values)


def _drawn(titles: list[str], rows: list[list[str]], total: list[str] | None, right: list[bool]) -> Table:
    table = Table(box=box.SIMPLE, show_edge=False, show_footer=total is not None, pad_edge=False, footer_style="bold")
    for index, (title, to_right) in enumerate(zip(titles, right, strict=True)):
        table.add_column(
            Text(title),
            Text(total[index]) if total else "",
            justify="right" if to_right else "left",
            overflow="fold",
        )
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _print_plain(lines: Sequence[list[str]], right: list[bool]) -> None:
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = [_pad(*cell) for cell in zip(line, widths, right, strict=True)]
        sys.stdout.write("  ".join(padded).rstrip() + "\n")


def _pad(text: str, width: int, to_right: bool) -> str:
    space = " " * (width - cell_len(text))
    return space + text if to_right else text + space
