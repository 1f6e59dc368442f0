"""The URL of a PostgreSQL store, read once, and what of it may be said aloud."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

#: Seconds; for each address that the host's name has.
CONNECT_PATIENCE_S = 2

_EXPECTED = (
    "a store URL of PostgreSQL is postgresql://user:password@host:5432/database, and parameters of libpq after a ?; "
    "in its parts @ is written %40, : %3A, / %2F, ? %3F, # %23 and % %25"
)

#: Unless the URL says otherwise. A firewall that forgets idle connections is told of them before.
_DEFAULTS = {
    "application_name": "footfall",
    "connect_timeout": CONNECT_PATIENCE_S,
    "keepalives_idle": 60,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is, and how to get in."""

    place: str  # for messages: no user, no password
    parameters: dict[str, Any] = field(repr=False)  # of libpq
    password: str = field(repr=False)


def address_of(url: str) -> Address:
    """Read a URL. Raises ValueError, without repeating the URL: there may be a password in it."""
    try:
        given = conninfo_to_dict(url)
    except psycopg.Error:
        raise ValueError(_EXPECTED) from None
    host, port, database = (str(given.get(name) or "") for name in ("host", "port", "dbname"))
    if "@" in host:  # libpq takes the first @ for the end of the password
        raise ValueError(_EXPECTED)
    place = f"postgresql://{host}{f':{port}' if port else ''}/{database}"
    return Address(place, {**_DEFAULTS, **given}, str(given.get("password") or ""))
