"""Whether what is needed is installed, and set."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version

from footfall import Settings
from footfall_analytics.cli.doctor.check import Check, Place, from_message
from footfall_analytics.cli.failures import one_line
from footfall_analytics.reports.amounts import amount

_PACKAGES = ("footfall", "starlette", "clickhouse-connect", "chdb-core")


def check_versions(place: Place) -> Check:
    """Which versions are here; the embedded engine is only missed where it is used."""
    found = {name: _version(name) for name in _PACKAGES}
    said = [f"Python {platform.python_version()}", *(f"{name} {found[name] or 'missing'}" for name in _PACKAGES)]
    if place.analytics.startswith("chdb:") and not found["chdb-core"]:
        return Check("versions", False, ", ".join(said), "pip install 'footfall[embedded]'")
    return Check("versions", True, ", ".join(said))


def check_settings(place: Place) -> Check:
    """Whether an app that reads its settings from this environment would start; weak keys are refused there too."""
    if not os.environ.get("FOOTFALL_SECRET_KEYS"):
        return Check("settings", None, "FOOTFALL_SECRET_KEYS is not set here: the app must have its keys elsewhere")
    try:
        keys = Settings.from_env().secret_keys
    except ValueError as error:
        return from_message("settings", one_line(str(error)))
    return Check("settings", True, f"valid, {amount(len(keys), 'secret key')}")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
