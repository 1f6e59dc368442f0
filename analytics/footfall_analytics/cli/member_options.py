"""Whose data a command of ``footfall member`` is about, and where they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from footfall_analytics.cli.failures import Failure
from footfall_analytics.cli.options import analytics_option, journal_option, store_option
from footfall_analytics.members import MemberData

Command = TypeVar("Command", bound=Callable[..., object])


def person(command: Command) -> Command:
    """``[ID] [--visitor UUID]``, ``--analytics``, ``--store`` and ``--journal``."""
    command = journal_option(store_option(analytics_option(command)))
    text = "One browser instead of a member: the number on /privacy."
    command = click.option("--visitor", "visitor_id", metavar="UUID", default="", help=text)(command)
    return click.argument("member_id", metavar="[ID]", default="")(command)


def data_of(url: str, store_url: str, journal: str | None, member_id: str, visitor_id: str) -> MemberData:
    """The data that the command works with. What names nobody, or no place, is misuse."""
    if bool(member_id) == bool(visitor_id):
        raise click.UsageError("say whose: the ID of a member, or --visitor and the number on /privacy")
    try:
        data = MemberData(url, store=store_url, journal=journal)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if not data.anything_there():
        raise Failure("no data here yet: neither --analytics nor --store names something that is there")
    return data


def whose(member_id: str, visitor_id: str) -> str:
    return f"member {member_id}" if member_id else f"browser {visitor_id}"
