"""The URL of a ClickHouse: the embedded engine in a directory, or a server."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

DEFAULT_DATABASE = "footfall"

_FORMS = "chdb:relative/directory, chdb:///absolute/directory or clickhouse(s)://user:password@host:port/database"
_PORTS = {"clickhouse": 8123, "clickhouses": 8443}


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """Where a ClickHouse is. ``path`` is the directory of the embedded engine, ``None`` for a server."""

    path: Path | None = None  # absolute, links resolved
    host: str = ""
    port: int = 0
    username: str = "default"
    password: str = field(default="", repr=False)
    secure: bool = False
    database: str = DEFAULT_DATABASE

    def __str__(self) -> str:
        """The URL, without its password."""
        if self.path is not None:
            return f"chdb://{self.path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'clickhouses' if self.secure else 'clickhouse'}://{self.username}@{host}:{self.port}/{self.database}"


def parse_target(url: str) -> Target:
    """The target that a URL names. ValueError says what is wrong with the URL and never repeats a password.

    A relative directory is taken from the directory that the process is in now.
    """
    scheme, colon, rest = url.partition(":")
    if colon and scheme == "chdb":
        return Target(path=_directory(rest))
    if colon and scheme in _PORTS:
        return _server(url)
    raise ValueError(f"not the URL of a ClickHouse: it starts with {scheme[:20]!r}; write {_FORMS}")


def _directory(rest: str) -> Path:
    if rest.startswith("//"):
        if not rest.startswith("///"):
            raise ValueError(f"chdb:{rest} has a host where a directory belongs; write chdb:{rest[2:]} or chdb:/{rest}")
        rest = rest[2:]
    if not rest or rest == "/" or rest.startswith(":memory:"):
        raise ValueError("chdb: needs a directory that keeps the data; write chdb:footfall-data/clickhouse")
    if "?" in rest or "\0" in rest:
        raise ValueError("the engine takes what follows a “?” for its options; name a directory without one")
    return Path(rest).expanduser().resolve()


def _server(url: str) -> Target:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        # "from None": urlsplit's own message repeats the text, and an unquoted "/" in the password with it
        raise ValueError(
            "the host or port of the ClickHouse URL cannot be read; write clickhouse://user:password@host:8123/footfall"
            " with special characters of the password percent-encoded"
        ) from None
    return Target(
        host=_host(parts),
        port=port or _PORTS[parts.scheme],
        username=unquote(parts.username or "default"),
        password=unquote(parts.password or ""),
        secure=parts.scheme == "clickhouses",
        database=_database(parts),
    )


def _host(parts: SplitResult) -> str:
    if not parts.hostname:
        raise ValueError("the ClickHouse URL names no host; write clickhouse://user:password@host:8123/footfall")
    if parts.query or parts.fragment:
        raise ValueError("a ClickHouse URL takes no “?” or “#”; percent-encode those of a password as %3F and %23")
    return parts.hostname


def _database(parts: SplitResult) -> str:
    name = unquote(parts.path).strip("/")
    if "/" in name:
        raise ValueError("a ClickHouse URL has one name after its host, the database: clickhouse://host:8123/footfall")
    return name or DEFAULT_DATABASE
