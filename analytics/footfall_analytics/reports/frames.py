"""Rows as tables of Arrow, pandas and polars, each where it is installed: Footfall itself needs none of them."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any
from uuid import UUID

Rows = Sequence[Sequence[object]]


class MissingPackage(ImportError):  # noqa: N818  (a name that says what is wrong)
    """A package that is needed for this form of the rows is not installed; the message names it."""

    def __init__(self, package: str, error: ImportError) -> None:
        super().__init__(f"{package} is not installed ({error}); pip install {package}", name=package)


def arrow(columns: Sequence[str], rows: Rows) -> Any:
    """A ``pyarrow.Table``."""
    return _package("pyarrow").table(_by_column(columns, rows))


def pandas(columns: Sequence[str], rows: Rows) -> Any:
    """A ``pandas.DataFrame``."""
    return _package("pandas").DataFrame(_by_column(columns, rows), columns=list(columns))


def polars(columns: Sequence[str], rows: Rows) -> Any:
    """A ``polars.DataFrame``."""
    return _package("polars").DataFrame(_by_column(columns, rows), schema=list(columns), strict=False)


def _package(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingPackage(name, error) from error


def _by_column(columns: Sequence[str], rows: Rows) -> dict[str, list[object]]:
    return {column: [_plain(row[index]) for row in rows] for index, column in enumerate(columns)}


def _plain(value: object) -> object:
    return str(value) if isinstance(value, UUID) else value
