"""An export of a person's data as files: one JSON document, or one CSV file for each table. For the owner's eyes."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from footfall_analytics.cli.cells import for_json, in_csv
from footfall_analytics.cli.failures import Failure

Held = Mapping[str, object]


def as_json(held: Held, output: str | None) -> str:
    """To the file, or to the standard output; where it is, empty for the latter."""
    text = json.dumps(for_json(dict(held)), ensure_ascii=False, indent=2) + "\n"
    if output is None or output == "-":
        sys.stdout.write(text)
        return ""
    _write(Path(output), text.encode())
    return output


def as_csv_files(held: Held, output: str) -> str:
    """A file for each table, in a new directory or a zip. Raises Failure where a directory has files already."""
    if output.endswith(".zip"):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
            for name, text in _tables(held):
                file.writestr(name, text)
        _write(Path(output), packed.getvalue())
        return output
    folder = Path(output)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise Failure(f"{folder} has files already; name a new directory, or a file ending in .zip")
    for name, text in _tables(held):
        _write(folder / name, text.encode())
    return output


def _tables(held: Held) -> Iterator[tuple[str, str]]:
    """An empty table is a file too, so that one sees that nothing was left out."""
    for name, rows in held.items():
        if isinstance(rows, list):
            text = io.StringIO()
            columns = list(dict.fromkeys(column for row in rows for column in row))
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows([in_csv(row.get(column)) for column in columns] for row in rows)
            yield f"{name}.csv", text.getvalue()


def _write(path: Path, content: bytes) -> None:
    with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(content)
