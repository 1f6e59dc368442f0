"""``footfall member sessions`` and ``end-sessions``: who is signed in as a member, and an end to it (ASVS 7.4.5)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import click

from footfall import Members
from footfall.sessions.agents import software
from footfall.sessions.devices import SessionInfo
from footfall.sessions.member import checked_id
from footfall_analytics.cli.failures import Failure
from footfall_analytics.cli.options import format_option, store_option
from footfall_analytics.cli.printing import Format, print_rows
from footfall_analytics.cli.stores import opened

_COLUMNS = ("session", "device", "country", "how", "signed_in", "last_seen", "remembered")


def _checked(context: click.Context, parameter: click.Parameter, given: str) -> str:
    try:
        return checked_id(given)
    except ValueError:
        raise click.UsageError("no member can have that ID; it is the one that the app gives to login()") from None


#: Whatever limits the site has: what is stored is shown.
_ALL = timedelta.max


@click.command(short_help="List a member's sessions and remembered browsers.")
@click.argument("member_id", metavar="ID", callback=_checked)
@format_option
@store_option
def sessions(member_id: str, form: Format, store_url: str) -> None:
    """List the sessions and remembered browsers of member ID that are stored, the last seen first.

    One that is past the site's limits opens nothing any more, and stays listed until it is swept.
    """
    print_rows(form, _COLUMNS, [_row(info) for info in asyncio.run(_listed(store_url, member_id))])


@click.command("end-sessions", short_help="End a member's sessions, on every worker at once.")
@click.argument("member_id", metavar="ID", callback=_checked)
@click.option("--all", "everything", is_flag=True, help="All sessions and remembered browsers.")
@click.option("--session", metavar="SESSION", help="Only this one, as 'footfall member sessions' names it.")
@store_option
def end_sessions(member_id: str, everything: bool, session: str | None, store_url: str) -> None:
    """End sessions of member ID, on every worker at once: all, or one of them."""
    if everything == (session is not None):
        raise click.UsageError("say which: --all, or --session and its name")
    ended = asyncio.run(_ended(store_url, member_id, session))
    click.echo(f"ended {ended} session{'' if ended == 1 else 's'}")


async def _listed(store_url: str, member_id: str) -> list[SessionInfo]:
    async with _members(store_url) as members:
        return await members.sessions(member_id)


async def _ended(store_url: str, member_id: str, session: str | None) -> int:
    async with _members(store_url) as members:
        if session is None:
            return await members.end_sessions(member_id)
        if not await members.end_session(member_id, session):
            raise Failure("the member has no such session; 'footfall member sessions ID' lists what there is")
        return 1


@asynccontextmanager
async def _members(store_url: str) -> AsyncIterator[Members]:
    """The members of a store that is there already: asking about it must not make one."""
    with opened(store_url):
        pass
    async with Members(store_url, session_idle=_ALL, session_absolute=_ALL) as members:
        yield members


def _row(info: SessionInfo) -> tuple[object, ...]:
    device = " on ".join(filter(None, software(info.user_agent)))
    return info.id, device, info.country, info.how, _time(info.created_at), _time(info.last_seen), info.remembered


def _time(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC).replace(microsecond=0)
