"""What PostgreSQL's errors mean: what, why and what to do, and never a password."""

from __future__ import annotations

import psycopg

from footfall.store.errors import StoreUnavailable

_PRIVILEGE = ("this role may not do so", "grant it the schema footfall and its tables, or let it create them")
_TABLES = ("its tables are not those of this version", "was it replaced while the app ran? start the app again")
_READ_ONLY = ("it is read-only, a standby perhaps", "let the URL name the primary (target_session_attrs=read-write)")
_FULL = ("its disk is full", "free some space there; nothing else needs doing")
_CROWDED = ("it has no connection to spare", "raise max_connections, run fewer workers, or put a pooler in between")
_SLOW = ("a statement took too long", "look for what holds its locks (pg_stat_activity), or for a server under load")
_RESTART = ("it is starting or shutting down", "wait; nothing else needs doing")
_DAMAGED = ("its data are damaged", "look into the server's log, and put a backup in its place")
_LOST = ("the connection was lost", "look into the server's log; it is tried again by itself")

#: By SQLSTATE, or its class (postgresql.org/docs/current/errcodes-appendix.html).
_REASONS = {
    "08": _LOST,
    "25006": _READ_ONLY,
    "25P03": _LOST,
    "3F000": _TABLES,
    "40": _SLOW,
    "42501": _PRIVILEGE,
    "42P01": _TABLES,
    "42703": _TABLES,
    "42P07": _TABLES,
    "53": _CROWDED,
    "53100": _FULL,
    "55": _SLOW,
    "57": _RESTART,
    "57014": _SLOW,
    "58": ("its disk or file system failed", "look into the server's log"),
    "XX": _DAMAGED,
}

#: By words of libpq, which gives no code when it cannot connect.
_REFUSALS = (
    ("password authentication failed", "check the user and the password in the URL"),
    ("no password supplied", "the URL needs a password"),
    ("no pg_hba.conf entry", "allow this host and user in the server's pg_hba.conf"),
    ("permission denied", "grant this role CONNECT"),
    ("too many c", _CROWDED[1]),
    ("connection slots", _CROWDED[1]),
    ("starting up", _RESTART[1]),
    ("shutting down", _RESTART[1]),
    ("not currently accepting connections", "let it accept them again; nothing else needs doing"),
    ('role "', "create the role, or name another in the URL"),
    ('database "', "create it (createdb), or name another in the URL"),
    ("SSL", "check sslmode in the URL, and the server's certificate"),
    ("timeout", "check host, port and firewall"),
    ("resolve host", "check the host in the URL"),
)


class Lost(StoreUnavailable):
    """The connection was lost; a new one may be had."""


class Conflict(StoreUnavailable):
    """The transaction met another one, and was rolled back; it may be done again."""


def meaning(error: psycopg.Error, place: str, *, lost: bool) -> Exception:
    """The outage that an error of a statement means, or the error itself when it means a mistake of ours."""
    if lost:
        return Lost(_said(place, _LOST))
    code = error.sqlstate or ""
    if code.startswith("40"):
        return Conflict(_said(place, _SLOW))
    reason = _REASONS.get(code) or _REASONS.get(code[:2])
    return StoreUnavailable(_said(place, reason)) if reason else error


def refused(error: psycopg.Error, place: str, password: str) -> StoreUnavailable:
    """Nobody could connect. libpq's words name host, port, user and database, and no password; none shall."""
    said = _first_refusal(str(error))
    remedy = next((remedy for words, remedy in _REFUSALS if words in said), "is the server running there?")
    if password and password in said:
        said = "it refuses"
    return StoreUnavailable(f"the store {place} cannot be reached: {said}; {remedy}")


def _first_refusal(message: str) -> str:
    """The reason in libpq's words, which may be several lines, and one for each address it tried."""
    lines = [line for line in message.splitlines() if line.strip()] or ["it refuses"]
    line = next((line for line in lines if "failed: " in line), lines[0])
    return line.rpartition("failed: ")[2].removeprefix("FATAL:").strip()


def _said(place: str, reason: tuple[str, str]) -> str:
    why, remedy = reason
    return f"the store {place} does not answer: {why}; {remedy}"
