"""The style sheet and the script: two small files, cached for good under an address that names their content."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Asset:
    """A file we serve under the prefix. ``version`` changes with the content and stands in the address."""

    name: str
    media_type: str
    content: bytes
    version: str

    def url(self, prefix: str) -> str:
        return f"{prefix}/{self.name}?v={self.version}"

    @property
    def cache_control(self) -> str:
        """The answer to an address with the right ``v`` never changes (RFC 8246)."""
        return "public, max-age=31536000, immutable"


def _load(name: str, media_type: str) -> Asset:
    content = (_HERE / name).read_bytes()
    return Asset(name, media_type, content, hashlib.sha256(content).hexdigest()[:12])


STYLE = _load("style.css", "text/css; charset=utf-8")
SCRIPT = _load("script.js", "text/javascript; charset=utf-8")

ASSETS: Mapping[str, Asset] = MappingProxyType({asset.name: asset for asset in (STYLE, SCRIPT)})
