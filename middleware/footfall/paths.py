"""Sets of paths, each with its reason: ``"/static/*"`` for a folder, ``"/healthz"`` for one path. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

R = TypeVar("R")


class PathSet(Generic[R]):
    """Compiled once; a path that is in no set costs two look-ups."""

    def __init__(self, patterns: Mapping[R, Sequence[str]]) -> None:
        self._exact: dict[str, R] = {}
        self._folders: list[tuple[str, R]] = []
        for reason, paths in patterns.items():
            for path in paths:
                if path.endswith("/*"):
                    self._folders.append((path.removesuffix("*"), reason))
                else:
                    self._exact[path] = reason
        self._beginnings = tuple(folder for folder, _ in self._folders)

    def find(self, path: str) -> R | None:
        """The reason the path is in the set for, or ``None``."""
        reason = self._exact.get(path)
        if reason is None and path.startswith(self._beginnings):
            return next(reason for folder, reason in self._folders if path.startswith(folder))
        return reason
