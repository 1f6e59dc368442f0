"""The access rules of an app, in their order: who may enter which paths."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

from footfall import Access, Footfall, Settings
from footfall_analytics.cli.doctor.check import Check
from footfall_analytics.cli.failures import one_line

_HOW = "name the app as the server does: module:app"
_DEEPEST = 32


def check_access(name: str) -> Iterator[Check]:
    """The rules of the app, or of the ``Settings``, that ``module:attribute`` names; a rule that no path comes to
    is a fault."""
    try:
        settings = _settings_in(_imported(name))
    except Exception as error:
        yield Check("access", False, one_line(f"{name} cannot be imported: {type(error).__name__}: {error}"), _HOW)
        return
    if settings is None:
        yield Check("access", False, f"{name} has no Footfall around it, and is no Settings", _HOW)
        return
    yield from _rules(settings)


def _rules(settings: Settings) -> Iterator[Check]:
    for number, rule in enumerate(settings.access, 1):
        said = f"{number}. {rule.path}: {who(rule)}"
        earlier = _earlier(rule, settings.access[: number - 1])
        if earlier is None:
            yield Check("access", True, said)
        else:
            todo = f"put it before {earlier.path}, or take it out"
            yield Check("access", False, f"{said}, but {earlier.path} decides before it", todo)
    rest = "everything else" if settings.access else "everything"
    yield Check("access", True, f"{len(settings.access) + 1}. {rest}: open to all")


def who(rule: Access) -> str:
    """Whom a rule lets in, in words."""
    if not rule.wants_member:
        return "open to all"
    wanted = [
        f"with the role {rule.role}" if rule.role else "",
        f"who signed in within {_minutes(rule.fresh)}" if rule.fresh else "",
        f"whom {getattr(rule.check, '__qualname__', 'a callable')} lets in" if rule.check else "",
    ]
    return ", ".join(["members", *filter(None, wanted)])


def _minutes(time: timedelta) -> str:
    minutes = time / timedelta(minutes=1)
    return f"{minutes:g} minute{'' if minutes == 1 else 's'}"


def _earlier(rule: Access, before: Sequence[Access]) -> Access | None:
    """The rule before that takes every path of this one."""
    path = rule.path.removesuffix("/*")
    for other in before:
        folder = other.path.removesuffix("/*")
        below = other.path.endswith("/*") and (path == folder or path.startswith(f"{folder}/"))
        if below or other.path == rule.path:
            return other
    return None


def _imported(name: str) -> object:
    module, separator, attribute = name.partition(":")
    if not (module and separator and attribute):
        raise ValueError(f"{name!r} is no module:app")
    if "" not in sys.path:
        sys.path.insert(0, "")  # as python -m does: the app stands in the current directory
    found: Any = importlib.import_module(module)
    for part in attribute.split("."):
        found = getattr(found, part)
    return found


def _settings_in(found: object) -> Settings | None:
    """The settings of the Footfall that is the app, wraps it, or is among its middleware."""
    for layer in islice(_layers(found), _DEEPEST):
        if isinstance(layer, Settings):
            return layer
        if isinstance(layer, Footfall):
            return layer.site.settings
        for middleware in getattr(layer, "user_middleware", ()):
            if middleware.cls is Footfall:
                settings = middleware.kwargs.get("settings")
                return settings if isinstance(settings, Settings) else None
    return None


def _layers(found: object) -> Iterator[object]:
    while found is not None:
        yield found
        found = getattr(found, "app", None)
