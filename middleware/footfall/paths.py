"""Sets of paths, each with its reason: ``"/static/*"`` for a folder, ``"/healthz"`` for one path. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from starlette.types import Scope

R = TypeVar("R")


def below(root: str, path: str) -> bool:
    """Whether a path is a folder or in it."""
    return path == root or path.startswith(f"{root}/")


def root_of(scope: Scope) -> str:
    """What stands before the app's own paths: the server's or the mount's root path (ASGI)."""
    root: str = scope.get("root_path", "").rstrip("/")
    return root if root and below(root, scope["path"]) else ""


def inside(scope: Scope) -> str:
    """The path as the app's router reads it."""
    path: str = scope["path"]
    if scope.get("root_path"):
        path = path[len(root_of(scope)) :]
    return path or "/"


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
