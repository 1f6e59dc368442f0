"""``footfall consent``: whom to tell of a changed policy, and the proof of choices."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import click

from footfall.consent.evidence import Evidence, evidence, outdated_members
from footfall.consent.records import Outdated
from footfall_analytics.cli.failures import Failure
from footfall_analytics.cli.options import format_option, store_option
from footfall_analytics.cli.printing import FORMATS, Format, print_rows
from footfall_analytics.cli.stores import opened

_OUTDATED = ("member_id", "policy_version", "at", "site")

_EXPORT = (
    "id",
    "at",
    "method",
    "granted",
    "refused",
    "services",
    "services_refused",
    "policy_version",
    "language",
    "layer",
    "site",
    "visitor_id",
    "member_id",
    "supersedes",
    "text_fingerprint",
    "text_intact",
    "text",
)


@click.group(short_help="Whom to tell of a changed policy, and the proof of choices.")
def consent() -> None:
    """The choices that visitors and members made, as the store keeps them."""


@consent.command(short_help="List members who chose under an older policy.")
@click.option("--site", metavar="SITE", default="", help="Of this site alone.")
@click.option(
    "--policy-version",
    "version",
    type=click.IntRange(min=1),
    help="Older than this version.  [default: the newest one that the app has run with]",
)
@format_option
@store_option
def outdated(site: str, version: int | None, form: Format, store_url: str) -> None:
    """List the members whose last choice was made under an older policy, so that they can be told.

    Who was signed in and saw the change on a page was told, and is not listed.
    """
    with opened(store_url) as store:
        found = asyncio.run(outdated_members(store, site=site, version=version))
    print_rows(form, _OUTDATED, [_outdated_row(one) for one in found])


@consent.command(short_help="The records of a visitor or a member, with the words that were shown.")
@click.option("--visitor", "visitor_id", metavar="ID", default="", help="Of this visitor: the number on /privacy.")
@click.option("--member", "member_id", metavar="ID", default="", help="Of this member.")
@click.option(
    "--format",
    "form",
    type=click.Choice([form for form in FORMATS if form != "table"]),
    default="json",
    show_default=True,
    help="JSON (a list of objects) or CSV (with a header).",
)
@store_option
def export(visitor_id: str, member_id: str, form: Format, store_url: str) -> None:
    """Export every record of a visitor or a member, the oldest first, each with the exact words that were shown.

    text_intact says whether the words still have the fingerprint that the record names; it is empty where nothing
    was shown, as when a browser's signal spoke.
    """
    if bool(visitor_id) == bool(member_id):
        raise click.UsageError("say whose: --visitor ID or --member ID")
    with opened(store_url) as store:
        found = asyncio.run(evidence(store, visitor_id=visitor_id, member_id=member_id))
    if not found:
        raise Failure("there is no record of anybody with this id")
    print_rows(form, _EXPORT, [_export_row(one, form) for one in found])


def _outdated_row(one: Outdated) -> tuple[object, ...]:
    return one.member_id, one.policy_version, _time(one.at), one.site


def _export_row(one: Evidence, form: Format) -> tuple[object, ...]:
    stated: dict[str, object] = {
        "at": _time(one.record.at),
        "granted": one.record.purposes,
        "text_intact": one.intact,
        "text": one.shown.text if one.shown else "",
    }
    values = (stated[name] if name in stated else getattr(one.record, name) for name in _EXPORT)
    return tuple(" ".join(value) if isinstance(value, tuple) and form == "csv" else value for value in values)


def _time(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
