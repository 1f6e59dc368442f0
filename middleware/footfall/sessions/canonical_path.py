"""How a path reads to whoever reads it most generously. Pure.

Servers, proxies, routers and file systems disagree about ``//account``, ``/./account``, ``/x/../account``,
``/Account``, ``/account/``, ``/%61ccount`` and ``/account;v=1``. An access rule must hold for all of them.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

#: Already canonical: lower-case segments that begin with a letter, a digit or _, and nothing to decode.
_CANONICAL = re.compile(r"/|(?:/[a-z0-9_](?:[a-z0-9_~.-]*[a-z0-9_~-])?)+")

_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0xAD, *range(0x200B, 0x2010), 0x2060, 0xFEFF])

#: A path that decodes to something new more often than this was not made by a browser.
_MOST_DECODINGS = 5


def canonical(path: str) -> str:
    """The path decoded, with its dots resolved, in lower case, without a slash at the end."""
    if _CANONICAL.fullmatch(path):
        return path
    segments: list[str] = []
    for segment in _plain(path).split("/"):
        name = segment.partition(";")[0].strip()
        if name == "..":
            del segments[-1:]
        elif name := name.rstrip(". "):
            segments.append(name)
    return "/" + "/".join(segments)


def _plain(path: str) -> str:
    for _ in range(_MOST_DECODINGS):
        decoded = unicodedata.normalize("NFKC", unquote(path, errors="replace")).translate(_CONTROLS)
        if decoded == path:
            break
        path = decoded
    return path.replace("\\", "/").casefold()
