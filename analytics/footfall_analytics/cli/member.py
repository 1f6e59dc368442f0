"""``footfall member``: what is held of a member, and what an administrator may do about it."""

from __future__ import annotations

import click

from footfall_analytics.cli.member_data import erase, export, show
from footfall_analytics.cli.sessions import end_sessions, sessions


@click.group(short_help="What is held of a member: show, export or erase it; end sessions.")
def member() -> None:
    """One member of the site, by the id that the app signs them in with."""


for command in (show, export, erase, sessions, end_sessions):
    member.add_command(command)
