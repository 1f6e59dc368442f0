"""The way back after signing in: to this site, or nowhere. Pure.

An open redirect lends a site's good name to another one (CWE-601). Browsers take ``//host``, ``/\\host`` and
``/<tab>/host`` for another host; servers behind us may decode once more. What is doubtful is no way back.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

_LONGEST = 2048
_MOST_DECODINGS = 3
_PRINTABLE = re.compile(r"/[\x21-\x5B\x5D-\x7E]*")  # ASCII without space, controls and the backslash
_DOUBTFUL = re.compile(r"//|.*[\\\x00-\x1F\x7F-\xA0]|.*/\.{1,2}(?:/|\Z)", re.DOTALL)
_PATH_SAFE = "/:@!$&'()*+,;=~"
_QUERY_SAFE = _PATH_SAFE + "?%[]"


def safe_return(target: str) -> str | None:
    """The address, when it is a path (with or without a query) of this very site; else ``None``."""
    if len(target) > _LONGEST or not _PRINTABLE.fullmatch(target):
        return None
    path = re.split(r"[?#]", target, maxsplit=1)[0]
    for _ in range(_MOST_DECODINGS):
        if _DOUBTFUL.match(path):
            return None
        path = unquote(path, errors="replace")
    return None if _DOUBTFUL.match(path) else target


def sign_in_location(sign_in_path: str, path: str, query: str = "") -> str:
    """Where a visitor signs in, with the way back in ``next``: of the decoded path and the query as it came."""
    encoded = quote(path, safe=_PATH_SAFE)
    target = f"{encoded}?{quote(query, safe=_QUERY_SAFE)}" if query else encoded
    back = safe_return(target) or safe_return(encoded)
    if back is None:
        return sign_in_path
    return f"{sign_in_path}?next={quote(back, safe='/')}"
